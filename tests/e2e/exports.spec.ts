// What a reader takes away, read back.
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { expect, openLab, test } from "./fixtures.ts";
import { FIGURES } from "./lab.ts";

async function saved(page: Page, button: Locator): Promise<{ name: string; content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}

for (const figure of FIGURES) {
  test(`${figure} is saved as SVG and as PNG`, async ({ page }) => {
    await openLab(page);
    const id = `${figure}-f1`;
    const svg = await saved(page, page.getByRole("button", { name: `Save ${id} as SVG` }));
    // Which rules have lines on it.
    expect(svg.name).toBe(`${id}-adagrad.svg`);
    const root = await page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
      const { tagName: tag, children } = parsed.documentElement;
      return { tag, drawn: children.length };
    }, svg.content.toString());
    expect(root.tag).toBe("svg");
    // More than the background.
    expect(root.drawn).toBeGreaterThan(1);

    const png = await saved(page, page.getByRole("button", { name: `Save ${id} as PNG` }));
    expect(png.name).toBe(`${id}-adagrad.png`);
    expect(png.content.subarray(1, 4).toString()).toBe("PNG");
    const colours = await page.evaluate(async (base64) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }, png.content.toString("base64"));
    // An empty picture has one colour.
    expect(colours).toBeGreaterThan(1);
  });
}

test("a run is saved as CSV, JSON and Python", async ({ page }) => {
  await openLab(page);
  const csv = await saved(page, page.getByTestId("csv-f1"));
  const rows = csv.content.toString().trim().split(/\r?\n/).map((row) => row.split(","));
  // A head, the start, 20 steps: all of one width.
  expect(rows).toHaveLength(22);
  expect(new Set(rows.map((row) => row.length)).size).toBe(1);

  const json = await saved(page, page.getByTestId("json-f1"));
  const run = JSON.parse(json.content.toString());
  // D2L's print for η = 0.4.
  expect(run.points).toHaveLength(21);
  expect(run.points[20][0]).toBeCloseTo(-2.382563, 6);
  expect(run.points[20][1]).toBeCloseTo(-0.158591, 6);

  const python = await saved(page, page.getByTestId("python-f1"));
  expect(python.content.toString()).toContain("import torch");
  expect(python.content.toString()).toContain("torch.optim.Adagrad");
});

test("a saved SVG has on it what the page shows: colours, pinned run, ghost, step, view", async ({ page }) => {
  await openLab(page, "?v=1&theme=dark");
  const button = page.getByRole("button", { name: "Save landscape-f1 as SVG" });
  const drawn = async (): Promise<string> => (await saved(page, button)).content.toString();
  // src/chart/theme.rs, dark: each of these draws one thing only.
  const [background, pinned, ghost] = ["#161B24", "#EC8CBE", "#7A8392"];

  const plain = await drawn();
  expect(plain).toContain(background);
  expect(plain).not.toContain(pinned);
  expect(plain).not.toContain(ghost);

  await page.evaluate(() => window.adagradLab.setState({ eta: 2, pin: "eta:1" }));
  const compared = await drawn();
  expect(compared).toContain(pinned);
  expect(compared).toContain(ghost);

  await page.evaluate(() => window.adagradLab.setState({ step: 2 }));
  const earlier = await drawn();
  expect(earlier).not.toBe(compared);

  await page.getByTestId("landscape-f1").getByRole("button", { name: "Zoom in" }).click();
  expect(await drawn()).not.toBe(earlier);
});
