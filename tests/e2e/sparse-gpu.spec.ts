// The sparse lab on the GPU (in a browser without one, on Chromium's software adapter): the answers
// of the processor, and what becomes of a run where there is no GPU, or no longer, or where it, the
// network or a disk owes an answer that never comes.
import { access, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { expect, figure, openLab, test } from "./fixtures.ts";
import type { Report, Trained } from "./lab.ts";

const RULES = ["adagrad", "sgd", "decay", "counter", "rmsprop", "adam"];

const ZIPF = {
  data: { kind: "zipf", examples: 20_000, features: 50_000, nonzerosPerExample: 32, exponent: 1.1, seed: 1 },
  rules: ["adagrad"],
  learningRate: 0.1,
  epsilon: 1e-8,
  batchSize: 512,
  epochs: 3,
  backend: "webgpu",
};

/** Trains in the page; what is long stays there but for the weights. */
function train(page: Page, specification: unknown): Promise<{ result: Trained; weights: Record<string, number[]>; reports: Report[] }> {
  return page.evaluate(async (specification) => {
    const reports: Report[] = [];
    const result = await window.adagradLab.trainSparse({
      ...(specification as object),
      onProgress: (report: Report) => void reports.push(report),
    });
    const weights = Object.fromEntries(Object.entries(result.rules).map(([name, rule]) => [name, [...rule.weights]]));
    return { result, weights, reports };
  }, specification);
}

/** ‖a − b‖/‖b‖. */
function difference(a: number[], b: number[]): number {
  const norm = (numbers: number[]) => Math.sqrt(numbers.reduce((sum, number) => sum + number * number, 0));
  return norm(a.map((number, place) => number - b[place])) / norm(b);
}

/** The bounds are the issue's: 1e-4 of the weights' norm, 1e-5 of the losses. */
async function expectTheSameAnswer(page: Page, specification: object): Promise<void> {
  const gpus = await train(page, specification);
  const processors = await train(page, { ...specification, backend: "cpu" });
  expect(gpus.result.why).toBe(null);
  expect(gpus.result.backend).toBe("webgpu");
  expect(gpus.result.adapter).not.toBe(null);
  expect([processors.result.backend, processors.result.adapter]).toEqual(["cpu", null]);
  for (const [name, rule] of Object.entries(processors.result.rules)) {
    expect(difference(gpus.weights[name], processors.weights[name]), `${name}: weights`).toBeLessThan(1e-4);
    for (const [epoch, loss] of rule.trainLoss.entries()) {
      const other = gpus.result.rules[name].trainLoss[epoch];
      expect(Math.abs(other / loss - 1), `${name}: loss of epoch ${epoch + 1}`).toBeLessThan(1e-5);
    }
    expect(gpus.result.rules[name].accuracy).toBeCloseTo(rule.accuracy, 3);
  }
}

/** Puts code before the script of every worker that the page starts from text. */
async function inWorkers(page: Page, code: string): Promise<void> {
  await page.addInitScript((code) => {
    const Original = Blob;
    window.Blob = class extends Original {
      constructor(parts: BlobPart[], options?: BlobPropertyBag) {
        super(options?.type === "text/javascript" ? [`{${code}}\n`, ...parts] : parts, options);
      }
    };
  }, code);
}

/** Code that does something in the second epoch of a single rule: at the second read after that of a whole model. */
const inSecondEpoch = (act: string) => `
  const requestDevice = GPUAdapter.prototype.requestDevice;
  let device;
  GPUAdapter.prototype.requestDevice = async function (...descriptor) {
    return (device = await requestDevice.apply(this, descriptor));
  };
  const mapAsync = GPUBuffer.prototype.mapAsync;
  let models = 0;
  let reads = 0;
  GPUBuffer.prototype.mapAsync = function (mode, offset, size) {
    if (size > 4 * ${ZIPF.data.features}) {
      models += 1;
    } else if (models === 1) {
      reads += 1;
      if (reads === 2) { ${act} }
    }
    return mapAsync.call(this, mode, offset, size);
  };`;

test("the same answer on the GPU: synthetic, every rule", async ({ page }) => {
  await openLab(page);
  await expectTheSameAnswer(page, {
    ...ZIPF,
    data: { ...ZIPF.data, examples: 10_000 },
    rules: RULES,
    learningRate: 0.03,
    intercept: true,
    l2: 1e-6,
    heldOut: 0.1,
    epochs: 1,
  });
});

test("the same answer on the GPU: a9a", async ({ page }) => {
  const folder = process.env.ADAGRAD_LAB_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
  const isThere = await access(`${folder}/libsvm/a9a`).then(() => true, () => false);
  if (!isThere) console.log("skipped: no a9a in ADAGRAD_LAB_DATA nor in ../shared/data");
  test.skip(!isThere, "no a9a here");
  const [text, heldOutText] = await Promise.all(["a9a", "a9a.t"].map((name) => readFile(`${folder}/libsvm/${name}`, "utf8")));
  await openLab(page);
  await expectTheSameAnswer(page, { ...ZIPF, data: { kind: "libsvm", text, heldOutText }, batchSize: 256, intercept: true, epochs: 1 });
});

test("the same bits each time", async ({ page }) => {
  await openLab(page);
  const [first, second] = [await train(page, ZIPF), await train(page, ZIPF)];
  expect(second.weights).toEqual(first.weights);
  expect(second.result.rules.adagrad.trainLoss).toEqual(first.result.rules.adagrad.trainLoss);
});

test("auto says what it found; small work and single examples stay on the processor", async ({ page }) => {
  await openLab(page);
  const small = await train(page, { ...ZIPF, backend: "auto" });
  expect(small.result.backend).toBe("cpu");
  expect(small.result.why).toBe("The processor computes: 1.9 million visits of non-zeros are over before a GPU is ready.");
  const large = { ...ZIPF, epochs: 12, backend: "auto" };
  const online = await train(page, { ...large, batchSize: 1 });
  expect(online.result.why).toBe("The processor computes: a batch of 1 has nothing for a GPU to share out.");
  const timed = await train(page, { ...large, epochs: 40 });
  // Which one is faster is the machine's.
  expect(timed.result.why).toMatch(/^The (processor|GPU) computes: it visits \d+ million non-zeros per second, .+ \d+\.$/);
});

for (const [what, code, why] of [
  ["no WebGPU", "delete WorkerNavigator.prototype.gpu;", /^The processor computes: this browser offers no WebGPU here/],
  ["no adapter", "GPU.prototype.requestAdapter = async () => null;", /^The processor computes: no graphics adapter was found/],
  [
    "no device",
    'GPUAdapter.prototype.requestDevice = async () => { throw new DOMException("not today", "OperationError"); };',
    /^The processor computes: the graphics adapter .* gave no device/,
  ],
] as const) {
  test(`${what}: the processor computes, and says why`, async ({ page }) => {
    await inWorkers(page, code);
    await openLab(page);
    const { result, reports } = await train(page, ZIPF);
    expect([result.backend, result.adapter]).toEqual(["cpu", null]);
    expect(result.why).toMatch(why);
    expect(result.rules.adagrad.trainLoss).toHaveLength(3);
    expect(reports.at(-1)?.why).toBe(result.why);
  });
}

test("a device that is lost in the second epoch: nothing is missing, and it says so", async ({ page }) => {
  await inWorkers(page, inSecondEpoch("device.destroy();"));
  await openLab(page);
  const { result, weights, reports } = await train(page, { ...ZIPF, heldOut: 0.1 });
  expect([result.backend, result.adapter]).toEqual(["cpu", null]);
  expect(result.why).toMatch(/^The processor computes from epoch 2 on: on .+, the GPU was lost \(.+\)\.$/);
  const backends = reports.map((report) => report.backend).filter((backend) => backend !== undefined);
  expect([backends[0], backends.at(-1)]).toEqual(["webgpu", "cpu"]);
  // The first epoch's loss is the GPU's, and stays.
  const processors = await train(page, { ...ZIPF, heldOut: 0.1, backend: "cpu" });
  const losses = result.rules.adagrad.trainLoss;
  expect(losses).toHaveLength(3);
  for (const [epoch, loss] of processors.result.rules.adagrad.trainLoss.entries()) {
    expect(Math.abs(losses[epoch] / loss - 1)).toBeLessThan(1e-5);
  }
  expect(difference(weights.adagrad, processors.weights.adagrad)).toBeLessThan(1e-4);
  // One loss of a test for each epoch, and none forgotten on the way.
  const tested = reports.flatMap((report) => (report.rules ? [report.rules.adagrad.testLoss.length] : []));
  expect(tested).toEqual([...tested].sort());
});

test("a worker that a GPU brings down: the page asks the processor", async ({ page }) => {
  await inWorkers(page, inSecondEpoch('throw new Error("a broken driver");'));
  await openLab(page);
  const { result, reports } = await train(page, ZIPF);
  expect(result.backend).toBe("cpu");
  expect(result.why).toContain("a broken driver");
  expect(result.rules.adagrad.trainLoss).toHaveLength(3);
  expect(reports.some((report) => report.backend === "webgpu")).toBe(true);
});

/** Time passes twenty times as fast for what a worker waits for, so that no test waits a minute. */
const HASTE = `
  const setTimer = setTimeout;
  self.setTimeout = (act, ms, ...rest) => setTimer(act, ms / 20, ...rest);`;
const NEVER = "() => new Promise(() => {})";

// What another party owes and never gives, from the adapter to the last number.
for (const [what, code, why] of [
  ["an adapter", `GPU.prototype.requestAdapter = ${NEVER};`, /^The processor computes: the browser was asked for a graphics adapter and did not answer within 15 seconds\.$/],
  ["a device", `GPUAdapter.prototype.requestDevice = ${NEVER};`, /^The processor computes: the browser was asked for a device of the graphics adapter .* and did not answer within 15 seconds\.$/],
  ["a word on errors", `GPUDevice.prototype.popErrorScope = ${NEVER};`, /^The processor computes: on .+, the GPU did not answer within 60 seconds\.$/],
  ["a first number", `GPUBuffer.prototype.mapAsync = ${NEVER};`, /^The processor computes from epoch 1 on: on .+, the GPU did not answer within 60 seconds\.$/],
  ["a number in the second epoch", inSecondEpoch(`return (${NEVER})();`), /^The processor computes from epoch 2 on: on .+, the GPU did not answer within 60 seconds\.$/],
] as const) {
  test(`${what} that never comes: the processor computes, and says why`, async ({ page }) => {
    await inWorkers(page, HASTE + code);
    await openLab(page);
    const { result, weights, reports } = await train(page, { ...ZIPF, heldOut: 0.1 });
    expect([result.backend, result.adapter]).toEqual(["cpu", null]);
    expect(result.why).toMatch(why);
    expect(result.rules.adagrad.trainLoss).toHaveLength(3);
    expect(reports.at(-1)?.why).toBe(result.why);
    const processors = await train(page, { ...ZIPF, heldOut: 0.1, backend: "cpu" });
    expect(difference(weights.adagrad, processors.weights.adagrad)).toBeLessThan(1e-4);
  });
}

test("auto does not wait for ever either", async ({ page }) => {
  await inWorkers(page, `${HASTE} GPU.prototype.requestAdapter = ${NEVER};`);
  await openLab(page);
  const { result } = await train(page, { ...ZIPF, epochs: 40, backend: "auto" });
  expect(result.backend).toBe("cpu");
  expect(result.why).toContain("did not answer within 15 seconds");
});

test("a run on the GPU ends mid-epoch upon a signal", async ({ page }) => {
  await openLab(page);
  const outcome = await page.evaluate(async (specification) => {
    const aborting = new AbortController();
    let heard = 0;
    let aborted = 0;
    const training = window.adagradLab.trainSparse({
      ...specification,
      data: { ...specification.data, examples: 200_000 },
      epochs: 100,
      signal: aborting.signal,
      onProgress: (report: Report) => {
        if (report.stage !== "training") return;
        heard += 1;
        if (heard !== 3) return;
        aborted = performance.now();
        aborting.abort(new Error("enough"));
      },
    });
    const thrown = await training.then(
      () => "it resolved",
      (error: Error) => error.message,
    );
    const heardThen = heard;
    // The worker is free at once.
    const next = await window.adagradLab.trainSparse({ ...specification, epochs: 1, backend: "cpu" });
    return { thrown, isQuiet: heard === heardThen, took: performance.now() - aborted, backend: next.backend };
  }, ZIPF);
  expect(outcome).toMatchObject({ thrown: "enough", isQuiet: true, backend: "cpu" });
  expect(outcome.took).toBeLessThan(5_000);
});

test("@bench batches of 4,096 on the GPU", async ({ page }, testInfo) => {
  await openLab(page);
  const workload = {
    ...ZIPF,
    data: { ...ZIPF.data, examples: 200_000, features: 2 ** 20 },
    batchSize: 4_096,
    epochs: 5,
  };
  const [gpus, processors] = await page.evaluate(async (workload) => {
    const results = [];
    for (const backend of ["webgpu", "cpu"]) {
      const { rules, ...result } = await window.adagradLab.trainSparse({ ...workload, backend });
      results.push({ ...result, loss: rules.adagrad.trainLoss[0] });
    }
    return results;
  }, workload);
  const rate = ({ nonzerosPerSecond }: { nonzerosPerSecond: number }) => `${(nonzerosPerSecond / 1e6).toFixed(1)} million/s`;
  expect(Math.abs(gpus.loss / processors.loss - 1)).toBeLessThan(1e-5);
  figure(testInfo, `batches of 4,096, non-zeros, ${gpus.adapter}`, rate(gpus), "at least 25 million/s, 50 times TensorFlow.js");
  figure(testInfo, "batches of 4,096, non-zeros, processor", rate(processors), "at least 0.6 of online");
});

const VIEW =
  "?view=sparse&examples=20000&features=50000&nonzeros=32&seeds=1&rules=adagrad,sgd&eta=0.1,0.1&batch=512&epochs=6&backend=webgpu";

test("the view trains on the GPU, and says on which", async ({ page }) => {
  await openLab(page, VIEW);
  await expect(page.getByTestId("stage")).toHaveText("Done.", { timeout: 25_000 });
  await expect(page.getByTestId("fact-backend")).toHaveText(/^WebGPU: ./);
  await expect(page.getByTestId("loss-adagrad")).toHaveText(/^0\.\d{4}$/);
  await expect(page.getByTestId("epochs-sgd")).toHaveText("6");
});

test("the view goes on where the GPU is lost, keeps what it showed and says so", async ({ page }) => {
  // Figures and epochs' ends read whole models: the sixth is well within the race.
  await inWorkers(
    page,
    `const requestDevice = GPUAdapter.prototype.requestDevice;
    let device;
    GPUAdapter.prototype.requestDevice = async function (...descriptor) {
      return (device = await requestDevice.apply(this, descriptor));
    };
    const mapAsync = GPUBuffer.prototype.mapAsync;
    let models = 0;
    GPUBuffer.prototype.mapAsync = function (mode, offset, size) {
      if (size > 4 * 50_000 && ++models === 6) device.destroy();
      return mapAsync.call(this, mode, offset, size);
    };`,
  );
  await openLab(page, VIEW);
  await expect(page.getByTestId("stage")).toHaveText("Done.", { timeout: 25_000 });
  await expect(page.getByTestId("fact-backend")).toHaveText("processor (WebAssembly)");
  await expect(page.getByTestId("verdict")).toContainText(/The processor computes from epoch \d on: on .+ lost/);
  await expect(page.getByTestId("epochs-adagrad")).toHaveText("6");
  await expect(page.getByTestId("loss-sgd")).toHaveText(/^0\.\d{4}$/);
});

test("the view says why there is no GPU", async ({ page }) => {
  await inWorkers(page, `Object.defineProperty(navigator, "gpu", { value: undefined });`);
  await openLab(page, VIEW);
  await expect(page.getByTestId("stage")).toHaveText("Done.", { timeout: 25_000 });
  await expect(page.getByTestId("fact-backend")).toHaveText("processor (WebAssembly)");
  await expect(page.getByTestId("verdict")).toContainText("The processor computes: this browser offers no WebGPU here");
});

for (const [what, code, stage] of [
  ["waits for an adapter", `GPU.prototype.requestAdapter = ${NEVER};`, "Choosing where to compute…"],
  ["waits for a number", `GPUBuffer.prototype.mapAsync = ${NEVER};`, "Choosing where to compute…"],
  ["hangs", "GPU.prototype.requestAdapter = () => { for (;;); };", "Choosing where to compute…"],
  [
    "hangs while it trains",
    `const mapAsync = GPUBuffer.prototype.mapAsync;
    let reads = 0;
    GPUBuffer.prototype.mapAsync = function (...range) {
      // The first is before the training, the tenth within it.
      for (reads += 1; reads === 10; );
      return mapAsync.apply(this, range);
    };`,
    /^Training/,
  ],
] as const) {
  test(`a race is stopped whose worker ${what}, and the next one runs`, async ({ page }) => {
    await inWorkers(page, code);
    await openLab(page, VIEW);
    await expect(page.getByTestId("stage")).toHaveText(stage, { timeout: 20_000 });
    // As long as it reports, it would stop by itself.
    await page.waitForTimeout(1_500);
    const began = Date.now();
    await page.getByTestId("stop").click();
    await expect(page.getByTestId("stage")).toHaveText(/^(Ready: press Train\.|Stopped\.)$/, { timeout: 5_000 });
    expect(Date.now() - began, "ms until it is stopped").toBeLessThan(4_000);
    await expect(page.getByTestId("sparse-failure")).toHaveText(
      "The race did not react to Stop, so its worker was ended; Train begins anew.",
    );
    await page.evaluate(() => window.adagradLab.setState({ backend: "cpu" }));
    await page.getByTestId("train").click({ timeout: 1_000 }).catch(() => {}); // It may have begun by itself.
    await expect(page.getByTestId("stage")).toHaveText("Done.", { timeout: 25_000 });
    await expect(page.getByTestId("sparse-failure")).toHaveText("");
  });
}

test("what is asked of a worker that hangs is asked of the next", async ({ page }) => {
  await inWorkers(page, "GPU.prototype.requestAdapter = () => { for (;;); };");
  await openLab(page);
  const outcome = await page.evaluate(async (specification) => {
    const aborting = new AbortController();
    const hanging = window.adagradLab.trainSparse({
      ...specification,
      signal: aborting.signal,
      onProgress: (report: Report) => {
        // Its last word: then it is asked for an adapter.
        if (report.stage === "planning" && report.share === 1) setTimeout(() => aborting.abort(new Error("enough")), 500);
      },
    });
    const next = window.adagradLab.trainSparse({ ...specification, epochs: 1, backend: "cpu" });
    const thrown = await hanging.then(
      () => "it resolved",
      (error: Error) => error.message,
    );
    return { thrown, losses: (await next).rules.adagrad.trainLoss.length };
  }, ZIPF);
  expect(outcome).toEqual({ thrown: "enough", losses: 1 });
});

test("a module that never comes is given up after a minute, in words", async ({ page, context }) => {
  // The page's minute, not what it does meanwhile.
  await page.addInitScript(() => {
    const setTimer = window.setTimeout.bind(window);
    window.setTimeout = ((act: TimerHandler, ms?: number, ...rest: unknown[]) => setTimer(act, (ms ?? 0) >= 60_000 ? 1_000 : ms, ...rest)) as typeof window.setTimeout;
  });
  await context.route(/\/lab-[0-9a-f]+\.js$/, () => {});
  await openLab(page);
  const thrown = await page.evaluate((specification) => {
    return window.adagradLab.trainSparse(specification).then(
      () => "it resolved",
      (error: Error) => error.message,
    );
  }, ZIPF);
  expect(thrown).toBe("the sparse lab could not be loaded (nothing came within a minute)");
});

test("a file that never comes is given up, by name", async ({ page }) => {
  await inWorkers(page, `${HASTE}ReadableStreamDefaultReader.prototype.read = ${NEVER};`);
  await openLab(page);
  const thrown = await page.evaluate((specification) => {
    const data = { kind: "libsvm", text: new Blob(["1 1:1\n-1 2:1\n"]) };
    return window.adagradLab.trainSparse({ ...specification, data, backend: "cpu" }).then(
      () => "it resolved",
      (error: Error) => error.message,
    );
  }, ZIPF);
  expect(thrown).toBe("data.text cannot be read: nothing of it came for 60 seconds");
});
