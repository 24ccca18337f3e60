// What a reader types, links, presses and swipes means one thing, or is said not to.
import { expect, openLab, test } from "./fixtures.ts";
import { getState, painted, type } from "./lab.ts";

// Evidence: both readings of 1,000 and of 1.000.
test("a number that may mean two is refused with both readings; a decimal comma is read", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1");
  const field = page.getByTestId("eta-0-number");
  for (const text of ["1,000", "1.000"]) {
    await type(field, text);
    await expect(page.locator(".alerts")).toContainText("1000");
    expect((await getState(page)).eta, text).toBe(0.4);
  }
  await type(field, "0,7");
  await expect.poll(async () => (await getState(page)).eta).toBe(0.7);
});

// Evidence: (x1² + x2²) at the start (−5, −2) is 29, the product 100.
test("a raw plus in a link is a plus", async ({ page }) => {
  await openLab(page, "?v=1&objective=typed&f=x1^2+x2^2&steps=1");
  await expect(page.getByTestId("readout-typed")).toBeVisible();
  expect((await getState(page)).f).toBe("x1^2+x2^2");
  await expect(page.getByTestId("inspector-typed")).toContainText("Loss 29 before");
});

test("what is typed is shown as it was read", async ({ page }) => {
  await openLab(page, "?v=1&objective=typed");
  await type(page.locator("[name=f]"), "+x1 ∗ x1 + 1/2x2^2 + log(2 + x2^2)");
  const reading = page.locator("math", { has: page.locator("mfrac") }).first();
  await expect(reading).toBeVisible();
  await expect(page.locator("#f-error")).not.toContainText("character");
  await expect(page.getByText(/log is (the natural logarithm|ln)/)).toBeVisible();
  // A character that nobody sees is named, never shown.
  await type(page.locator("[name=f]"), "x1 \u2603 x2");
  await expect(page.locator("#f-error")).toContainText("U+2603");
});

test("a run that leaves every bound has diverged, at a step that is named", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&opt=sgd&eta=10&steps=1000");
  await expect(page.getByTestId("readout-f1")).toContainText(/diverges in step \d+/);
});

// Evidence: a key press that changes nothing is what was wrong; there and back is where it began.
test("one key press on a slider is the next value, and the other key leads back", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1,nonstationary&steps=5&k=3");
  for (const name of ["steps", "eta", "eps", "k"]) {
    const slider = page.locator(`#${name}-0`);
    const before = (await getState(page))[name];
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(async () => (await getState(page))[name], name).not.toBe(before);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(async () => (await getState(page))[name], name).toBe(before);
  }
});

test("one key press moves each slider of the sparse lab", async ({ page }) => {
  await openLab(page, "?view=sparse&examples=3000&features=1024&nonzeros=8&seeds=1&backend=cpu&batch=3&epochs=2");
  for (const name of ["nonzeros", "alpha", "heldout", "batch", "epochs"]) {
    const slider = page.locator(`#sparse-${name}-slider`);
    const before = await slider.getAttribute("aria-valuetext");
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await expect(slider, name).not.toHaveAttribute("aria-valuetext", before!);
    await page.keyboard.press("ArrowLeft");
    await expect(slider, name).toHaveAttribute("aria-valuetext", before!);
  }
});

test.describe("by touch", () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  // Evidence: the same finger, upwards and to the side.
  test("a swipe that scrolls changes no slider; a drag along it and a tap do", async ({ page }) => {
    await openLab(page, "?v=1&objective=f1");
    const slider = page.locator("#eta-0");
    await slider.scrollIntoViewIfNeeded();
    const devtools = await page.context().newCDPSession(page);
    const touch = (kind: string, points: { x: number; y: number }[]) =>
      devtools.send("Input.dispatchTouchEvent", { type: kind, touchPoints: points } as never);
    const swipe = async (dx: number, dy: number) => {
      const { x, y, width, height } = (await slider.boundingBox())!;
      const from = { x: x + 0.2 * width, y: y + height / 2 };
      await touch("touchStart", [from]);
      for (let move = 1; move <= 10; move += 1) {
        await touch("touchMove", [{ x: from.x + (dx * move) / 10, y: from.y + (dy * move) / 10 }]);
        await painted(page);
      }
      await touch("touchEnd", []);
      await page.waitForTimeout(200);
    };
    const eta = async () => (await getState(page)).eta as number;
    const top = await page.evaluate(() => scrollY);
    await swipe(0, -150);
    expect(await page.evaluate(() => scrollY), "it scrolls").toBeGreaterThan(top + 50);
    expect(await eta()).toBe(0.4);
    await expect(slider).toHaveAttribute("aria-valuetext", "0.4");
    await swipe(100, 0);
    expect(await eta(), "dragged").not.toBe(0.4);
    const dragged = await eta();
    const { x, y, width, height } = (await slider.boundingBox())!;
    await page.touchscreen.tap(x + 0.9 * width, y + height / 2);
    await expect.poll(eta, "tapped").toBeGreaterThan(dragged);
  });
});
