// The sparse lab beside its peers, on the same examples in the same order: natively, in WebAssembly,
// in plain JavaScript, on WebGPU and in TensorFlow.js. Printed, not judged, because machines differ;
// what is checked is that all learn the same. Only `cargo xtask bench` runs it: it asks for cargo.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { build } from "esbuild";
import { expect, figure, openLab, test } from "./fixtures.ts";
import type {} from "./lab.ts";

// A software adapter counts, and Chromium has to be told so.
test.use({ launchOptions: async ({ launchOptions }, use) => {
  await use({ ...launchOptions, args: [...(launchOptions.args ?? []), "--enable-unsafe-webgpu"] });
} });

/** That of benches/sparse_workload.rs. */
const WORKLOAD = {
  data: { kind: "zipf", examples: 200_000, features: 2 ** 20, nonzerosPerExample: 32, exponent: 1.1, seed: 1 },
  rules: ["adagrad"],
  learningRate: 0.1,
  epsilon: 1e-6,
  epochs: 3,
};
const BATCH = 4_096;
/**
 * Each is measured so many times, in turn. Of the speeds the best is printed, as what else runs only
 * slows them; of ratios the median of the rounds' own, in which both met the same weather.
 */
const ROUNDS = 9;
const GPU_ROUNDS = 5;

interface Speed {
  /** Million non-zeros per second. */
  speed: number;
  loss: number;
}

interface Examples {
  rows: number;
  features: number;
  offsets: Uint32Array;
  /** Features, as they were drawn. */
  drawn: Uint32Array;
  /** Their ranks, sorted in each row: as the lab prepares them. */
  ranks: Uint32Array;
  labels: Uint8Array;
}

declare global {
  interface Window {
    /** TensorFlow.js, of which only what is called here matters; loaded by the test. */
    tf: any;
    peerExamples: Examples;
  }
}

/** The native trainer in a process of its own. */
async function natively(file?: string): Promise<{ online: number; batched: number; loss: number }> {
  const bench = ["bench", "--locked", "--quiet", "--package", "adagrad-lab", "--bench", "sparse_workload"];
  const write = file ? ["--", "--write", file] : [];
  const { stdout } = await promisify(execFile)("cargo", [...bench, ...write]);
  return JSON.parse(stdout) as { online: number; batched: number; loss: number };
}

function inTheLab(page: Page, batchSize: number, backend: "cpu" | "webgpu"): Promise<Speed & { ran: string; why: string }> {
  return page.evaluate(async (specification) => {
    const trained = await window.adagradLab.trainSparse(specification);
    const { backend, adapter, why, nonzerosPerSecond, rules } = trained as typeof trained & { why: string | null };
    const ran = adapter === null ? backend : `${backend} (${adapter})`;
    return { ran, why: why ?? "", speed: nonzerosPerSecond / 1e6, loss: rules.adagrad.trainLoss.at(-1)! };
  }, { ...WORKLOAD, batchSize, backend });
}

/** Hands the page the examples that the native trainer wrote. */
async function loadExamples(page: Page, file: string): Promise<void> {
  await page.route("**/peer-examples", async (route) => route.fulfill({ body: await readFile(file) }));
  await page.evaluate(async () => {
    const bytes = await (await fetch("peer-examples")).arrayBuffer();
    const [rows, features] = new Uint32Array(bytes, 0, 2);
    const offsets = new Uint32Array(bytes, 8, rows + 1);
    const drawn = new Uint32Array(bytes, 8 + offsets.byteLength, offsets[rows]);
    const ranks = new Uint32Array(bytes, drawn.byteOffset + drawn.byteLength, offsets[rows]);
    const labels = new Uint8Array(bytes, ranks.byteOffset + ranks.byteLength, rows);
    window.peerExamples = { rows, features, offsets, drawn, ranks, labels };
  });
}

/**
 * Online Adagrad in JavaScript, in a worker like the lab: typed arrays, nothing allocated. Plain, as
 * one would write it, with an array of weights and one of accumulators, on the examples as they were
 * drawn; or with what the lab does to them, ranks sorted in each row and both numbers side by side.
 * Rounding to f32 is left to the arrays: with Math.fround it is slower.
 */
