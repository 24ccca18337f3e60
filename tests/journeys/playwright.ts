// Browsers that Playwright drives: Chromium, and its own Firefox and WebKit.
import type { Browser, BrowserType, LaunchOptions, Page } from "@playwright/test";
import type { Adapter, Key } from "./driver.ts";

export class PlaywrightAdapter implements Adapter {
  readonly isSlow = false;

  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
  ) {}

  static async start(type: BrowserType, options: LaunchOptions): Promise<PlaywrightAdapter> {
    const browser = await type.launch(options);
    return new PlaywrightAdapter(browser, await browser.newPage());
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  value(expression: string): Promise<unknown> {
    return this.page.evaluate(expression);
  }

  moveMouse(x: number, y: number): Promise<void> {
    return this.page.mouse.move(x, y);
  }

  pressMouse(): Promise<void> {
    return this.page.mouse.down();
  }

  releaseMouse(): Promise<void> {
    return this.page.mouse.up();
  }

  pressKey(key: Key): Promise<void> {
    return this.page.keyboard.down(key);
  }

  releaseKey(key: Key): Promise<void> {
    return this.page.keyboard.up(key);
  }

  resize(width: number, height: number): Promise<void> {
    return this.page.setViewportSize({ width, height });
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
