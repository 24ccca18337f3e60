// How much main-thread time a slider event costs in two builds of the page, measured in turn:
//
//   node tests/e2e/compare.mjs BEFORE AFTER
//
// where both are built dist/ folders. Chromium counts: `TaskDuration` over 80 events on the slider of η,
// each followed by two animation frames, with one rule and with six, at a height where the first screen
// is in sight and at one where every figure is. Prints the median of each side and their ratio.
import { chromium } from "@playwright/test";
import { BASE_PATH, serveDist } from "./server.mjs";

const ROUNDS = 5;
const EVENTS = 80;
const HEIGHTS = [800, 4000];
const QUERIES = { "one rule": "?v=1", "six rules": "?v=1&opt=adagrad,sgd,momentum,rmsprop,adam,adadelta" };

const dists = process.argv.slice(2);
if (dists.length !== 2) throw new Error("give two dist/ folders: before, after");

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || undefined, chromiumSandbox: false });

/** Milliseconds of main-thread tasks per slider event. */
async function taskTime(origin, query, height) {
  const page = await browser.newPage({ viewport: { width: 1280, height } });
  await page.goto(`${origin}${BASE_PATH}${query}`);
  await page.waitForFunction(() => window.adagradLab?.ready.then(() => true));
  await page.waitForTimeout(1500);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const taskSeconds = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value;
  };
  const slide = (events) =>
    page.evaluate(async (count) => {
      const slider = document.querySelector("#eta-0");
      for (let event = 0; event < count; event += 1) {
        slider.value = String(500 + ((7 * event) % 100));
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        for (let frame = 0; frame < 2; frame += 1) await new Promise((done) => requestAnimationFrame(done));
      }
    }, events);
  await slide(20);
  const before = await taskSeconds();
  await slide(EVENTS);
  const milliseconds = (1000 * ((await taskSeconds()) - before)) / EVENTS;
  await page.close();
  return milliseconds;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const servers = await Promise.all(dists.map((dist) => serveDist(0, undefined, { dist })));
const origins = servers.map((server) => `http://127.0.0.1:${server.address().port}`);
for (const height of HEIGHTS) {
  for (const [name, query] of Object.entries(QUERIES)) {
    const times = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [side, origin] of origins.entries()) times[side].push(await taskTime(origin, query, height));
    }
    const [before, after] = times.map(median);
    console.log(
      `1280 × ${height}, ${name}: ${before.toFixed(1)} ms before, ${after.toFixed(1)} ms after, ratio ${(after / before).toFixed(2)}`,
    );
  }
}
await browser.close();
servers.forEach((server) => server.close());
