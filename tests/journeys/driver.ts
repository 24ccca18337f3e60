// What a journey asks of a browser. There is one adapter for each way of driving one.

/** Keys by the names of the DOM's `KeyboardEvent.key`. */
export type Key = "ArrowLeft" | "ArrowRight" | "Tab";

/** A way of driving a browser, reduced to what the journeys need. */
export interface Adapter {
  /**
   * Whether frames come so rarely that a hand which moves on regardless would be at its end before
   * the second one.
   */
  readonly isSlow: boolean;
  /** Resolves once the document and what it loads with it are there. */
  open(url: string): Promise<void>;
  /** The value of an expression in the page; where that is a promise, what it resolves to. */
  value(expression: string): Promise<unknown>;
  /** Places in CSS pixels from the top left corner of what is seen. */
  moveMouse(x: number, y: number): Promise<void>;
  pressMouse(): Promise<void>;
  releaseMouse(): Promise<void>;
  pressKey(key: Key): Promise<void>;
  releaseKey(key: Key): Promise<void>;
  /** The size of what is seen of the page, in CSS pixels. */
  resize(width: number, height: number): Promise<void>;
  close(): Promise<void>;
}

/** A point of what is seen, in CSS pixels from its top left corner. */
export interface Point {
  x: number;
  y: number;
}

/** Between two moves of a hand: about two frames. */
const MOVE_MS = 30;

/** A browser with one page, as the journeys use it. */
export class BrowserPage {
  constructor(private readonly adapter: Adapter) {}

  /** Opens a page and, where it is the app, waits until it is on screen. */
  async open(url: string): Promise<void> {
    await this.adapter.open(url);
    await this.evaluate(async () => {
      await (window as { adagradLab?: { ready: Promise<unknown> } }).adagradLab?.ready;
    });
  }

  /** Calls `act` in the page. It goes there as text: nothing around it is known to it. */
  async evaluate<T>(act: () => T | Promise<T>): Promise<T>;
  async evaluate<A, T>(act: (argument: A) => T | Promise<T>, argument: A): Promise<T>;
  async evaluate<A, T>(act: (argument: A) => T | Promise<T>, argument?: A): Promise<T> {
    const written = argument === undefined ? "" : JSON.stringify(argument);
    return (await this.adapter.value(`(${act.toString()})(${written})`)) as T;
  }

  /** Presses at the first point, moves through the others and lets go. */
  async drag(points: Point[]): Promise<void> {
    const [{ x, y }, ...way] = points;
    await this.adapter.moveMouse(x, y);
    await this.adapter.pressMouse();
    for (const point of way) {
      await this.adapter.moveMouse(point.x, point.y);
      await this.pace();
    }
    await this.adapter.releaseMouse();
  }

  /** Presses a key again and again, as a keyboard does while it is held, and lets go. */
  async hold(key: Key, times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      await this.adapter.pressKey(key);
      await this.pace();
    }
    await this.adapter.releaseKey(key);
  }

  private async pace(): Promise<void> {
    if (this.adapter.isSlow) await this.evaluate(() => new Promise((frame) => requestAnimationFrame(frame)));
    else await pause(MOVE_MS);
  }

  resize(width: number, height: number): Promise<void> {
    return this.adapter.resize(width, height);
  }

  close(): Promise<void> {
    return this.adapter.close();
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
