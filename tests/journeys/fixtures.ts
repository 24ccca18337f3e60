// What every journey shares: import { expect, test } from here, not from Playwright. Each project runs
// all of them in one browser; `playwright.config.ts` lists the projects.
import { test as base, chromium, expect, firefox, webkit } from "@playwright/test";
import { BrowserPage, type Adapter } from "./driver.ts";
import { PlaywrightAdapter } from "./playwright.ts";
import { PuppeteerAdapter } from "./puppeteer.ts";
import { openSite, type Site } from "./site.ts";
import { WebDriverAdapter } from "./webdriver.ts";

export { expect };

export type Engine = "chromium" | "firefox" | "webkit";

/** Starts the installed one that `cargo xtask` names in the environment, else Playwright's own. */
function start(engine: Engine, chromiumOptions: object): Promise<Adapter> {
  const { FIREFOX, MINIBROWSER, WEBKIT_DRIVER } = process.env;
  switch (engine) {
    case "chromium":
      return PlaywrightAdapter.start(chromium, chromiumOptions);
    case "firefox":
      return FIREFOX ? PuppeteerAdapter.start(FIREFOX) : PlaywrightAdapter.start(firefox, {});
    case "webkit":
      return MINIBROWSER && WEBKIT_DRIVER
        ? WebDriverAdapter.start({ driver: WEBKIT_DRIVER, browser: MINIBROWSER })
        : PlaywrightAdapter.start(webkit, {});
  }
}

interface OfTheWorker {
  engine: Engine;
  site: Site;
  started: BrowserPage;
}

interface OfTheTest {
  /** The browser of this project, 1280 × 800; the test fails when the page complains of anything. */
  browserPage: BrowserPage;
}

export const test = base.extend<OfTheTest, OfTheWorker>({
  engine: ["chromium", { option: true, scope: "worker" }],
  site: [
    async ({}, use) => {
      const site = await openSite();
      await use(site);
      site.close();
    },
    { scope: "worker" },
  ],
  started: [
    async ({ engine, launchOptions }, use) => {
      const browser = new BrowserPage(await start(engine, launchOptions));
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],
  browserPage: async ({ started }, use) => {
    await started.resize(1280, 800);
    await use(started);
    expect(await started.evaluate(() => window.complaints), "the page has nothing to complain of").toEqual([]);
  },
});

/** Asks until the answer is what it should be. */
export function eventually<T>(ask: () => Promise<T>, timeout = 10_000) {
  return expect.poll(ask, { timeout, intervals: [20, 50, 100, 200] });
}
