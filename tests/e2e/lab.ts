// What the journeys do with an open page: read its state and its figures, move its controls.
import type { Locator, Page } from "@playwright/test";

export type State = Record<string, unknown>;

export interface Lab {
  ready: Promise<unknown>;
  getState(): State;
  setState(partial: State): void;
  // One run's arrays, by the names that the README gives.
  run(specification: unknown): { points: number[][]; losses: number[] };
  trainSparse(specification: unknown): Promise<Trained>;
}

/** What `trainSparse()` resolves to. */
export interface Trained {
  backend: string;
  adapter: string | null;
  why: string | null;
  features: number;
  firstIndex: number | null;
  words: string[] | null;
  labels: string[] | null;
  prepareSeconds: number;
  seconds: number;
  nonzerosPerSecond: number;
  badLineCount: number;
  badLines: { line: number; inHeldOutText: boolean; reason: string }[];
  rules: Record<string, TrainedRule>;
}

/** What `onProgress` hears; the later entries only once the race has begun. */
export interface Report {
  stage: string;
  share: number | null;
  examples?: number;
  expectedBytes?: number;
  bytes?: number;
  backend?: string;
  adapter?: string | null;
  why?: string | null;
  rules?: Record<string, { steps: number; trainLoss: number[]; testLoss: (number | null)[] }>;
}

export interface TrainedRule {
  learningRate: number;
  steps: number;
  trainLoss: number[];
  heldOutLoss: number | null;
  accuracy: number | null;
  auc: number | null;
  intercept: number;
  weights: Float32Array;
}

declare global {
  interface Window {
    adagradLab: Lab;
  }
}

/** Every figure of one objective, as the first part of its test id. */
export const FIGURES = ["landscape", "rates", "accumulator", "loss", "sweep"];

export function getState(page: Page): Promise<State> {
  return page.evaluate(() => window.adagradLab.getState());
}

/** Waits until what changed is drawn: figures draw in the next animation frame. */
export async function painted(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  );
}

/** The pixels of one figure, all its canvases. */
export function pixels(page: Page, id: string): Promise<string> {
  return page
    .getByTestId(id)
    .locator("canvas")
    .evaluateAll((canvases: HTMLCanvasElement[]) => canvases.map((canvas) => canvas.toDataURL()).join());
}

/** Moves a slider to a position, as a finger does: the browser tells of it by `input`. */
export async function slide(slider: Locator, position: number): Promise<void> {
  await slider.evaluate((input: HTMLInputElement, to) => {
    input.value = String(to);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, position);
}

/** Types into a number field and leaves it. */
export async function type(field: Locator, text: string): Promise<void> {
  await field.fill(text);
  await field.blur();
}
