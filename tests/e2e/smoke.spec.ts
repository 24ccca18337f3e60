// The page arrives: served under a sub-path, without a complaint from the browser.
import { expect, test } from "./fixtures.ts";

test("the app is on screen", async ({ page }) => {
  await page.goto("./");
  await expect(page).toHaveTitle(/Adagrad Lab/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("a query is no obstacle", async ({ page }) => {
  await page.goto("./?v=1&utm_source=platform");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});

test("the icon a browser asks for is the page's own and there", async ({ page, request }) => {
  await page.goto("./");
  // Without such a link, browsers ask for /favicon.ico, which a sub-path cannot serve.
  const icon = page.locator("link[rel~=icon]").first();
  const href = await icon.evaluate((link: HTMLLinkElement) => link.href, undefined, { timeout: 2000 });
  if (!href.startsWith("data:")) expect((await request.get(href)).status()).toBe(200);
});
