// `window.adagradLab.run()` in the browser: the numbers that D2L and PyTorch print, and what it refuses.
import { readFile } from "node:fs/promises";
import { expect, figure, openLab, test } from "./fixtures.ts";
import type {} from "./lab.ts";

// D2L, section 12.7, prints these end points of its run on f1 to six decimals.
for (const [learningRate, printed] of [
  [0.4, ["-2.382563", "-0.158591"]],
  [2, ["-0.002295", "-0.000000"]],
] as const) {
  test(`run() ends where D2L prints it, η = ${learningRate}`, async ({ page }) => {
    await openLab(page);
    const run = await page.evaluate(
      (eta) => window.adagradLab.run({ objective: "f1", learningRate: eta, start: [-5, -2], steps: 20 }),
      learningRate,
    );
    expect(run.points).toHaveLength(21);
    expect(run.losses).toHaveLength(21);
    expect(run.points[20].map((x) => x.toFixed(6))).toEqual(printed);
  });
}

interface Case extends Record<string, unknown> {
  points: number[][];
  losses: number[];
}

// As tests/torch.rs measures: the largest distance between points of the same step over the run's
// largest coordinate. The bar is 1e-9; all 40 runs are stable, so that rounding leaves far less.
test("run() repeats all 40 of PyTorch's runs, every iterate within 1e-9", async ({ page }, testInfo) => {
  const file = await readFile(new URL("../reference/torch_trajectories.json", import.meta.url), "utf8");
  const { cases } = JSON.parse(file) as { cases: Case[] };
  expect(cases).toHaveLength(40);
  await openLab(page);
  let worst = 0;
  for (const { points, losses, ...specification } of cases) {
    const run = await page.evaluate((given) => window.adagradLab.run(given), specification);
    expect(run.points).toHaveLength(points.length);
    expect(run.losses).toHaveLength(losses.length);
    const largest = Math.max(...points.flat().map(Math.abs));
    const distances = points.map(([x1, x2], t) => Math.hypot(run.points[t][0] - x1, run.points[t][1] - x2));
    const difference = Math.max(...distances) / largest;
    expect(difference, JSON.stringify(specification)).toBeLessThanOrEqual(1e-9);
    worst = Math.max(worst, difference);
  }
  figure(testInfo, "PyTorch's 40 runs, largest difference", worst.toExponential(1), "at most 1e-9");
});

for (const [field, given, allowed] of [
  [
    "objective",
    "f9",
    '"f1", "f2", "rotated", "bowl", "diagonal", "square", "saddle", "rosenbrock", "himmelblau", "beale", ' +
      '"least_squares" or "nonstationary"',
  ],
  ["learningRate", 0, "a finite number above 0"],
  ["start", [1], "two finite numbers"],
  ["steps", 2.5, "a whole number from 0 to 1000000"],
] as const) {
  test(`run() names ${field}, what was given and what is allowed`, async ({ page }) => {
    await openLab(page);
    const thrown = await page.evaluate(
      ([name, value]) => {
        try {
          window.adagradLab.run({ objective: "f1", learningRate: 1, start: [1, 1], steps: 1, [name as string]: value });
          return "nothing";
        } catch (error) {
          return error instanceof Error ? error.message : "not an Error";
        }
      },
      [field, given] as const,
    );
    expect(thrown).toBe(`${field} must be ${allowed}, got ${JSON.stringify(given)}`);
  });
}
