// The address is the state: links restore it, hostile ones break nothing.
import { expect, openLab, test } from "./fixtures.ts";
import { getState, slide } from "./lab.ts";

test("a link restores the page, and keeps what is not the page's own", async ({ page }) => {
  await openLab(page, "?utm_source=platform");
  const chosen = { eta: 2.5, eps: 0.001, x0: [3, -4], steps: 50, step: 7, s0: 0.5, theme: "dark", objective: ["f2"] };
  await page.evaluate((partial) => window.adagradLab.setState(partial), chosen);
  await expect.poll(() => page.url()).toContain("eta=2.5");
  expect(page.url()).toContain("utm_source=platform");
  const state = await getState(page);
  expect(state).toMatchObject(chosen);
  await page.reload();
  await page.waitForFunction(() => window.adagradLab?.getState !== undefined);
  expect(await getState(page)).toEqual(state);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

for (const query of [
  "?eta=NaN&steps=1e9&x0=,&objective=zzz&theme=<script>",
  "?eta=-1&eps=1e300&s0=Infinity&decay=--&order=step&lambda=0,0",
  "?v=99999&view=0,0,0&pin=eta:;;;&step=-5&speed=%00",
  `?eta=${"9".repeat(5000)}&x0=${"%F0%9F%92%A9".repeat(50)}`,
]) {
  test(`a hostile address is answered and survived: ${query.slice(0, 40)}`, async ({ page }) => {
    await openLab(page, query);
    await expect(page.getByRole("alert")).toBeVisible();
    await slide(page.locator("#eta-0"), 700);
    await expect(page.locator("figure.card canvas").first()).toBeVisible();
    const state = JSON.stringify(await getState(page));
    expect(state).not.toContain("null");
    await page.getByRole("button", { name: "Dismiss" }).click();
    await expect(page.getByRole("alert")).toHaveCount(0);
  });
}

test("a moving slider adds nothing to the history", async ({ page }) => {
  await openLab(page);
  const before = await page.evaluate(() => history.length);
  for (let position = 300; position < 360; position += 10) {
    await slide(page.locator("#eta-0"), position);
  }
  await expect.poll(() => page.url()).toContain("eta=");
  expect(await page.evaluate(() => history.length)).toBe(before);
});
