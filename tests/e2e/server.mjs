// A plain static server for dist/, under a sub-path and with nothing else beside it: a page that
// asks for anything outside its own folder gets a 404, as it would from a learning platform.
// No rewrites, no fallback page. `node tests/e2e/server.mjs` serves on $E2E_PORT.
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import sirv from "sirv";

export const BASE_PATH = "/some/course/page/";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

/**
 * Serves a built page on a local port (0: any free one).
 *
 * @param {number} port
 * @param {(path: string) => void} onRequest hears of every request, those included that
 *   Playwright does not report: the icon, a worker's.
 * @param {{ pages?: Map<string, string>, headers?: Record<string, string>, dist?: string }} more
 *   documents by path, in place of what dist/ has there; headers of every answer; another folder
 *   than dist/
 * @returns {Promise<import("node:http").Server>} once it listens
 */
export function serveDist(port, onRequest = () => {}, { pages, headers, dist = DIST } = {}) {
  const files = sirv(dist, { dev: true });
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    onRequest(path);
    for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
    const page = pages?.get(path.split("?")[0]);
    if (page !== undefined) {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(page);
      return;
    }
    const notFound = () => {
      response.statusCode = 404;
      response.end("Not found");
    };
    if (!path.startsWith(BASE_PATH)) {
      notFound();
      return;
    }
    request.url = path.slice(BASE_PATH.length - 1);
    files(request, response, notFound);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

/**
 * A port that nobody listens on.
 *
 * @returns {Promise<number>}
 */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await serveDist(Number(process.env.E2E_PORT ?? 4173));
}
