// `window.adagradLab.trainSparse()` in the browser: what it learns, what it says, how it ends early.
import { access, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, figure, openLab, test } from "./fixtures.ts";
import type {} from "./lab.ts";

const ZIPF = {
  data: { kind: "zipf", examples: 5_000, features: 2_000, nonzerosPerExample: 16, exponent: 1.1, seed: 1 },
  rules: ["adagrad"],
  learningRate: 0.1,
  epsilon: 1e-8,
  batchSize: 1,
  epochs: 3,
};

/** The folder of public data sets, which are no part of the repository; none where it is missing. */
async function dataFolder(): Promise<string | undefined> {
  const named = process.env.ADAGRAD_LAB_DATA;
  const folder = named ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));
  return access(`${folder}/libsvm/a9a`).then(
    () => folder,
    () => undefined,
  );
}

test("a synthetic bag of words is learnt, the same bits each time", async ({ page }) => {
  await openLab(page);
  const [result, reports, again] = await page.evaluate(async (specification) => {
    const reports: { stage: string; share: number }[] = [];
    const onProgress = (report: { stage: string; share: number }) => void reports.push(report);
    const result = await window.adagradLab.trainSparse({ ...specification, heldOut: 0.2, onProgress });
    const again = await window.adagradLab.trainSparse({ ...specification, heldOut: 0.2 });
    const plain = (rule: { weights: Float32Array }) => ({ ...rule, weights: [...rule.weights] });
    return [
      { ...result, isTyped: result.rules.adagrad.weights instanceof Float32Array, rule: plain(result.rules.adagrad) },
      reports,
      plain(again.rules.adagrad),
    ] as const;
  }, ZIPF);
  expect(result.backend).toBe("cpu");
  expect(result.adapter).toBe(null);
  expect(result.features).toBe(2_000);
  expect(result.isTyped).toBe(true);
  expect(result.rule.weights).toHaveLength(2_000);
  expect(result.rule.trainLoss).toHaveLength(3);
  expect(result.rule.intercept).toBe(0);
  // An epoch meets every example again: it must be better at them than guessing, ln 2 at w = 0, and
  // than the epoch before.
  const [first, second, third] = result.rule.trainLoss;
  expect(first).toBeLessThan(Math.LN2);
  expect(second).toBeLessThan(first);
  expect(third).toBeLessThan(second);
  expect(result.rule.auc).toBeGreaterThan(0.6);
  expect(result.rule.heldOutLoss).toBeGreaterThan(0);
  expect(result.seconds).toBeGreaterThan(0);
  // Each visit counts: 4,000 examples × 16 × 3 epochs.
  expect(result.nonzerosPerSecond * result.seconds).toBeCloseTo(4_000 * 16 * 3, 0);
  expect(again).toEqual(result.rule);
  for (const report of reports) expect(report.share).toBeLessThanOrEqual(1);
});

test("rules race on the same batches, tuned and with an intercept", async ({ page }) => {
  await openLab(page);
  const rules = ["adagrad", "sgd", "decay", "counter", "rmsprop", "adam"];
  const result = await page.evaluate(
    (specification) => window.adagradLab.trainSparse(specification),
    { ...ZIPF, rules, learningRate: "tuned", batchSize: 64, intercept: true, l2: 1e-6, shuffle: 7, backend: "cpu" },
  );
  expect(Object.keys(result.rules)).toEqual(rules);
  for (const rule of Object.values(result.rules)) {
    expect(rule.trainLoss[2]).toBeLessThan(Math.LN2);
    expect(rule.intercept).not.toBe(0);
    expect(rule.heldOutLoss, "nothing is held out").toBe(null);
    expect(rule.learningRate).toBeGreaterThan(0);
    expect(rule.steps).toBe(Math.ceil(5_000 / 64) * 3);
  }
});

