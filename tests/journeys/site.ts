// What the journeys' browsers open: dist/, with an ear for errors before everything else on the page,
// and a host page that shows the app in two frames. Some ways of driving a browser tell nothing of
// errors on the page or cannot look into a frame, so the page itself answers.
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { BASE_PATH, serveDist } from "../e2e/server.mjs";

declare global {
  interface Window {
    /** What went wrong in this page and in the frames in it. */
    complaints: string[];
  }
}

export interface Site {
  /** The address of the app. */
  app: string;
  /** The address of a page that embeds it, once plainly and once in a sandbox without an origin. */
  host: string;
  close(): void;
}

/** Runs in every document before anything else; the outermost keeps what all of them say. */
function listen(): void {
  const tell = (line: string) => window.top!.postMessage({ complaint: line }, "*");
  if (window === window.top) {
    window.complaints = [];
    addEventListener("message", ({ data }) => {
      if (data?.complaint) window.complaints.push(data.complaint);
    });
  } else {
    // From outside, nothing can be seen of a frame in a sandbox.
    addEventListener("message", async ({ data }) => {
      if (data?.question) window.top!.postMessage({ answer: await eval(data.question) }, "*");
    });
  }
  // A resource that does not come says so on its element alone, which bubbles to nobody.
  addEventListener(
    "error",
    (event) => {
      const source = event.target as Partial<HTMLScriptElement & HTMLLinkElement> | null;
      tell(event.message ? `uncaught: ${event.message}` : `not loaded: ${source?.src ?? source?.href}`);
    },
    true,
  );
  addEventListener("unhandledrejection", (event) => tell(`unhandled rejection: ${event.reason}`));
  for (const level of ["error", "warn", "assert"] as const) {
    const write = console[level].bind(console);
    console[level] = (...words: unknown[]) => {
      write(...words);
      if (level !== "assert" || !words[0]) tell(`console.${level}: ${words.join(" ")}`);
    };
  }
}

const HOST = `<!doctype html><html lang="en"><title>A course page</title>
<input id="answer" aria-label="Answer" autofocus>
<iframe id="plain" src="${BASE_PATH}?v=1&objective=f1&embed=1" width="1000" height="700"></iframe>
<iframe id="sandboxed" sandbox="allow-scripts" src="${BASE_PATH}?v=1&objective=f1&embed=1" width="1000" height="700"></iframe>
</html>`;

export async function openSite(): Promise<Site> {
  const withEar = (html: string) => html.replace(/(?=<title>)/, `<script>(${listen.toString()})()</script>`);
  const index = await readFile(new URL("../../dist/index.html", import.meta.url), "utf8");
  const pages = new Map([
    [BASE_PATH, withEar(index)],
    ["/host.html", withEar(HOST)],
  ]);
  const server = await serveDist(0, undefined, {
    pages,
    // Without it, a frame without an origin of its own may not load the page's module.
    headers: { "access-control-allow-origin": "*" },
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { app: `${origin}${BASE_PATH}`, host: `${origin}/host.html`, close: () => server.close() };
}
