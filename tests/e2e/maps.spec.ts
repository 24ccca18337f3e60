// Maps: what every start, or every η and ε, comes to, computed by the engine.
import type { Page } from "@playwright/test";
import { expect, openLab, test } from "./fixtures.ts";
import { getState } from "./lab.ts";

/** The colour at a share of the map's width and height, from the upper left. */
function colour(page: Page, id: string, across: number, down: number): Promise<number[]> {
  return page
    .getByTestId(id)
    .locator("canvas.pixels")
    .evaluate(
      (canvas: HTMLCanvasElement, [x, y]) => {
        const at = [Math.floor(x * canvas.width), Math.floor(y * canvas.height)] as const;
        // Of a copy: the browser warns of one that is read back again and again.
        const context = new OffscreenCanvas(1, 1).getContext("2d")!;
        context.drawImage(canvas, -at[0], -at[1]);
        return [...context.getImageData(0, 0, 1, 1).data];
      },
      [across, down],
    );
}

async function complete(page: Page, id: string): Promise<void> {
  await expect(page.getByTestId(id).locator("figcaption")).not.toContainText("Computing", { timeout: 30_000 });
  const width = page.getByTestId(id).locator("canvas.pixels");
  await expect.poll(() => width.evaluate((canvas: HTMLCanvasElement) => canvas.width)).toBe(256);
}

test("the map of the starts: dark at the goal, light far off; a press moves the start", async ({ page }) => {
  // 30 steps of at most 0.4: from near the minimum all of the way, from the corner little.
  await openLab(page, "?v=1&objective=f1&view=0,0,6&steps=30");
  await page.locator("select[name=map]").selectOption("starts");
  await complete(page, "map-f1");
  const luminance = ([red, green, blue]: number[]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  // x₁ is the slow coordinate: along the axis x₂ = 0, more is left.
  const [near, far] = [await colour(page, "map-f1", 0.6, 0.5), await colour(page, "map-f1", 0.02, 0.5)];
  expect(luminance(near)).toBeLessThan(luminance(far));

  await page.getByTestId("map-f1").locator("canvas[role=img]").click({ position: { x: 250, y: 80 } });
  const [x1, x2] = (await getState(page)).x0 as number[];
  expect(x1).toBeGreaterThan(-5);
  expect(x2).toBeGreaterThan(-2);
});

test("the map of η and ε: a larger η leaves less; a press sets both", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1");
  await page.locator("select[name=map]").selectOption("rates");
  await complete(page, "map-f1");
  expect(await colour(page, "map-f1", 0.05, 0.5)).not.toEqual(await colour(page, "map-f1", 0.95, 0.5));

  await page.getByTestId("map-f1").locator("canvas[role=img]").click({ position: { x: 250, y: 80 } });
  const { eta, eps } = await getState(page);
  expect(eta).not.toBe(0.4);
  expect(eps).not.toBe(1e-6);
});

test("a map follows the rule looked into; without an ε there is none over it", async ({ page }) => {
  await openLab(page, "?v=1&objective=himmelblau&opt=adagrad,momentum&map=starts");
  await complete(page, "map-himmelblau");
  const caption = page.getByTestId("map-himmelblau").locator("figcaption");
  await expect(caption).toContainText("Adagrad");
  await expect(caption).toContainText("minimum");
  await page.evaluate(() => window.adagradLab.setState({ rule: "momentum" }));
  await complete(page, "map-himmelblau");
  await expect(caption).toContainText("momentum", { ignoreCase: true });
  await page.evaluate(() => window.adagradLab.setState({ map: "rates" }));
  await expect(caption).toContainText("no ε");
});

test("a slow map shows a coarse pass at once, and is let go when it is not wanted", async ({ page }) => {
  await openLab(page, "?v=1&objective=rosenbrock&opt=adagrad_full&steps=2000&map=starts");
  const card = page.getByTestId("map-rosenbrock");
  const width = () => card.locator("canvas.pixels").evaluate((canvas: HTMLCanvasElement) => canvas.width);
  await expect.poll(width, { timeout: 20_000 }).toBe(256);
  await expect(card.locator("figcaption")).toContainText("Computing");
  await page.evaluate(() => window.adagradLab.setState({ steps: 5 }));
  await complete(page, "map-rosenbrock");
});

test("a map of a typed function", async ({ page }) => {
  await openLab(page, `?v=1&objective=typed&map=starts&f=${encodeURIComponent("x1^2 + 3*x2^2")}`);
  await complete(page, "map-typed");
  await expect(page.getByTestId("map-typed").locator("figcaption")).toContainText("loss");
});