test("a LIBSVM text: indices from 1, bad lines named, a held-out text, gzip", async ({ page }) => {
  await openLab(page);
  const text = "+1 1:1 4:0.5 # first\n-1 2:1\nnonsense\n+1 1:2 qid:3\n-1 2:1 3:1\n";
  const gzipped = [...gzipSync(text)];
  const [plain, packed, from0] = await page.evaluate(
    async ([text, gzipped, rest]) => {
      const train = (text: unknown) =>
        window.adagradLab.trainSparse({ ...(rest as object), data: { kind: "libsvm", text, heldOutText: "1 1:1\n-1 2:1\n" } });
      const results = [await train(text), await train(new Blob([new Uint8Array(gzipped as number[])]))];
      const from0 = { kind: "libsvm", text, firstIndex: 0 };
      results.push(await window.adagradLab.trainSparse({ ...(rest as object), data: from0 }));
      return results.map((result) => ({ ...result, weights: [...result.rules.adagrad.weights] }));
    },
    [text, gzipped, { ...ZIPF, epochs: 20 }] as const,
  );
  expect(plain.features).toBe(4);
  expect(plain.badLines).toHaveLength(1);
  expect(plain.badLines[0].line).toBe(3);
  expect(plain.rules.adagrad.accuracy).toBe(1);
  expect(plain.rules.adagrad.auc).toBe(1);
  expect(plain.weights[0]).toBeGreaterThan(0);
  expect(plain.weights[1]).toBeLessThan(0);
  expect(packed.weights).toEqual(plain.weights);
  expect(plain).toMatchObject({ firstIndex: 1, words: null, labels: ["-1", "1"] });
  // Its feature 0 does not occur.
  expect(from0).toMatchObject({ firstIndex: 0, features: 5 });
  expect(from0.weights[0]).toBe(0);
});

test("labelled text in any script, cut between characters of two units", async ({ page }) => {
  await openLab(page);
  // Long enough for several chunks.
  const line = (i: number) => (i % 3 ? "ham\tсъешь ещё 𝒜 булок" : "spam\tgratis 𝒜 geld");
  const text = Array.from({ length: 30_000 }, (_, i) => line(i)).join("\n");
  const result = await page.evaluate(
    async ([text, rest]) => {
      const result = await window.adagradLab.trainSparse({ ...(rest as object), data: { kind: "text", text }, heldOut: 0.1 });
      const positive = { kind: "text", text, positive: "ham" };
      const other = await window.adagradLab.trainSparse({ ...(rest as object), data: positive, heldOut: 0.1 });
      return { ...result, weights: [...result.rules.adagrad.weights], otherWeights: [...other.rules.adagrad.weights] };
    },
    [text, ZIPF] as const,
  );
  // gratis, 𝒜, geld, and then the four of the others that are new.
  expect(result.features).toBe(6);
  expect(result.badLineCount).toBe(0);
  expect(result.rules.adagrad.accuracy).toBe(1);
  expect(result.weights[0], "the rarer label is the positive one").toBeGreaterThan(0);
  expect(result).toMatchObject({ words: ["gratis", "𝒜", "geld", "съешь", "ещё", "булок"], labels: ["ham", "spam"] });
  expect(result.otherWeights[0]).toBeLessThan(0);
});

test("a9a, 5 epochs of Adagrad", async ({ page }, testInfo) => {
  const folder = await dataFolder();
  if (!folder) console.log("skipped: no a9a in ADAGRAD_LAB_DATA nor in ../shared/data");
  test.skip(!folder, "no a9a here");
  const [text, heldOutText] = await Promise.all(
    ["a9a", "a9a.t"].map((name) => readFile(`${folder}/libsvm/${name}`, "utf8")),
  );
  await openLab(page);
  const result = await page.evaluate(
    ([text, heldOutText]) =>
      window.adagradLab.trainSparse({
        data: { kind: "libsvm", text, heldOutText },
        rules: ["adagrad"],
        learningRate: 0.1,
        epsilon: 1e-8,
        batchSize: 1,
        epochs: 5,
        backend: "cpu",
      }),
    [text, heldOutText] as const,
  );
  const { accuracy } = result.rules.adagrad;
  figure(testInfo, "a9a, 5 epochs, held-out accuracy", accuracy.toFixed(4), "at least 0.845");
  figure(testInfo, "a9a, 5 epochs, training", `${result.seconds.toFixed(2)} s`, "under 2 s");
  figure(testInfo, "a9a, reading and planning", `${result.prepareSeconds.toFixed(2)} s`);
  // The collection names 123 features; the last occurs in neither file, and weights end where indices do.
  expect(result.features).toBe(122);
  expect(accuracy).toBeGreaterThanOrEqual(0.845);
  expect(result.seconds).toBeLessThan(2);
});

