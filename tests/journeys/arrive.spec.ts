// The page arrives, computes what it should, keeps its state in the address and lives in a frame.
import type { BrowserPage } from "./driver.ts";
import { eventually, expect, test } from "./fixtures.ts";
import type {} from "../e2e/lab.ts";

test("load: the playground is on screen", async ({ browserPage, site }) => {
  await browserPage.open(site.app);
  const seen = await browserPage.evaluate(() => ({
    title: document.title,
    heading: document.querySelector("h1")!.getBoundingClientRect().height,
  }));
  expect(seen.title).toContain("Adagrad Lab");
  expect(seen.heading).toBeGreaterThan(0);
  // Of contours and paths, whether there is more than one colour.
  const drawn = () =>
    browserPage.evaluate(() =>
      [...document.querySelectorAll<HTMLCanvasElement>("[data-testid=landscape-f1] canvas")].map((canvas) => {
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size > 1;
      }),
    );
  await eventually(drawn).toEqual([true, true]);
});

// Evidence: D2L, section 12.7, prints (-2.382563, -0.158591) after 20 steps with η = 0.4; the
// inspector rounds to six significant digits.
test("golden numbers: the end that D2L prints, for scripts and in sight", async ({ browserPage, site }) => {
  await browserPage.open(`${site.app}?v=1&objective=f1&step=20`);
  const end = await browserPage.evaluate(() => {
    const { points } = window.adagradLab.run({ objective: "f1", start: [-5, -2], learningRate: 0.4, steps: 20 });
    return [...points.at(-1)!];
  });
  expect(end[0]).toBeCloseTo(-2.382563, 6);
  expect(end[1]).toBeCloseTo(-0.158591, 6);
  // What is asked of the engine is asked for once it is in sight.
  await browserPage.evaluate(() => document.querySelector("[data-testid=inspector-f1]")!.scrollIntoView());
  const inspected = () =>
    browserPage.evaluate(() => document.querySelector<HTMLElement>("[data-testid=inspector-f1]")!.innerText);
  await eventually(inspected).toMatch(/−\s*2\.38256/);
  await eventually(inspected).toMatch(/−\s*0\.158591/);
});

// Evidence: the state before is the state after.
test("link: an address restores the state, also the one that a slider leaves", async ({ browserPage, site }) => {
  await browserPage.open(`${site.app}?v=1&objective=f1&eta=2&steps=12&step=8`);
  const state = () => browserPage.evaluate(() => window.adagradLab.getState());
  const shown = () => browserPage.evaluate(() => document.querySelector("[data-testid=player] output")!.textContent);
  expect(await state()).toMatchObject({ objective: ["f1"], eta: 2, steps: 12, step: 8 });
  expect(await shown()).toBe("8 / 12");
  const before = (await browserPage.evaluate(() => location.href))!;
  await browserPage.evaluate(() => {
    const slider = document.querySelector<HTMLInputElement>("#eta-0")!;
    slider.stepDown(200);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    slider.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const left = await state();
  expect(left.eta).toBeLessThan(2);
  const address = () => browserPage.evaluate(() => location.href);
  await eventually(address).not.toBe(before);
  await eventually(address).toContain("eta=");
  await browserPage.open(await address());
  expect(await state()).toEqual(left);
});

// Evidence: the point that the lab makes by itself: sentences that name who wins.
test("sparse verdict: the view opens, races and says what the race shows", async ({ browserPage, site }) => {
  test.setTimeout(90_000);
  await browserPage.open(`${site.app}?view=sparse`);
  // Not the hint on where it was computed, which comes first.
  const verdict = () =>
    browserPage.evaluate(() =>
      [...document.querySelectorAll("[data-testid=verdict] p:not(.hint)")].map((line) => line.textContent!),
    );
  await eventually(async () => (await verdict()).join(" "), 60_000).toMatch(/Adagrad.*\.$/);
});

/** Asks the document in a frame, whatever its origin. */
async function askFrame<T>(browserPage: BrowserPage, id: string, question: () => Promise<T>): Promise<T> {
  return browserPage.evaluate(
    ([frame, expression]) =>
      new Promise<T>((resolve) => {
        addEventListener("message", function hear({ data }) {
          if (!("answer" in data)) return;
          removeEventListener("message", hear);
          resolve(data.answer as T);
        });
        const { contentWindow } = document.getElementById(frame) as HTMLIFrameElement;
        contentWindow!.postMessage({ question: expression }, "*");
      }),
    [id, `(${question.toString()})()`],
  );
}

// Evidence: the README on embedding: plots and controls only, no focus taken, and a frame without an
// origin works.
test("embed: in a course page's frames, one of them sandboxed, the focus stays outside", async ({
  browserPage,
  site,
}) => {
  await browserPage.open(site.host);
  for (const frame of ["plain", "sandboxed"]) {
    const seen = await askFrame(browserPage, frame, async () => {
      while (!window.adagradLab) await new Promise((done) => setTimeout(done, 20));
      await window.adagradLab.ready;
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const inSight = (selector: string) =>
        [...document.querySelectorAll(selector)].filter((element) => element.getClientRects().length > 0).length;
      return {
        eta: window.adagradLab.getState().eta,
        figures: inSight("figure canvas"),
        sliders: inSight("#eta-0"),
        headings: inSight("h1"),
        hasFocus: document.hasFocus(),
        origin: origin,
      };
    });
    expect(seen, frame).toMatchObject({ eta: 0.4, sliders: 1, headings: 0, hasFocus: false });
    expect(seen.figures, frame).toBeGreaterThanOrEqual(5);
    expect(seen.origin === "null", frame).toBe(frame === "sandboxed");
  }
  expect(await browserPage.evaluate(() => document.activeElement?.id)).toBe("answer");
});
