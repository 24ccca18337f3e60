// Browser tests of the built dist/, served as a learning platform would: under a sub-path, by a
// plain static server. `cargo xtask test` builds dist/, picks the browser and runs this.
import { defineConfig } from "@playwright/test";
import { BASE_PATH, freePort } from "./tests/e2e/server.mjs";
import type { Engine } from "./tests/journeys/fixtures.ts";

// Playwright reads this file once more in each of its workers, which inherit the variable.
process.env.E2E_PORT ??= String(await freePort());
const origin = `http://127.0.0.1:${process.env.E2E_PORT}`;

export default defineConfig<object, { engine: Engine }>({
  testDir: "tests/e2e",
  outputDir: "target/e2e",
  forbidOnly: true,
  fullyParallel: true,
  reporter: [["list"], ["./tests/e2e/figures-reporter.ts"]],
  snapshotPathTemplate: "{testDir}/snapshots/{testFileName}/{arg}{ext}",
  use: {
    baseURL: `${origin}${BASE_PATH}`,
    trace: "retain-on-failure",
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.CHROMIUM || undefined,
      // Playwright's default, stated: root cannot have the sandbox, and only our own pages load.
      chromiumSandbox: false,
      args: [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        // WebGPU, where there is no GPU on Chromium's own software adapter.
        "--enable-unsafe-webgpu",
      ],
    },
  },
  projects: [
    { name: "budget", testMatch: "bundle.spec.ts" },
    { name: "browser", testIgnore: ["bundle.spec.ts", "speed.spec.ts", "peers.spec.ts"] },
    // After the others: their pages would be measured with it.
    { name: "speed", testMatch: "speed.spec.ts", dependencies: ["browser"] },
    // `cargo xtask bench` alone asks for it.
    { name: "peers", testMatch: "peers.spec.ts" },
    // The same journeys, one browser after the other: `cargo xtask test browsers` says where each is.
    ...(["chromium", "firefox", "webkit"] as const).map((engine) => ({
      name: engine,
      testDir: "tests/journeys",
      fullyParallel: false,
      use: { engine, trace: "off" as const },
    })),
  ],
  webServer: {
    command: "node tests/e2e/server.mjs",
    url: `${origin}${BASE_PATH}`,
    reuseExistingServer: false,
  },
});