function inJavaScript(page: Page, kind: "plain" | "prepared"): Promise<Speed> {
  return page.evaluate(async ({ learningRate, epsilon, epochs, kind }) => {
    const work = (examples: Examples, learningRate: number, epsilon: number, epochs: number, kind: string): Speed => {
      const { rows, features, offsets, drawn, ranks, labels } = examples;
      const cells = new Float32Array(2 * features);
      const weights = new Float32Array(features);
      const sums = new Float32Array(features);
      let loss = 0;
      const residual = (margin: number, label: number) => {
        const wrongBy = label === 1 ? -margin : margin;
        loss += Math.max(wrongBy, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
        return 1 / (1 + Math.exp(-margin)) - label;
      };
      // Every value is 1, so that all the gradients of an example are one.
      const plain = () => {
        for (let row = 0; row < rows; row += 1) {
          const start = offsets[row];
          const end = offsets[row + 1];
          let margin = 0;
          for (let entry = start; entry < end; entry += 1) margin += weights[drawn[entry]];
          const gradient = residual(margin, labels[row]);
          for (let entry = start; entry < end; entry += 1) {
            const feature = drawn[entry];
            sums[feature] += gradient * gradient;
            weights[feature] -= (learningRate * gradient) / Math.sqrt(sums[feature] + epsilon);
          }
        }
      };
      const prepared = () => {
        for (let row = 0; row < rows; row += 1) {
          const start = offsets[row];
          const end = offsets[row + 1];
          let margin = 0;
          for (let entry = start; entry < end; entry += 1) margin += cells[2 * ranks[entry]];
          const gradient = residual(margin, labels[row]);
          const square = gradient * gradient;
          const step = learningRate * gradient;
          for (let entry = start; entry < end; entry += 1) {
            const cell = 2 * ranks[entry];
            const sum = cells[cell + 1] + square;
            cells[cell + 1] = sum;
            cells[cell] -= step / Math.sqrt(sum + epsilon);
          }
        }
      };
      const epoch = kind === "plain" ? plain : prepared;
      // An epoch for the compiler, as the lab warms up before it counts.
      epoch();
      for (const numbers of [cells, weights, sums]) numbers.fill(0);
      const began = performance.now();
      for (let done = 0; done < epochs; done += 1) {
        loss = 0;
        epoch();
      }
      return { speed: (epochs * offsets[rows]) / (performance.now() - began) / 1e3, loss: loss / rows };
    };
    const script = `onmessage = ({ data }) => postMessage((${work})(...data));`;
    const worker = new Worker(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
    const speed = await new Promise<Speed>((done, failed) => {
      worker.onmessage = ({ data }) => done(data as Speed);
      worker.onerror = ({ message }) => failed(new Error(message));
      worker.postMessage([window.peerExamples, learningRate, epsilon, epochs, kind]);
    });
    worker.terminate();
    return speed;
  }, { ...WORKLOAD, kind });
}

async function loadTensorFlow(page: Page): Promise<void> {
  const contents = `
    export * from "@tensorflow/tfjs-core";
    import "@tensorflow/tfjs-core/dist/register_all_gradients";
    import "@tensorflow/tfjs-backend-webgpu";
  `;
  const resolveDir = fileURLToPath(new URL("../..", import.meta.url));
  const bundle = await build({ stdin: { contents, resolveDir }, bundle: true, globalName: "tf", write: false, logLevel: "error" });
  await page.addScriptTag({ content: bundle.outputFiles[0].text });
}

/**
 * TensorFlow.js on its WebGPU backend with its own Adagrad, which is dense, for a few batches after
 * two for its shaders.
 */
function inTensorFlow(page: Page, batches: number): Promise<Speed> {
  return page.evaluate(async ({ batches, size, learningRate }) => {
    const { tf, peerExamples: { features, offsets, drawn, labels } } = window;
    if (!(await tf.setBackend("webgpu"))) throw new Error("TensorFlow.js has no WebGPU here");
    await tf.ready();
    // All rows have as many non-zeros, of value 1: a batch is a table of indices.
    const width = offsets[1];
    const portion = (batch: number) => ({
      indices: tf.tensor2d(Int32Array.from(drawn.subarray(batch * size * width, (batch + 1) * size * width)), [size, width], "int32"),
      labels: tf.tensor1d(Float32Array.from(labels.subarray(batch * size, (batch + 1) * size))),
    });
    const portions = Array.from({ length: batches }, (_, batch) => portion(batch));
    const train = async (portions: ReturnType<typeof portion>[]) => {
      const weights = tf.variable(tf.zeros([features]));
      // Its accumulator has to start above 0: here at our ε. Its own ε is 1e-7.
      const optimizer = tf.train.adagrad(learningRate, 1e-6);
      let cost: any;
      for (const { indices, labels } of portions) {
        cost?.dispose();
        cost = optimizer.minimize(
          () => tf.losses.sigmoidCrossEntropy(labels, tf.sum(tf.gather(weights, indices), 1)),
          true,
          [weights],
        );
      }
      const [loss] = await cost.data();
      weights.dispose();
      return loss as number;
    };
    await train(portions.slice(0, 2));
    const began = performance.now();
    const loss = await train(portions);
    const seconds = (performance.now() - began) / 1e3;
    for (const { indices, labels } of portions) tf.dispose([indices, labels]);
    return { speed: (batches * size * width) / seconds / 1e6, loss };
  }, { batches, size: BATCH, learningRate: WORKLOAD.learningRate });
}

/** What WebGPU runs on. */
function adapterOf(page: Page): Promise<string | null> {
  return page.evaluate(async () => {
    const gpu = (navigator as { gpu?: { requestAdapter(): Promise<{ info: Record<string, string> } | null> } }).gpu;
    const info = (await gpu?.requestAdapter())?.info;
    return info ? [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(" ") : null;
  });
}

const best = (speeds: number[]) => `${Math.max(...speeds).toFixed(1)} million non-zeros/s`;
/** The median of the rounds' ratios. */
const times = (speeds: number[], others: number[]) => {
  const ratios = speeds.map((speed, round) => speed / others[round]).sort((a, b) => a - b);
  return ratios[Math.floor(ratios.length / 2)].toFixed(2);
};

test("the sparse lab beside its peers", async ({ page, browser }, testInfo) => {
  test.setTimeout(600_000);
  await openLab(page);
  const file = testInfo.outputPath("examples");
  await natively(file);
  await loadExamples(page, file);
  const adapter = await adapterOf(page);
  figure(testInfo, "machine", `${cpus().length} × ${cpus()[0].model.trim()}`);
  figure(testInfo, "browser", `Chromium ${browser.version()}`);
  figure(testInfo, "WebGPU adapter", adapter ?? "none");

  const native: Awaited<ReturnType<typeof natively>>[] = [];
  const lab: Record<"online" | "batched", Speed[]> = { online: [], batched: [] };
  const script: Record<"plain" | "prepared", Speed[]> = { plain: [], prepared: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    native.push(await natively());
    lab.online.push(await inTheLab(page, 1, "cpu"));
    script.plain.push(await inJavaScript(page, "plain"));
    script.prepared.push(await inJavaScript(page, "prepared"));
    lab.batched.push(await inTheLab(page, BATCH, "cpu"));
  }
  // The same bits; and in JavaScript the same but for its roundings.
  expect(lab.online[0].loss).toBe(native[0].loss);
  for (const [{ loss }] of Object.values(script)) expect(Math.abs(loss / native[0].loss - 1)).toBeLessThan(1e-4);
  const speeds = (measured: Speed[]) => measured.map(({ speed }) => speed);
  const online = {
    native: native.map(({ online }) => online),
    lab: speeds(lab.online),
    plain: speeds(script.plain),
    prepared: speeds(script.prepared),
  };
  const batched = { native: native.map(({ batched }) => batched), lab: speeds(lab.batched) };
  figure(testInfo, "online: native", best(online.native));
  figure(testInfo, "online: WebAssembly", best(online.lab));
  figure(testInfo, "online: plain JavaScript", best(online.plain));
  figure(testInfo, "online: JavaScript, prepared as in the lab", best(online.prepared));
  figure(testInfo, "batches of 4,096: native", best(batched.native));
  figure(testInfo, "batches of 4,096: WebAssembly", best(batched.lab));
  figure(testInfo, "online: WebAssembly / native", times(online.lab, online.native), "at least 0.75");
  figure(testInfo, "online: WebAssembly / plain JavaScript", times(online.lab, online.plain), "at least 2.5");
  figure(testInfo, "online: WebAssembly / prepared JavaScript", times(online.lab, online.prepared));
  figure(testInfo, "batches / online: native", times(batched.native, online.native), "at least 0.6");
  figure(testInfo, "batches / online: WebAssembly", times(batched.lab, online.lab), "at least 0.6");

  if (adapter === null) {
    figure(testInfo, "batches of 4,096: WebGPU, TensorFlow.js", "not run: no adapter");
    return;
  }
  await loadTensorFlow(page);
  const gpu: Awaited<ReturnType<typeof inTheLab>>[] = [];
  const tensorFlow: Speed[] = [];
  for (let round = 0; round < GPU_ROUNDS; round += 1) {
    gpu.push(await inTheLab(page, BATCH, "webgpu"));
    tensorFlow.push(await inTensorFlow(page, 8));
  }
  // Halfway through the first epoch's descent from ln 2, whatever its ε.
  expect(tensorFlow[0].loss).toBeLessThan(Math.LN2);
  figure(testInfo, "batches of 4,096: TensorFlow.js on WebGPU, 8 batches", best(speeds(tensorFlow)));
  const refused = gpu.find(({ ran }) => !ran.startsWith("webgpu"));
  if (refused) {
    figure(testInfo, "batches of 4,096: WebGPU", `not run: ${refused.ran}. ${refused.why}`);
    return;
  }
  figure(testInfo, "batches of 4,096: WebGPU", best(speeds(gpu)));
  figure(testInfo, "batches: WebGPU / TensorFlow.js", times(speeds(gpu), speeds(tensorFlow)), "at least 50");
  figure(testInfo, "batches: WebGPU / WebAssembly", times(speeds(gpu), batched.lab), "at least 10 on a real GPU");
});
