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
 * @param {string} dist the folder of the built page
 * @returns {Promise<import("node:http").Server>} once it listens
 */
export function serveDist(port, onRequest = () => {}, dist = DIST) {
  const files = sirv(dist, { dev: true });
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    onRequest(path);
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await serveDist(Number(process.env.E2E_PORT ?? 4173));
}
