// The engine, a second module in a worker: there when it is asked for, and missed gracefully.
import { readFile } from "node:fs/promises";
import type { FrameLocator, Page } from "@playwright/test";
import { expect, openLab, test } from "./fixtures.ts";
import { getState } from "./lab.ts";
import { BASE_PATH } from "./server.mjs";

async function savedCsv(page: Page, lab: Page | FrameLocator = page): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), lab.getByTestId("csv-f1").click()]);
  return readFile(await download.path(), "utf8");
}

test("one worker makes all files, each of what is on screen at the time", async ({ page }) => {
  let workers = 0;
  page.on("worker", () => (workers += 1));
  await openLab(page);
  expect(workers, "none before it is needed").toBe(0);
  const first = await savedCsv(page);
  expect(await savedCsv(page), "the same settings, the same file").toBe(first);
  await page.evaluate(() => window.adagradLab.setState({ eta: 2 }));
  const changed = await savedCsv(page);
  expect(changed).not.toBe(first);
  const last = await page.evaluate(
    () => window.adagradLab.run({ objective: "f1", learningRate: 2, start: [-5, -2], steps: 20 }).points[20],
  );
  // Shortest digits on both sides: the same text when the same f64.
  const [step, x1, x2] = changed.trim().split("\n").at(-1)!.split(",");
  expect([Number(step), Number(x1), Number(x2)]).toEqual([20, ...last]);
  expect(workers).toBe(1);
});

for (const [missing, ending] of [
  ["script", "\\.js"],
  ["module", "_bg\\.wasm"],
]) {
  const address = new RegExp(`/engine-[0-9a-f]+${ending}$`);
  test(`without the engine's ${missing} the page says so and goes on; with it back, so do the files`, async ({
    page,
    context,
    complaints,
  }) => {
    complaints.expect(/engine/);
    await context.route(address, (route) => route.abort());
    await openLab(page);
    await page.getByTestId("csv-f1").click();
    const status = page.locator(".exports [role=status]");
    await expect(status).toContainText("The file could not be made: the lab's engine could not be loaded");
    await expect(status).toContainText("Reload the page and try again.");

    await page.getByRole("button", { name: "Save loss-f1 as SVG" }).click();
    await expect(page.getByTestId("loss-f1")).toContainText("The file could not be made");

    const inspector = page.getByTestId("inspector-f1");
    await inspector.scrollIntoViewIfNeeded();
    await expect(inspector).toContainText("Not shown: the lab's engine could not be loaded");
    await expect(inspector.locator("dl")).toHaveCount(0);
    await page.getByTestId("rules-table").locator("summary").click();
    await expect(page.getByTestId("rules-table")).toContainText("Not shown: the lab's engine could not be loaded");

    await page.evaluate(() => window.adagradLab.setState({ eta: 2 }));
    expect((await getState(page)).eta).toBe(2);
    await expect(page.locator(".failure")).toHaveCount(0);

    await context.unroute(address);
    await inspector.scrollIntoViewIfNeeded();
    await expect(async () => {
      // What was asked of a worker that is about to fail fails with it; the next change asks another.
      await page.evaluate(() => window.adagradLab.setState({ eta: 1 + Math.random() }));
      await expect(inspector.locator("dl")).toHaveCount(2, { timeout: 2000 });
    }).toPass();
    await expect(inspector).not.toContainText("Not shown");
    expect((await savedCsv(page)).split("\n")[0]).toContain("loss");
    await expect(status).toHaveText("");
  });
}

/** Serves the page with these headers more. */
async function addHeaders(page: Page, headers: Record<string, string>): Promise<void> {
  await page.context().route(`**${BASE_PATH}**`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), ...headers } });
  });
}

test("works in a sandboxed frame, whose origin is no address", async ({ page, baseURL }) => {
  // Without it, such a frame may not even load the page's module: assets/boot.js says so.
  await addHeaders(page, { "access-control-allow-origin": "*" });
  const host = new URL("/host.html", baseURL).href;
  const body = `<iframe sandbox="allow-scripts allow-downloads" src="${baseURL}" width="1000" height="800"></iframe>`;
  await page.route(host, (route) => route.fulfill({ contentType: "text/html", body }));
  await page.goto(host);
  expect(await savedCsv(page, page.frameLocator("iframe"))).toContain("loss");
});

const POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'";

test("works under the policy that the README states", async ({ page }) => {
  await addHeaders(page, { "content-security-policy": `${POLICY}; worker-src blob:` });
  await openLab(page);
  expect(await savedCsv(page)).toContain("loss");
});

test("under a policy that forbids its worker, the page says so", async ({ page, complaints }) => {
  complaints.expect(/Content Security Policy/);
  await addHeaders(page, { "content-security-policy": POLICY });
  await openLab(page);
  await page.getByTestId("csv-f1").click();
  await expect(page.locator(".exports [role=status]")).toContainText("The file could not be made");
});
