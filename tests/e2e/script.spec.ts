// `window.adagradLab.run()` in the browser: the numbers that D2L prints, and what it refuses.
import { expect, openLab, test } from "./fixtures.ts";
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
