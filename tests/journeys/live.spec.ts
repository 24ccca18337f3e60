// While something moves, every figure in sight moves with it, in every frame that the browser gives.
import type { BrowserPage, Point } from "./driver.ts";
import { eventually, expect, test } from "./fixtures.ts";
import { watch, type Seen } from "./watching.ts";
import type {} from "../e2e/lab.ts";

/** The figures of one objective that depend on the step shown. */
const OF_THE_STEP = ["landscape", "rates", "accumulator", "loss"].map((figure) => `${figure}-f1`);
const ALL = [...OF_THE_STEP, "sweep-f1"];

/** A window of this height shows every figure of one objective. */
const EVERYTHING_PX = 3500;

const SIZES = [
  { height: 800, sees: "what an ordinary window shows" },
  // Every figure is in sight.
  { height: 4000, sees: "everything" },
];

/** A slow machine sees few states; fewer than this, and it saw no motion. */
const LEAST_STATES = 3;

// Evidence: each of these states has its own numbers in each of the figures, so each has its own
// picture. The first or last state may be met before or after its picture.
function expectMotion({ states, pictures, outOfSight, heightCssPx }: Seen): void {
  expect(states, "states seen").toBeGreaterThanOrEqual(LEAST_STATES);
  // A browser's window may be lower than it was asked to be.
  if (heightCssPx >= EVERYTHING_PX) expect(outOfSight, "figures out of sight").toEqual([]);
  expect(Object.keys(pictures), "figures in sight").not.toEqual([]);
  // A frame of WebKitGTK may take longer than a step, so that its figures skip some of the states.
  const skips = test.info().project.name === "webkit";
  const least = skips ? Math.max(LEAST_STATES, states / 2) : states - 1;
  for (const [figure, count] of Object.entries(pictures)) {
    expect(count, `${figure}: pictures of ${states} states`).toBeGreaterThanOrEqual(least);
  }
}

/** Where an element is, once it stands in the middle of the window and what is in sight is drawn. */
function centred(browserPage: BrowserPage, selector: string): Promise<DOMRect> {
  return browserPage.evaluate(async (selector) => {
    const element = document.querySelector(selector)!;
    element.scrollIntoView({ block: "center", behavior: "instant" });
    await new Promise((rest) => setTimeout(rest, 300));
    return element.getBoundingClientRect().toJSON() as DOMRect;
  }, selector);
}

/** Points on the way from one to another, both included. */
function way(from: Point, to: Point, moves = 12): Point[] {
  return Array.from({ length: moves + 1 }, (_, move) => ({
    x: from.x + ((to.x - from.x) * move) / moves,
    y: from.y + ((to.y - from.y) * move) / moves,
  }));
}

/** Where the thumb of a slider is, and where it is once the slider has gone by a share of its length. */
async function thumb(browserPage: BrowserPage, selector: string, by: number): Promise<[Point, Point]> {
  const { left, top, width, height } = await centred(browserPage, selector);
  const share = await browserPage.evaluate((selector) => {
    const { min, max, value } = document.querySelector<HTMLInputElement>(selector)!;
    return (Number(value) - Number(min)) / (Number(max) - Number(min));
  }, selector);
  // The thumb's centre stays half its width off either end.
  const at = (share: number) => ({ x: left + height / 2 + share * (width - height), y: top + height / 2 });
  return [at(share), at(share + by)];
}

for (const { height, sees } of SIZES) {
  test.describe(`with ${sees} in sight`, () => {
    test.beforeEach(({ browserPage }) => browserPage.resize(1280, height));

    for (const [speed, steps] of [
      [1, 5],
      [5, 12],
      [60, 60],
    ]) {
      test(`play: at ${speed} steps per second`, async ({ browserPage, site }) => {
        await browserPage.open(`${site.app}?v=1&objective=f1&speed=${speed}&steps=${steps}`);
        await centred(browserPage, "[data-testid=landscape-f1]");
        const step = () =>
          browserPage.evaluate(() => document.querySelector("[data-testid=player] output")!.textContent);
        const seen = await watch(browserPage, OF_THE_STEP, async () => {
          await browserPage.evaluate(() => document.querySelector<HTMLElement>("[data-testid=play]")!.click());
          await eventually(step).not.toBe(`${steps} / ${steps}`);
          // A frame that takes long counts as a quarter of a second: it may take more than the clock says.
          await eventually(step, 25_000).toBe(`${steps} / ${steps}`);
        });
        expectMotion(seen);
      });
    }

    test("drag: the start", async ({ browserPage, site }) => {
      await browserPage.open(`${site.app}?v=1&objective=f1`);
      const { x, y, width, height } = await centred(browserPage, "[data-testid=start-f1]");
      const start = { x: x + width / 2, y: y + height / 2 };
      expectMotion(
        await watch(browserPage, ALL, () => browserPage.drag(way(start, { x: start.x + 60, y: start.y - 60 }))),
      );
    });

    test("drag: η on the sweep", async ({ browserPage, site }) => {
      await browserPage.open(`${site.app}?v=1&objective=f1`);
      const { x, y, width, height } = await centred(browserPage, "[data-testid=sweep-f1] canvas");
      const at = (share: number) => ({ x: x + share * width, y: y + height / 2 });
      expectMotion(await watch(browserPage, ALL, () => browserPage.drag(way(at(0.5), at(0.8)))));
    });

    test("slider: η", async ({ browserPage, site }) => {
      await browserPage.open(`${site.app}?v=1&objective=f1`);
      const [from, to] = await thumb(browserPage, "#eta-0", 0.25);
      expectMotion(await watch(browserPage, ALL, () => browserPage.drag(way(from, to))));
    });

    test("scrub: by the player's slider", async ({ browserPage, site }) => {
      await browserPage.open(`${site.app}?v=1&objective=f1&step=2`);
      const [from, to] = await thumb(browserPage, "[data-testid=player] input[name=step]", 0.6);
      expectMotion(await watch(browserPage, OF_THE_STEP, () => browserPage.drag(way(from, to))));
    });

    test("scrub: by a held arrow key", async ({ browserPage, site }) => {
      await browserPage.open(`${site.app}?v=1&objective=f1&step=2`);
      await browserPage.evaluate(() => document.querySelector<HTMLElement>("[data-testid=player]")!.focus());
      expectMotion(await watch(browserPage, OF_THE_STEP, () => browserPage.hold("ArrowRight", 12)));
    });
  });
}
