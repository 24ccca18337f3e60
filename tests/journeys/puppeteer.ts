// An ordinary Firefox, which Playwright cannot drive: Puppeteer does, over WebDriver BiDi.
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import type { Adapter, Key } from "./driver.ts";

export class PuppeteerAdapter implements Adapter {
  readonly isSlow = false;

  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
  ) {}

  static async start(executablePath: string): Promise<PuppeteerAdapter> {
    const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
    return new PuppeteerAdapter(browser, await browser.newPage());
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
    return this.page.setViewport({ width, height });
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
