// The budget of issue 2, section 6: all files the page requests on its first load, with Brotli.
import { brotliCompressSync, constants } from "node:zlib";
import type { AddressInfo } from "node:net";
import { expect, figure, test } from "./fixtures.ts";
import { BASE_PATH, serveDist } from "./server.mjs";

const BUDGET_BYTES = 350_000;

function brotliBytes(content: Buffer): number {
  return brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  }).length;
}

test("first load stays within 350 kB", async ({ page, request }, testInfo) => {
  // A server of its own counts every request, and only this page's.
  const asked = new Set<string>();
  const server = await serveDist(0, (path: string) => asked.add(path));
  try {
    const { port } = server.address() as AddressInfo;
    const origin = `http://127.0.0.1:${port}`;
    const elsewhere: string[] = [];
    page.on("request", (outgoing) => {
      const address = outgoing.url();
      if (address.startsWith("http") && !address.startsWith(origin)) elsewhere.push(address);
    });

    await page.goto(`${origin}${BASE_PATH}`, { waitUntil: "networkidle" });
    await expect(page.locator("body")).not.toBeEmpty();
    // A headless browser may not ask for the icon, a reader's does.
    for (const icon of await page.locator("link[rel~=icon]").all()) {
      const href = await icon.evaluate((link: HTMLLinkElement) => link.href);
      if (href.startsWith(origin)) asked.add(href.slice(origin.length));
    }
    const paths = [...asked];
    expect(elsewhere, "the page asks no other server").toEqual([]);
    expect(paths.some((path) => path.endsWith(".wasm")), "the module was loaded").toBe(true);
    const ofOthers = paths.filter((path) => /\/(engine|lab|lab-page)[-._]/.test(path));
    expect(ofOthers, "the engine and the sparse lab wait for a reader").toEqual([]);

    let total = 0;
    for (const path of paths) {
      const response = await request.get(`${origin}${path}`);
      expect(response.status(), path).toBe(200);
      const content = await response.body();
      const compressed = brotliBytes(content);
      total += compressed;
      const name = path.replace(BASE_PATH, "") || "index.html";
      figure(testInfo, `  ${name}`, `${compressed} B`, `${content.length} B uncompressed`);
    }
    figure(testInfo, "first load, Brotli 11", `${total} B`, `at most ${BUDGET_BYTES} B`);
    expect(total).toBeLessThanOrEqual(BUDGET_BYTES);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