test("a signal ends it mid-epoch, with its own reason, and the next one runs", async ({ page }) => {
  await openLab(page);
  const outcome = await page.evaluate(async (specification) => {
    const long = {
      ...specification,
      data: { ...specification.data, examples: 200_000, features: 100_000, nonzerosPerExample: 32 },
      epochs: 100,
    };
    const aborting = new AbortController();
    const heard: number[] = [];
    const onProgress = (report: { stage: string; share: number }) => {
      if (report.stage !== "training") return;
      heard.push(report.share);
      if (heard.length === 2) aborting.abort(new Error("enough"));
    };
    const training = window.adagradLab.trainSparse({ ...long, signal: aborting.signal, onProgress });
    const thrown = await training.then(
      () => "it resolved",
      (error: Error) => error.message,
    );
    const heardThen = heard.length;
    const next = await window.adagradLab.trainSparse(specification);
    const before = await window.adagradLab
      .trainSparse({ ...specification, signal: AbortSignal.abort() })
      .catch((error: Error) => error.name);
    return { thrown, heardThen, heardAtLast: heard.length, heard, loss: next.rules.adagrad.trainLoss[2], before };
  }, ZIPF);
  expect(outcome.thrown).toBe("enough");
  expect(outcome.heardAtLast, "nothing is heard after the end").toBe(outcome.heardThen);
  expect(Math.max(...outcome.heard), "in its first epoch").toBeLessThan(0.01 * 5);
  expect(outcome.loss).toBeLessThan(Math.LN2);
  expect(outcome.before).toBe("AbortError");
});

test("what is asked while another trains does not wait longer and longer", async ({ page }) => {
  await openLab(page);
  const latest = await page.evaluate(async (specification) => {
    const aborting = new AbortController();
    const long = { ...specification, data: { ...specification.data, examples: 200_000 }, epochs: 1_000, signal: aborting.signal };
    const training = window.adagradLab.trainSparse(long).catch(() => "dropped");
    const times: number[] = [];
    for (let asked = 0; asked < 60; asked += 1) {
      const began = performance.now();
      await window.adagradLab.trainSparse({ ...specification, epochs: 0 }).catch(() => "refused");
      times.push(performance.now() - began);
    }
    aborting.abort();
    await training;
    return Math.min(...times.slice(-10));
  }, ZIPF);
  // Two slices of 10 ms; one more for each before it, and it would be 500 ms.
  expect(latest).toBeLessThan(200);
});

/** A LIBSVM file of 50 MB, made in the page: some 2 MB of random examples, again and again. */
function fileOf50Megabytes(): Blob {
  let state = 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let lines = "";
  while (lines.length < 2e6) {
    lines += random(2) === 0 ? "-1" : "+1";
    let index = 0;
    for (let entry = 0; entry < 16; entry += 1) {
      index += 1 + random(3_000);
      lines += ` ${index}:0.${1 + random(99)}`;
    }
    lines += "\n";
  }
  return new Blob(Array<string>(Math.ceil(50e6 / lines.length)).fill(lines));
}

test("a file of 50 MB is read, and dropped while it is read", async ({ page }, testInfo) => {
  await openLab(page);
  await page.evaluate(`window.file = (${fileOf50Megabytes})()`);
  const outcome = await page.evaluate(async (specification) => {
    const { file } = window as unknown as { file: Blob };
    const small = specification.data;
    const large = { ...specification, data: { kind: "libsvm", text: file }, epochs: 5, heldOut: 0.1 };
    const stages: string[] = [];
    let bytes = 0;
    const onProgress = (report: { stage: string; bytes?: number }) => {
      if (stages.at(-1) !== report.stage) stages.push(report.stage);
      bytes = report.bytes ?? bytes;
    };
    const trained = await window.adagradLab.trainSparse({ ...large, onProgress });
    const aborting = new AbortController();
    let aborted = NaN;
    const dropped = window.adagradLab.trainSparse({
      ...large,
      signal: aborting.signal,
      onProgress: ({ stage, share }: { stage: string; share: number }) => {
        if (stage !== "reading" || share < 0.2 || !Number.isNaN(aborted)) return;
        aborted = performance.now();
        aborting.abort();
      },
    });
    const name = await dropped.catch((error: Error) => error.name);
    const rejected = performance.now() - aborted;
    // The worker is free when it has prepared the next one, of a thousand examples.
    await window.adagradLab.trainSparse({ ...specification, data: { ...small, examples: 1_000 }, epochs: 1 });
    const { prepareSeconds, badLineCount, features, rules } = trained;
    return {
      megabytes: file.size / 1e6,
      prepareSeconds,
      badLineCount,
      features,
      loss: rules.adagrad.trainLoss[0],
      stages,
      bytes,
      name,
      rejected,
      free: performance.now() - aborted,
    };
  }, ZIPF);
  expect(outcome.megabytes).toBeGreaterThan(50);
  expect(outcome.badLineCount).toBe(0);
  expect(outcome.features).toBeGreaterThan(30_000);
  expect(outcome.loss).toBeGreaterThan(0);
  expect(outcome.stages[0]).toBe("reading");
  expect(outcome.stages).toContain("training");
  expect(outcome.name).toBe("AbortError");
  figure(testInfo, "LIBSVM file of 50 MB, read", `${outcome.prepareSeconds.toFixed(2)} s`, "at most 10 s");
  figure(testInfo, "its examples and the model in memory", `${(outcome.bytes / 1e6).toFixed(0)} MB`);
  figure(testInfo, "dropped while it is read: rejected", `${outcome.rejected.toFixed(0)} ms`, "at most 200 ms");
  figure(testInfo, "dropped while it is read: next result", `${outcome.free.toFixed(0)} ms`);
  // About ten times what it takes on two cores; reading that is quadratic anywhere takes minutes.
  expect(outcome.prepareSeconds).toBeLessThan(10);
  expect(outcome.rejected).toBeLessThan(200);
});

