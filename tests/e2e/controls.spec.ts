// Everything that changes the experiment, and what changes with it.
import { expect, openLab, test } from "./fixtures.ts";
import { FIGURES, getState, painted, pixels, slide, type } from "./lab.ts";

// A position far from the default's, and from its mirror image: f1 from 5 ends as far off as from −5.
// A sweep tries every η and marks the current one, so that it follows every setting too.
const SLIDERS: Array<[string, number]> = [
  ["eta-0", 300],
  ["eps-0", 640],
  ["steps-0", 300],
  ["x0-0", 340],
  ["x0-1", 320],
  ["s0-0", 440],
  ["decay-0", 300],
];

for (const [id, position] of SLIDERS) {
  test(`the slider ${id} changes every figure`, async ({ page }) => {
    await openLab(page);
    await painted(page);
    const ids = FIGURES.map((figure) => `${figure}-f1`);
    const before = await Promise.all(ids.map((figure) => pixels(page, figure)));
    await slide(page.locator(`#${id}`), position);
    await painted(page);
    for (const [i, figure] of ids.entries()) {
      await expect.poll(() => pixels(page, figure), { message: figure }).not.toBe(before[i]);
    }
  });
}

for (const [query, name, value] of [
  ["?v=1&eps=10", "epsat", "outside"],
  ["?v=1&s0=1", "order", "step"],
] as const) {
  test(`the choice ${name} changes every figure`, async ({ page }) => {
    await openLab(page, query);
    await painted(page);
    const ids = FIGURES.map((figure) => `${figure}-f1`);
    const before = await Promise.all(ids.map((figure) => pixels(page, figure)));
    await page.locator(`input[name=${name}][value=${value}]`).check();
    for (const [i, figure] of ids.entries()) {
      await expect.poll(() => pixels(page, figure), { message: figure }).not.toBe(before[i]);
    }
  });
}

test("angle and eigenvalues change the rotated quadratic's figures", async ({ page }) => {
  await openLab(page, "?v=1&objective=rotated");
  await painted(page);
  for (const [id, position] of [["theta-0", 250], ["lambda-0", 500], ["lambda-1", 100]] as const) {
    const ids = FIGURES.map((figure) => `${figure}-rotated`);
    const before = await Promise.all(ids.map((figure) => pixels(page, figure)));
    await slide(page.locator(`#${id}`), position);
    for (const [i, figure] of ids.entries()) {
      await expect.poll(() => pixels(page, figure), { message: `${id}: ${figure}` }).not.toBe(before[i]);
    }
  }
});

test("a number field takes a decimal comma and scientific notation", async ({ page }) => {
  await openLab(page);
  const field = page.getByTestId("eta-0-number");
  await type(field, "0,8");
  expect((await getState(page)).eta).toBe(0.8);
  await type(field, "2e-1");
  expect((await getState(page)).eta).toBe(0.2);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a number field refuses what is no number, says so, and keeps the value", async ({ page }) => {
  await openLab(page);
  const field = page.getByTestId("eta-0-number");
  await type(field, "abc");
  await expect(page.getByRole("alert")).toContainText("eta");
  await expect(page.getByRole("alert")).toContainText("abc");
  await expect(field).toHaveValue("0.4");
  expect((await getState(page)).eta).toBe(0.4);
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("the start follows the mouse", async ({ page }) => {
  await openLab(page);
  const handle = page.getByTestId("start-f1");
  await handle.scrollIntoViewIfNeeded();
  const box = (await handle.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 20, y - 30, { steps: 4 });
  await page.mouse.up();
  const [x1, x2] = (await getState(page)).x0 as number[];
  expect(x1).toBeGreaterThan(-5);
  expect(x2).toBeGreaterThan(-2);
  // Let go, it stays.
  await page.mouse.move(x + 60, y);
  expect((await getState(page)).x0).toEqual([x1, x2]);
});

test("the start follows the arrow keys", async ({ page }) => {
  await openLab(page);
  await page.getByTestId("start-f1").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowUp");
  const [x1, x2] = (await getState(page)).x0 as number[];
  expect(x1).toBeGreaterThan(-5);
  expect(x2).toBeGreaterThan(-2);
});

test("the player obeys its keys", async ({ page }) => {
  await openLab(page);
  await page.getByTestId("player").focus();
  const step = async () => (await getState(page)).step;
  await page.keyboard.press("Home");
  expect(await step()).toBe(0);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  expect(await step()).toBe(2);
  await page.keyboard.press("ArrowLeft");
  expect(await step()).toBe(1);
  await page.keyboard.press("Space");
  await expect.poll(step).toBeGreaterThan(1);
  await page.keyboard.press("Space");
  await expect(page.getByTestId("play")).toHaveAccessibleName("Play");
  await page.keyboard.press("End");
  expect(await step()).toBe(20);
});

test("the player obeys its buttons, and every figure of a step follows", async ({ page }) => {
  await openLab(page);
  await painted(page);
  const step = async () => (await getState(page)).step;
  const followers = ["landscape-f1", "rates-f1", "accumulator-f1", "loss-f1"];
  const before = await Promise.all(followers.map((figure) => pixels(page, figure)));
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  await press("First step");
  expect(await step()).toBe(0);
  await press("Step forward");
  expect(await step()).toBe(1);
  for (const [i, figure] of followers.entries()) {
    await expect.poll(() => pixels(page, figure), { message: figure }).not.toBe(before[i]);
  }
  await press("Step back");
  expect(await step()).toBe(0);
  await press("Last step");
  expect(await step()).toBe(20);
});

test("every preset opens, and a wrong print is corrected", async ({ page }) => {
  await openLab(page);
  await page.getByTestId("comparisons").locator("summary").click();
  const presets = page.locator("[data-testid^=preset-]");
  await expect(presets).toHaveCount(28);
  // Those that `PRESETS` says a source printed something wrong for.
  const corrected = ["preset-report-f1", "preset-report-f2", "preset-report-0.2", "preset-square-by-hand"];
  for (const preset of await presets.all()) {
    await preset.click();
    await expect(preset).toHaveAttribute("aria-pressed", "true");
    await expect(page.locator(".preset-note")).toBeVisible();
    const isCorrected = corrected.includes((await preset.getAttribute("data-testid"))!);
    await expect(page.locator(".correction")).toHaveCount(isCorrected ? 1 : 0);
  }
});
