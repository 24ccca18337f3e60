// What a reader sees of the figures while something moves: every frame's pixels are looked at, since
// the state at the end says nothing of what was seen on the way.
import type { BrowserPage } from "./driver.ts";

/** What was seen from the first change of state to the last. */
export interface Seen {
  /** How many different states the page was in, by `getState()`. */
  states: number;
  /** The figures asked for that were not in sight, in a window of this height. */
  outOfSight: string[];
  heightCssPx: number;
  /** How many different pictures there were of each figure in sight. */
  pictures: Record<string, number>;
}

declare global {
  interface Window {
    /** Ends the watching. */
    watched: () => Seen;
  }
}

/** The parts of a canvas that can be seen count from this many CSS pixels on. */
const LEAST_IN_SIGHT_PX = 40;

/** Looks at those of the figures that are in sight, in every frame until `act` is over. */
export async function watch(browserPage: BrowserPage, figures: string[], act: () => Promise<void>): Promise<Seen> {
  await browserPage.evaluate(
    ({ figures, least }) => {
      const inSight = (canvas: Element) => {
        const { top, bottom } = canvas.getBoundingClientRect();
        return Math.min(bottom, innerHeight) - Math.max(top, 0) >= least;
      };
      const canvases = new Map(
        figures
          .map((id) => [id, [...document.querySelectorAll<HTMLCanvasElement>(`[data-testid=${id}] canvas`)]] as const)
          .filter(([, drawn]) => drawn.some(inSight)),
      );
      const states = new Set<string>();
      const pictures = new Map([...canvases.keys()].map((id) => [id, new Set<string>()]));
      let isWatching = true;
      const look = () => {
        if (!isWatching) return;
        states.add(JSON.stringify(window.adagradLab.getState()));
        for (const [id, drawn] of canvases) {
          pictures.get(id)!.add(drawn.map((canvas) => canvas.toDataURL()).join());
        }
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
      window.watched = () => {
        isWatching = false;
        const counts = [...pictures].map(([id, different]) => [id, different.size]);
        return {
          states: states.size,
          outOfSight: figures.filter((id) => !canvases.has(id)),
          heightCssPx: innerHeight,
          pictures: Object.fromEntries(counts),
        };
      };
    },
    { figures, least: LEAST_IN_SIGHT_PX },
  );
  await act();
  return browserPage.evaluate(() => window.watched());
}
