// While something moves, the figures move with it: judged by their pixels between two steps, since
// the state at the end says nothing of what a reader saw on the way.
import type { Page } from "@playwright/test";
import { expect, openLab, test } from "./fixtures.ts";
import { getState, painted, pixels, slide, type } from "./lab.ts";

/** The figures of one objective that depend on the step shown. */
const FIGURES_OF_THE_STEP = ["landscape", "rates", "accumulator", "loss"];

/** Tall enough for every figure of two objectives to be in sight at once. */
const EVERYTHING_IN_SIGHT = { width: 1280, height: 4000 };

/**
 * Plays to the end and looks at the figures in every frame whose step is neither the first nor the
 * last. Answers with how many different steps were seen, and how many different pictures of each
 * figure.
 */
async function watchPlaying(
  page: Page,
  figures: string[],
): Promise<{ steps: number; pictures: Record<string, number> }> {
  return page.evaluate(async (ids) => {
    const shown = () => document.querySelector("[data-testid=player] output")!.textContent!.split(" / ").map(Number);
    const steps = new Set<number>();
    const pictures = new Map(ids.map((id) => [id, new Set<string>()]));
    const canvases = ids.map((id) => [...document.querySelectorAll<HTMLCanvasElement>(`[data-testid=${id}] canvas`)]);
    document.querySelector<HTMLElement>("[data-testid=play]")!.click();
    for (;;) {
      await new Promise((frame) => requestAnimationFrame(frame));
      const [step, last] = shown();
      if (step === last) break;
      if (step === 0) continue;
      steps.add(step);
      ids.forEach((id, index) => {
        pictures.get(id)!.add(canvases[index].map((canvas) => canvas.toDataURL()).join());
      });
    }
    return {
      steps: steps.size,
      pictures: Object.fromEntries([...pictures].map(([id, different]) => [id, different.size])),
    };
  }, figures);
}

// Evidence: each step's point, rates, accumulators and loss differ from those of the step before, so
// each step seen has a picture of its own. A slow machine sees fewer steps, at least three of 19.
for (const speed of [1, 5, 60]) {
  test(`at ${speed} steps per second every figure moves between the steps`, async ({ page }) => {
    await page.setViewportSize(EVERYTHING_IN_SIGHT);
    await openLab(page, `?v=1&speed=${speed}`);
    const figures = ["f1", "f2"].flatMap((name) => FIGURES_OF_THE_STEP.map((figure) => `${figure}-${name}`));
    const { steps, pictures } = await watchPlaying(page, figures);
    expect(steps, "steps seen on the way").toBeGreaterThanOrEqual(3);
    for (const figure of figures) {
      expect(pictures[figure], `${figure}: pictures of ${steps} steps`).toBeGreaterThanOrEqual(steps - 1);
    }
  });
}

/** Where the start stands on the landscape of f1, which tells which part of the plane is shown. */
const startOnF1 = (page: Page): Promise<string> =>
  page.getByTestId("start-f1").evaluate((handle) => `${handle.style.left} ${handle.style.top}`);

// Evidence: the same link opened afresh, and the words: a view that nobody chose is fitted
// again when a path leaves it, and is not in the address.
test("a path that leaves the view takes it along, which the address does not tell", async ({ page }) => {
  // Momentum overshoots far more than Adagrad.
  const more = "opt=adagrad,momentum&momentum.eta=0.4";
  await openLab(page, `?v=1&${more}`);
  await painted(page);
  const opened = await startOnF1(page);

  await openLab(page, "?v=1&momentum.eta=0.4");
  await painted(page);
  const before = await startOnF1(page);
  expect(before, "the path of momentum needs another view").not.toBe(opened);
  await page.evaluate(() => window.adagradLab.setState({ opt: ["adagrad", "momentum"], "momentum.eta": 0.4 }));
  await expect.poll(() => startOnF1(page)).toBe(opened);
  expect((await getState(page)).view).toBeUndefined();
  await expect.poll(() => page.url()).toContain("opt=adagrad");
  expect(page.url()).not.toContain("view=");
});

// Evidence: the values set, each of which rests before the next.
test("the run before a change is the last one that had settled, and says what it had", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1");
  const legend = page.getByTestId("landscape-f1").locator(".legend");
  const eta = page.locator("#eta-0");
  // One gesture of the pointer, however many values it passes.
  await eta.evaluate((input: HTMLInputElement) => {
    for (const position of [700, 750, 780]) {
      input.value = String(position);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  await expect(legend).toContainText("before: η = 0.4");
  const settled = (await getState(page)).eta;
  await page.dispatchEvent("body", "pointerup");
  await slide(eta, 300);
  await expect(legend).toContainText(`before: η = ${settled}`);
  await page.waitForTimeout(400);
  await type(page.getByTestId("x0-0-number"), "3");
  await expect(legend).toContainText("before: x₀ = (−5, −2)");
});

// Evidence: the counts of the link: two objectives, six rules.
test("long runs say how far they are, and the figures follow when they are there", async ({ page }) => {
  test.setTimeout(120_000);
  await openLab(page, "?v=1&opt=adagrad,sgd,momentum,rmsprop,adam,adadelta&eta=0.01&noise=0.1&step=10");
  const before = await pixels(page, "landscape-f1");
  await page.evaluate(() => window.adagradLab.setState({ steps: 100_000 }));
  await expect(page.getByTestId("run-progress")).toBeVisible();
  await expect(page.getByTestId("run-progress")).toHaveText(/^Running 12 × 100000 steps: \d+ %$/);
  await expect(page.getByTestId("run-progress")).toBeHidden({ timeout: 60_000 });
  await expect.poll(() => pixels(page, "landscape-f1")).not.toBe(before);
});
