// Every width, both themes, every reader: nothing sticks out, nothing is out of reach.
import AxeBuilder from "@axe-core/playwright";
import { expect, openLab, test } from "./fixtures.ts";
import { getState, painted } from "./lab.ts";

for (const theme of ["light", "dark"]) {
  for (const width of [320, 1280, 1920]) {
    test(`fits ${width} px, ${theme}`, async ({ page }, testInfo) => {
      await page.setViewportSize({ width, height: 900 });
      await openLab(page, `?v=1&theme=${theme}`);
      await painted(page);
      const screenshot = testInfo.outputPath(`${width}-${theme}.png`);
      await page.screenshot({ fullPage: true, path: screenshot });
      await testInfo.attach(`${width}-${theme}`, { path: screenshot, contentType: "image/png" });
      const [wanted, there] = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return [scrollWidth, clientWidth];
      });
      expect(wanted, "nothing scrolls sideways").toBeLessThanOrEqual(there);
    });
  }

  test(`axe finds nothing, ${theme}`, async ({ page }) => {
    // axe reads every element's pixels and style: half a minute where cores are shared.
    test.slow();
    await openLab(page, `?v=1&theme=${theme}&objective=f1,f2,rotated`);
    await painted(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join("; ")}`);
    expect(found).toEqual([]);
  });
}

test("with reduced motion nothing moves by itself", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openLab(page);
  await painted(page);
  const moving = await page.evaluate(() =>
    document.getAnimations().filter((animation) => animation.playState === "running").length,
  );
  expect(moving).toBe(0);
  // No element has a transition or an animation that a person would see: 10 ms is less than a frame.
  const longest = await page.evaluate(() => {
    const ms = (list: string) => list.split(",").map((t) => parseFloat(t) * (t.trim().endsWith("ms") ? 1 : 1000));
    return Math.max(
      ...[...document.querySelectorAll("*")].flatMap((element) => {
        const style = getComputedStyle(element);
        return [...ms(style.transitionDuration), ...ms(style.animationDuration)];
      }),
    );
  });
  expect(longest).toBeLessThanOrEqual(10);
});

test("embedded, it takes no focus and leaves the wheel to the host page", async ({ page }) => {
  await openLab(page, "?v=1&embed=1");
  expect((await getState(page)).embed).toBe("1");
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
  const taken = await page.getByTestId("landscape-f1").locator("canvas").last().evaluate((canvas) => {
    const wheel = new WheelEvent("wheel", { deltaY: 100, bubbles: true, cancelable: true });
    canvas.dispatchEvent(wheel);
    return wheel.defaultPrevented;
  });
  expect(taken).toBe(false);
});
