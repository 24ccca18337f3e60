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

// Evidence: two device pixels for each CSS pixel are twice as many across.
test("a screen with finer pixels is drawn on with all of them, though no size changes", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1");
  const canvas = page.getByTestId("landscape-f1").locator("canvas").last();
  const width = () => canvas.evaluate((node: HTMLCanvasElement) => node.width);
  const before = await width();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setDeviceMetricsOverride", {
    width: 1280,
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