const RULES = '"adagrad", "sgd", "decay", "counter", "rmsprop" or "adam"';

for (const [what, changed, message] of [
  ["a rule", { rules: ["newton"] }, `rules must be a list of ${RULES}, each at most once, got ["newton"]`],
  ["a rate", { learningRate: 0 }, 'learningRate must be a finite number above 0, "tuned", or a list of one for each rule, got 0'],
  ["a size", { batchSize: 0 }, "batchSize must be a whole number from 1 to 1048576, got 0"],
  ["a signal", { signal: 5 }, "signal must be an AbortSignal, got 5"],
  ["a function", { onProgress: "log" }, 'onProgress must be a function, got "log"'],
  ["data", { data: { ...ZIPF.data, exponent: 3 } }, "data.exponent must be from 0 to 2, got 3"],
  ["a kind", { data: { kind: "csv" } }, 'data.kind must be "zipf", "libsvm" or "text", got "csv"'],
  ["a text", { data: { kind: "libsvm", text: 5 } }, "data.text must be a string, or a Blob of text, gzipped or not, got 5"],
  ["an empty text", { data: { kind: "libsvm", text: "" } }, "data.text: there is no example in it"],
] as const) {
  test(`a refusal names ${what}, what was given and what is allowed`, async ({ page }) => {
    await openLab(page);
    const thrown = await page.evaluate(
      (specification) =>
        window.adagradLab.trainSparse(specification).then(
          () => "nothing",
          (error: unknown) => (error instanceof Error ? error.message : "not an Error"),
        ),
      { ...ZIPF, ...changed },
    );
    expect(thrown).toBe(message);
  });
}

test("what cannot be sent fails alone", async ({ page }) => {
  await openLab(page);
  const [refusals, loss] = await page.evaluate(async (specification) => {
    const running = window.adagradLab.trainSparse(specification);
    const refused = (changed: object) =>
      window.adagradLab.trainSparse({ ...specification, ...changed }).then(
        () => "nothing",
        (error: Error) => error.message,
      );
    const refusals = [await refused({ epochs: () => 1 }), await refused({ data: { kind: () => 1 } })];
    return [refusals, (await running).rules.adagrad.trainLoss[0]] as const;
  }, ZIPF);
  expect(refusals[0]).toBe("epochs must be plain data, got a function");
  expect(refusals[1]).toContain("could not be cloned");
  expect(loss).toBeLessThan(Math.LN2);
});

