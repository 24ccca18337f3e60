// The engine, a second module in a worker: there when it is asked for, and missed gracefully.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, openLab, test } from "./fixtures.ts";
import { getState, slide } from "./lab.ts";

async function savedCsv(page: Page): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("csv-f1").click()]);
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

for (const missing of ["engine.js", "engine_bg.wasm"]) {
  test(`without ${missing} the page says so and goes on; with it back, so do the files`, async ({
    page,
    context,
    complaints,
  }) => {
    complaints.expect(/engine/);
    await context.route(`**/${missing}*`, (route) => route.abort());
    await openLab(page);
    await page.getByTestId("csv-f1").click();
    const status = page.locator(".exports [role=status]");
    await expect(status).toContainText("The file could not be made: the lab's engine could not be loaded");
    await expect(status).toContainText("Reload the page and try again.");

    await page.getByRole("button", { name: "Save loss-f1 as SVG" }).click();
    await expect(page.getByTestId("loss-f1")).toContainText("The file could not be made");

    await slide(page.locator("input[type=range]").first(), 0);
    await page.evaluate(() => window.adagradLab.setState({ eta: 2 }));
    expect((await getState(page)).eta).toBe(2);
    await expect(page.locator(".failure")).toHaveCount(0);

    await context.unroute(`**/${missing}*`);
    expect((await savedCsv(page)).split("\n")[0]).toContain("loss");
    await expect(status).toHaveText("");
  });
}
