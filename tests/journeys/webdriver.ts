// WebKitGTK's own small browser, driven by its WebKitWebDriver over the W3C's WebDriver protocol, on
// a display of its own in memory.
import { spawn, type ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { freePort } from "../e2e/server.mjs";
import { pause, type Adapter, type Key } from "./driver.ts";

/** Larger than any window that a journey asks for. */
const SCREEN = "1600x4400x24";
const START_MS = 20_000;
/** WebDriver's names of keys are code points of its own. */
const KEYS: Record<Key, string> = { ArrowLeft: "\uE012", ArrowRight: "\uE014", Tab: "\uE004" };

export interface WebKitGtk {
  /** The program WebKitWebDriver. */
  driver: string;
  /** The program MiniBrowser, of the same version. */
  browser: string;
}

export class WebDriverAdapter implements Adapter {
  readonly isSlow = true;

  private constructor(
    private readonly session: string,
    private readonly programs: ChildProcess[],
  ) {}

  static async start({ driver, browser }: WebKitGtk): Promise<WebDriverAdapter> {
    const programs: ChildProcess[] = [];
    try {
      const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", SCREEN, "-nolisten", "tcp"], {
        stdio: ["ignore", "ignore", "inherit", "pipe"],
      });
      programs.push(screen);
      const display = `:${await firstLine(screen)}`;
      const port = await freePort();
      const env = { ...process.env, DISPLAY: display, NO_AT_BRIDGE: "1" };
      programs.push(spawn(driver, [`--port=${port}`], { env, stdio: ["ignore", "ignore", "ignore"] }));
      const address = `http://127.0.0.1:${port}/session`;
      await answering(`http://127.0.0.1:${port}/status`);
      const { sessionId } = await call<{ sessionId: string }>("POST", address, {
        capabilities: {
          alwaysMatch: { "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] } },
        },
      });
      const adapter = new WebDriverAdapter(`${address}/${sessionId}`, programs);
      await adapter.post("timeouts", { script: 120_000, pageLoad: 60_000 });
      return adapter;
    } catch (error) {
      for (const program of programs) program.kill();
      throw error;
    }
  }

  async open(url: string): Promise<void> {
    await this.post("url", { url });
  }

  async value(expression: string): Promise<unknown> {
    const script = `const tell = arguments[0];
      (async () => ${expression})().then((value) => tell({ value }), (error) => tell({ error: String(error) }));`;
    const answer = await this.post<{ value?: unknown; error?: string }>("execute/async", { script, args: [] });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  moveMouse(x: number, y: number): Promise<void> {
    return this.point({ type: "pointerMove", duration: 0, origin: "viewport", x: Math.round(x), y: Math.round(y) });
  }

  pressMouse(): Promise<void> {
    return this.point({ type: "pointerDown", button: 0 });
  }

  releaseMouse(): Promise<void> {
    return this.point({ type: "pointerUp", button: 0 });
  }

  async pressKey(key: Key): Promise<void> {
    // The protocol has no key that repeats itself: a second press of one that is down is passed over.
    await this.releaseKey(key);
    await this.type({ type: "keyDown", value: KEYS[key] });
  }

  releaseKey(key: Key): Promise<void> {
    return this.type({ type: "keyUp", value: KEYS[key] });
  }

  async resize(width: number, height: number): Promise<void> {
    // The protocol speaks of the window, with what the browser has around the page.
    const seen = async () => (await this.value("[innerWidth, innerHeight]")) as [number, number];
    const settled = async () => {
      for (let round = 0; round < 50; round += 1) {
        const [seenWidth, seenHeight] = await seen();
        if (seenWidth === width && seenHeight === height) return true;
        await pause(20);
      }
      return false;
    };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const window = await call<{ width: number; height: number }>("GET", `${this.session}/window/rect`);
      const [seenWidth, seenHeight] = await seen();
      await this.post("window/rect", {
        width: window.width + width - seenWidth,
        height: window.height + height - seenHeight,
      });
      if (await settled()) return;
    }
    throw new Error(`the window cannot be made to show ${width} × ${height}, it shows ${await seen()}`);
  }

  async close(): Promise<void> {
    await call("DELETE", this.session);
    for (const program of this.programs) program.kill();
  }

  private async point(action: object): Promise<void> {
    const mouse = { type: "pointer", id: "mouse", parameters: { pointerType: "mouse" } };
    await this.post("actions", { actions: [{ ...mouse, actions: [action] }] });
  }

  private async type(action: object): Promise<void> {
    await this.post("actions", { actions: [{ type: "key", id: "keyboard", actions: [action] }] });
  }

  private post<T>(what: string, body: object): Promise<T> {
    return call<T>("POST", `${this.session}/${what}`, body);
  }
}

async function call<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`WebDriver: ${value.error}: ${value.message}`);
  return value;
}

/** What Xvfb writes to its third file: the number of the display that it found free. */
function firstLine(screen: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    screen.once("error", (error) => reject(new Error(`Xvfb does not start: ${error.message}`)));
    screen.once("exit", (code) => reject(new Error(`Xvfb ended with ${code}`)));
    (screen.stdio[3] as Readable).once("data", (line: Buffer) => resolve(line.toString().trim()));
  });
}

async function answering(url: string): Promise<void> {
  const until = Date.now() + START_MS;
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (Date.now() > until) throw new Error(`WebKitWebDriver does not answer: ${error}`);
      await pause(50);
    }
  }
}