/** The sparse lab in its worker, as the page starts it: one race, driven by messages. */
async function driveARace(): Promise<Record<string, unknown>> {
  const folder = new URL(".", location.href).href;
  const script = document.querySelector<HTMLMetaElement>('meta[name="module:lab"]')?.content ?? "";
  const boot = `
    const waiting = [];
    onmessage = (event) => waiting.push(event);
    importScripts("${folder}${script}");
    wasm_bindgen({ module_or_path: "${folder}${script.replace(/\.js$/, "_bg.wasm")}" }).then(() => waiting.forEach((event) => onmessage(event)));
  `;
  const worker = new Worker(URL.createObjectURL(new Blob([boot], { type: "text/javascript" })));
  type Part = Record<string, any>;
  const parts: Part[] = [];
  let heard = () => {};
  worker.onmessage = ({ data: [, what, part] }) => {
    if (what === "failed") throw new Error(part);
    parts.push(part);
    heard();
  };
  /** The first part from `from` on that is it. */
  const next = async (is: (part: Part) => boolean, from = 0): Promise<Part> => {
    for (;;) {
      const found = parts.slice(from).find(is);
      if (found) return found;
      await new Promise<void>((resolve) => (heard = resolve));
    }
  };
  const ask = (about: string, ...message: unknown[]): Promise<Part> => {
    const from = parts.length;
    worker.postMessage([1, ...message]);
    return next((part) => part.about === about, from);
  };
  const steps = (report: Part): number[] => Object.values(report.rules as Record<string, { steps: number }>).map((rule) => rule.steps);
  const link =
    "view=sparse&examples=200000&features=5000&rules=adagrad,sgd&eta=0.1,0.05&batch=32&epochs=500&heldout=0.1&seeds=2";
  worker.postMessage([1, "race", link]);
  const data = await next((part) => part.about === "data");
  await next((part) => part.stage === "training");
  /** The first report after a message that is it: a pause lets the rules draw level, so that it has several. */
  const reported = (is: (report: Part) => boolean, ...message: unknown[]): Promise<Part> => {
    const from = parts.length;
    worker.postMessage([1, ...message]);
    return next((part) => part.about === "report" && is(part), from);
  };
  const areLevel = (report: Part) => new Set(steps(report)).size === 1;
  const paused = await reported((report) => report.isPaused && areLevel(report), "pause");
  const stepped = [steps(paused)];
  for (let i = 0; i < 2; i++) {
    const before = stepped[i][0];
    stepped.push(steps(await reported((report) => areLevel(report) && steps(report)[0] > before, "step")));
  }
  const changed = await reported((report) => report.rules.sgd.learningRate === 0.5, "rate", "sgd", 0.5);
  const figures: Part = {};
  for (const [about, ...more] of [["densities", 20, 10], ["deciles"], ["growth"], ["words", 3], ["ratios"]] as const) {
    figures[about] = (await ask(about, about, ...more)).rules;
  }
  const weights = await new Blob((await ask("weights", "weights", "sgd")).parts).text();
  const from = parts.length;
  worker.postMessage([1, "resume"]);
  await next((part) => part.about === "report" && !part.isPaused && steps(part)[0] > stepped[2][0], from);
  const stopped = await reported((report) => report.stage === "finished", "stop");
  const reset = await ask("report", "pause").then(() => ask("report", "reset"));
  // Dropped: nothing more is heard.
  worker.postMessage(1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const heardThen = parts.length;
  worker.postMessage([2, "race", "view=sparse&examples=2000&features=500&rules=adagrad,sgd&seeds=3"]);
  await next((part) => part.stage === "finished", heardThen);
  worker.postMessage([2, "repeat"]);
  const spreads = await next((part) => part.about === "spreads" && part.dataSets === 3, heardThen);
  worker.terminate();
  return {
    data: data.data,
    paused: paused.isPaused,
    stepped,
    rate: changed.rules.sgd.learningRate,
    figures: {
      cells: [...figures.densities.adagrad.counts].reduce((sum: number, count: number) => sum + count, 0),
      tenths: figures.deciles.sgd.length,
      points: [figures.growth.adagrad.length > 0, figures.growth.sgd.length],
      words: [figures.words.adagrad.frequent.length, figures.words.adagrad.rare.length],
      ratios: [figures.ratios.adagrad.measured, figures.ratios.sgd.measured],
    },
    weights: weights.trim().split("\n").length,
    stopped: stopped.stage,
    reset: [reset.stage, ...steps(reset)],
    spreads: spreads.rules.map((tenths: number[][]) => tenths.length),
  };
}

test("a race is paused, stepped, changed, looked at, stopped, reset, dropped and repeated", async ({ page }) => {
  await openLab(page);
  const race = (await page.evaluate(driveARace)) as Record<string, any>;
  expect(race.data).toMatchObject({ examples: 180_000, heldOut: 20_000, features: 5_000, nonzeros: 6_400_000 });
  expect(race.paused).toBe(true);
  const [[first]] = race.stepped;
  const expected = [0, 1, 2].map((more) => [first + more, first + more]);
  expect(race.stepped, "a step is a batch of every rule").toEqual(expected);
  expect(race.rate).toBe(0.5);
  // Zipf's law leaves none of 5,000 features out in 5,760,000 draws.
  expect(race.figures).toMatchObject({ cells: 5_000, tenths: 10, points: [true, 0], words: [3, 3] });
  expect(race.figures.ratios[0]).toBeGreaterThan(1);
  expect(race.figures.ratios[1]).toBe(1);
  // And the head and the intercept.
  expect(race.weights).toBe(5_002);
  expect(race.stopped).toBe("finished");
  expect(race.reset).toEqual(["training", 0, 0]);
  expect(race.spreads).toEqual([10, 10]);
});
