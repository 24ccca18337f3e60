// What every browser test shares: import { expect, test } from here, not from Playwright.
import { test as base, expect, type ConsoleMessage, type Page, type TestInfo } from "@playwright/test";

export { expect };

/** Prints a measured figure in the table at the end of the run; `bar` is what it must reach. */
export function figure(testInfo: TestInfo, what: string, value: string, bar = ""): void {
  testInfo.annotations.push({ type: "figure", description: JSON.stringify({ what, value, bar }) });
}

/** Opens the page with that query and waits until the app is on screen. */
export async function openLab(page: Page, query = ""): Promise<void> {
  await page.goto(query === "" || query.startsWith("?") ? `./${query}` : `./?${query}`);
  await page.waitForFunction(async () => {
    const lab = (window as { adagradLab?: { ready: Promise<unknown> } }).adagradLab;
    if (!lab) return false;
    await lab.ready;
    return true;
  });
}

/** What the browser complained of; a test that provokes a complaint on purpose expects it here. */
export class Complaints {
  private readonly heard: string[] = [];
  // A browser's own, where a page asks for WebGPU and the machine has none.
  private readonly expected: RegExp[] = [/No available adapters/];

  constructor(page: Page) {
    page.on("console", (message: ConsoleMessage) => {
      if (["error", "warning", "assert"].includes(message.type())) {
        this.heard.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    page.on("pageerror", (error) => this.heard.push(`uncaught: ${error.message}`));
    page.on("crash", () => this.heard.push("the page crashed"));
    page.on("requestfailed", (request) => {
      // Asked for by a page that was left before it came.
      if (request.failure()?.errorText === "net::ERR_ABORTED") return;
      this.heard.push(`request failed: ${request.url()} (${request.failure()?.errorText})`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) this.heard.push(`${response.status()}: ${response.url()}`);
    });
  }

  /** Lets complaints pass that match. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  unexpected(): string[] {
    return this.heard.filter((line) => !this.expected.some((pattern) => pattern.test(line)));
  }
}

interface Fixtures {
  /** Listens to the page of every test, asked for or not: any complaint fails the test. */
  complaints: Complaints;
}

export const test = base.extend<Fixtures>({
  complaints: [
    async ({ page }, use) => {
      const complaints = new Complaints(page);
      await use(complaints);
      expect(complaints.unexpected(), "the browser has nothing to complain of").toEqual([]);
    },
    { auto: true },
  ],
});
