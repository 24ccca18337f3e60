// While something moves, the figures move with it: judged by their pixels between two steps, since
// the state at the end says nothing of what a reader saw on the way.
import type { Page } from "@playwright/test";
import { expect, openLab, test } from "./fixtures.ts";

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
