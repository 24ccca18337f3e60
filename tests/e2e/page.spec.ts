// The page as a whole under a reader's hands: focus and screen.
import { expect, openLab, test } from "./fixtures.ts";
import { painted } from "./lab.ts";

// Evidence: the player is in sight all the while, so that nothing has to scroll.
test("Tab within the player leaves the page where it is", async ({ page }) => {
  await openLab(page);
  const player = page.getByTestId("player");
  await player.locator("button").first().evaluate((button) => button.focus({ preventScroll: true }));
  const inPlayer = () =>
    page.evaluate(() => Boolean(document.activeElement?.closest("[data-testid=player]")));
  for (const key of ["Tab", "Shift+Tab"]) {
    for (let press = 0; press < 6; press += 1) {
      await page.keyboard.press(key);
      await painted(page);
      expect(await inPlayer(), `${key}, press ${press}`).toBe(true);
      expect(await page.evaluate(() => scrollY), `${key}, press ${press}`).toBe(0);
    }
  }
});

// Evidence: two device pixels for each CSS pixel are twice as many across. The frame's own size stays,
// so that its window hears of no resize.
test("a frame of fixed size draws with all pixels of a finer screen", async ({ page }) => {
  await openLab(page);
  await page.evaluate(() => {
    const frame = document.createElement("iframe");
    frame.src = "?v=1&objective=f1&embed=1";
    frame.style.cssText = "position: fixed; inset: 0; width: 700px; height: 600px; z-index: 100; background: white";
    document.body.append(frame);
  });
  const canvas = page.frameLocator("iframe").getByTestId("landscape-f1").locator("canvas").last();
  const width = () => canvas.evaluate((node: HTMLCanvasElement) => node.width);
  await expect.poll(width).toBeGreaterThan(300);
  await painted(page);
  const before = await width();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setDeviceMetricsOverride", {
    // Chromium tells pages of emulated pixels only where the window's size changes with them.
    width: 1281,
    height: 800,
    deviceScaleFactor: 2,
    mobile: false,
  });
  await expect.poll(width).toBe(2 * before);
  await painted(page);
  const isDrawn = await canvas.evaluate((node: HTMLCanvasElement) => {
    const { data } = node.getContext("2d")!.getImageData(0, 0, node.width, node.height);
    return data.some((value) => value !== 0);
  });
  expect(isDrawn, "something is drawn").toBe(true);
});
