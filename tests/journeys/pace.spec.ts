// How long a reader waits, in each browser: printed, not judged, because machines differ.
import { figure } from "../e2e/fixtures.ts";
import { test } from "./fixtures.ts";

test("pace: a slider's event to the second frame after it", async ({ browserPage, engine, site }, testInfo) => {
  test.setTimeout(60_000);
  await browserPage.open(site.app);
  const times = await browserPage.evaluate(async () => {
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    const slider = document.querySelector<HTMLInputElement>("#eta-0")!;
    const times: number[] = [];
    for (let event = 0; event < 40; event += 1) {
      await frame();
      const sent = performance.now();
      slider.value = String(500 + event);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await frame();
      await frame();
      times.push(performance.now() - sent);
    }
    return times.sort((a, b) => a - b);
  });
  figure(testInfo, `${engine}: slider event to second frame, median of 40`, `${times[20].toFixed(0)} ms`);
});

test("pace: opening the sparse lab to its first verdict", async ({ browserPage, engine, site }, testInfo) => {
  test.setTimeout(90_000);
  await browserPage.open(`${site.app}?view=sparse`);
  // By the page's own clock, which begins when it is opened.
  const seconds = await browserPage.evaluate(async () => {
    while (!document.querySelector("[data-testid=verdict] p:not(.hint)")) {
      await new Promise((next) => setTimeout(next, 20));
    }
    return performance.now() / 1000;
  });
  figure(testInfo, `${engine}: opening the sparse lab to its first verdict`, `${seconds.toFixed(1)} s`);
});
