// The sparse lab's view: every source of data, the race's controls, what can be taken away.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, figure, openLab, test } from "./fixtures.ts";
import { getState, painted, pixels, slide, type } from "./lab.ts";
import type { State } from "./lab.ts";

/** Small enough for a moment; the processor, so that no adapter is waited for. */
const SMALL = "v=1&view=sparse&examples=3000&features=1024&nonzeros=8&seeds=1&backend=cpu";
/** Long enough to be met under way: a minute of training. */
const LONG = `${SMALL.replace("3000", "100000")}&rules=adagrad,sgd,decay&epochs=1000&eta=0.1,0.1,0.1`;

async function openSparse(page: Page, query = SMALL): Promise<void> {
  await openLab(page, query);
  await expect(page.getByTestId("stage")).toBeVisible();
}

const stage = (page: Page) => page.getByTestId("stage");

async function finished(page: Page): Promise<void> {
  await expect(stage(page)).toHaveText("Done.", { timeout: 20_000 });
}

/** A number of the table. */
async function cell(page: Page, id: string): Promise<number> {
  return parseFloat((await page.getByTestId(id).textContent()) ?? "");
}

test("the view makes its point by itself within ten seconds", async ({ page }, testInfo) => {
  const began = Date.now();
  await openSparse(page, "?view=sparse");
  await expect(stage(page)).toHaveText(/^Done/, { timeout: 20_000 });
  const seconds = (Date.now() - began) / 1000;
  figure(testInfo, "sparse lab: from the click to the first verdict", `${seconds.toFixed(1)} s`, "at most 10 s");
  expect(seconds).toBeLessThan(10);
  await expect(page.getByTestId("verdict")).toContainText("Adagrad");
  // The default's point: of the three it has the lowest loss on what it has not seen.
  const losses = await Promise.all(["adagrad", "sgd", "decay", "counter"].map((rule) => cell(page, `loss-${rule}`)));
  expect(Math.min(...losses)).toBe(losses[0]);
  // Then the same on four more data sets.
  await expect(page.getByTestId("sparse-deciles").locator("figcaption")).toContainText("over 5 data sets", {
    timeout: 30_000,
  });
});

test("a script reads and changes what is raced", async ({ page }) => {
  await openSparse(page);
  await finished(page);
  expect(await getState(page)).toMatchObject({
    data: "zipf",
    examples: 3000,
    rules: ["adagrad", "sgd", "decay", "counter"],
    eta: ["tuned", "tuned", "tuned", "tuned"],
    batch: 1,
    backend: "cpu",
  });
  await page.evaluate(() => window.adagradLab.setState({ batch: 64, eta: ["tuned", 1], rules: ["adagrad", "sgd"] }));
  await expect(page.getByTestId("loss-counter")).toHaveCount(0);
  await finished(page);
  expect(await getState(page)).toMatchObject({ rules: ["adagrad", "sgd"], eta: ["tuned", 1], batch: 64 });
  await expect.poll(() => page.url()).toContain("batch=64");

  // What is in force already changes nothing; parts are set in the link's order, whatever theirs is.
  const state = await getState(page);
  await page.evaluate((state) => window.adagradLab.setState(state), state);
  await expect(stage(page)).toHaveText("Done.");
  await page.evaluate(() => window.adagradLab.setState({ nonzeros: 64, features: 2048, data: "zipf" }));
  expect(await getState(page)).toEqual({ ...state, nonzeros: 64, features: 2048 });
  await expect(page.getByTestId("fact-features")).toHaveText("2,048");
  await finished(page);

  // What another race came to is not taken for that of a file to come.
  await expect(page.getByTestId("of-before")).toHaveText("");
  await page.evaluate(() => window.adagradLab.setState({ data: "text" }));
  await expect(page.getByTestId("of-before")).toHaveText("What is shown is of the race before.");
  await page.evaluate((state) => window.adagradLab.setState(state), state);
  await finished(page);

  // All or none, and told what is allowed.
  const refused = (partial: State) =>
    page.evaluate(async (partial) => {
      try {
        window.adagradLab.setState(partial);
        return "";
      } catch (error) {
        return String(error);
      }
    }, partial);
  expect(await refused({ epochs: 2, batch: -3 })).toMatch(/^Error: batch cannot be “-3”: allowed is .*1/);
  expect(await refused({ words: 2 })).toMatch(/^Error: unknown part of a race on zipf "words", given as 2: allowed are data, /);
  expect(await refused({ data: "text", alpha: 1 })).toContain('unknown part of a race on text "alpha"');
  expect(await refused({ data: "text", file: "other.txt" })).toContain('unknown part of a race on text "file"');
  expect(await getState(page)).toMatchObject({ data: "zipf", epochs: 1, batch: 64 });
});

test("what is changed is trained on at once, and the link has it", async ({ page }) => {
  await openSparse(page);
  await finished(page);
  await expect(page.getByTestId("fact-features")).toContainText("1,024");
  await type(page.getByTestId("sparse-features"), "2048");
  await expect(page.getByTestId("fact-features")).toContainText("2,048");
  await finished(page);
  await expect.poll(() => page.url()).toContain("features=2048");
  await page.reload();
  await expect(page.getByTestId("sparse-features")).toHaveValue("2048");
  await expect(page.getByTestId("fact-features")).toContainText("2,048");

  // What cannot be is told, and the nearest is in force.
  await type(page.getByTestId("sparse-nonzeros"), "1000");
  await expect(page.getByRole("alert")).toContainText("nonzeros cannot be “1000”");
  await expect(page.getByTestId("sparse-nonzeros")).toHaveValue("128");
  await type(page.getByTestId("sparse-nonzeros"), "many");
  await expect(page.getByRole("alert")).toContainText("“many”");
  await expect(page.getByTestId("sparse-nonzeros")).toHaveValue("128");
});

test("rules join, leave and are hidden; one stays", async ({ page }) => {
  await openSparse(page);
  await finished(page);
  const panel = page.getByRole("complementary");
  await panel.getByLabel("Adam", { exact: true }).check();
  await expect(page.getByTestId("loss-adam")).toHaveText(/^0\.\d{4}$/, { timeout: 20_000 });
  for (const rule of ["SGD", "SGD with η₀/√t", "occurrence counter", "Adam"]) await panel.getByLabel(rule, { exact: true }).uncheck();
  await panel.getByLabel("Adagrad", { exact: true }).click();
  await expect(panel.getByLabel("Adagrad", { exact: true })).toBeChecked();

  await page.goto(`./?${SMALL}`);
  await finished(page);
  await painted(page);
  const before = await pixels(page, "sparse-deciles");
  await page.getByTestId("toggle-sgd").click();
  await expect(page.getByTestId("toggle-sgd")).toHaveAttribute("aria-pressed", "false");
  await painted(page);
  expect(await pixels(page, "sparse-deciles")).not.toBe(before);
});

test("a race is paused, stepped, resumed, given another rate, reset and stopped", async ({ page }) => {
  await openSparse(page, LONG);
  // What takes long is not begun unasked.
  await expect(stage(page)).toHaveText("Ready: press Train.");
  await page.getByTestId("train").click();
  await expect(stage(page)).toHaveText(/^Training/);
  await page.getByTestId("pause").click();
  await expect(stage(page)).toHaveText(/^Paused/);
  const lossAt = () => page.getByTestId("progressive-adagrad").textContent();
  const resting = await lossAt();
  await page.waitForTimeout(300);
  expect(await lossAt(), "a paused race rests").toBe(resting);
  // Online, a batch is one example of 80,000: many show in the mean of an epoch.
  for (let i = 0; i < 40; i++) await page.getByTestId("step").click();
  await expect(stage(page)).toHaveText(/^Paused/);

  await type(page.getByTestId("sparse-eta-sgd"), "0.5");
  await expect(page.getByTestId("rate-sgd")).toHaveText("0.5, changed on the way");
  await type(page.getByTestId("sparse-eta-sgd"), "-1");
  await expect(page.getByRole("alert")).toContainText("η of SGD cannot be “-1”");
  await expect(page.getByTestId("sparse-eta-sgd")).toHaveValue("0.5");

  await page.getByTestId("pause").click();
  await expect(stage(page)).toHaveText(/^Training/);
  await expect.poll(() => cell(page, "epochs-sgd")).toBeGreaterThan(0);
  await page.getByTestId("restart").click();
  await expect(stage(page)).toHaveText(/^Training/);
  await page.getByTestId("stop").click();
  await expect(stage(page)).toHaveText("Stopped.");
  await expect.poll(() => page.url()).toContain("eta=0.1%2C0.5%2C0.1".replaceAll("%2C", ","));
});

test("a large data set can be stopped while it is generated", async ({ page }) => {
  const large = SMALL.replace("3000", "1000000").replace("nonzeros=8", "nonzeros=32");
  await openSparse(page, `${large}&rules=adagrad,sgd,decay&eta=0.1,0.1,0.1&epochs=1`);
  await expect(stage(page)).toHaveText(/^Generating/);
  await page.getByTestId("stop").click();
  await expect(stage(page)).toHaveText("Ready: press Train.");
  await page.getByTestId("train").click();
  await expect(stage(page)).toHaveText(/^Generating/);
});

// Rows of one word each, so that every weight is known by its sign.
const LIBSVM = Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? "+1 2:1 7:0.5" : "-1 3:1 7:1")).join("\n");

test("a LIBSVM file is picked, plain or gzipped, dropped or pasted", async ({ page }) => {
  await openSparse(page, `${SMALL}&data=libsvm`);
  await expect(stage(page)).toHaveText("Waiting for a file.");
  await page.getByTestId("file-0").setInputFiles({
    name: "rows.svm.gz",
    mimeType: "application/gzip",
    buffer: gzipSync(`# a comment\n${LIBSVM}\nnonsense\n+1 4:x\n`),
  });
  await finished(page);
  await expect(page.getByTestId("fact-features")).toHaveText("7; 1 is positive, -1 negative");
  await expect(page.getByTestId("fact-nonzeros")).toHaveText("800");
  await expect(page.getByTestId("fact-examples")).toHaveText("320 to train on, 80 held out");
  const bad = page.getByTestId("bad-lines");
  await expect(bad.locator("summary")).toHaveText("2 lines could not be read and are left out");
  await bad.locator("summary").click();
  await expect(bad).toContainText("Line 402");
  await expect.poll(() => page.url()).toContain("file=rows.svm.gz");

  await page.getByLabel("refuse the file").check();
  await page.getByTestId("train").click();
  await expect(page.getByTestId("sparse-failure")).toContainText("402");

  // Dropped, under another name.
  const drop = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "dropped.svm"));
    return data;
  }, LIBSVM);
  await page.getByTestId("drop-zone").dispatchEvent("drop", { dataTransfer: drop });
  await finished(page);
  await expect(page.getByTestId("bad-lines")).toBeHidden();
  await expect.poll(() => page.url()).toContain("file=dropped.svm");

  // Its link names the file, which it cannot contain.
  const link = page.url();
  await page.goto("about:blank");
  await page.goto(link);
  await expect(page.getByText("This link is about the file dropped.svm")).toBeVisible();

  await page.getByTestId("paste").fill(LIBSVM);
  await page.getByTestId("train-pasted").click();
  await finished(page);
  await expect(page.getByTestId("fact-examples")).toHaveText("320 to train on, 80 held out");
});

test("labelled text shows its words", async ({ page }) => {
  await openSparse(page, `${SMALL}&data=text&epochs=3`);
  const lines = Array.from({ length: 300 }, (_, i) => (i % 3 ? "ham\tbread and butter" : "spam\tmoney and luck"));
  await page.getByTestId("file-0").setInputFiles({
    name: "mail.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(lines.join("\n")),
  });
  await finished(page);
  await expect(page.getByTestId("words")).toContainText("A positive weight speaks for spam");
  await expect(page.getByTestId("words")).toContainText("money");
  await type(page.getByTestId("sparse-positive"), "ham");
  await page.getByTestId("train").click();
  await expect(page.getByTestId("words")).toContainText("A positive weight speaks for ham");
  await page.getByTestId("file-0").setInputFiles({ name: "empty.txt", mimeType: "text/plain", buffer: Buffer.from("\n") });
  await expect(page.getByTestId("sparse-failure")).toHaveText("The file: there is no example in it.");
});

test("another feature is watched by a click, from the first batch", async ({ page }) => {
  await openSparse(page);
  await finished(page);
  const caption = page.getByTestId("sparse-growth").locator("figcaption");
  await expect(caption).toContainText("(1×)");
  const canvas = page.getByTestId("sparse-density").locator("canvas");
  const box = await canvas.boundingBox();
  if (!box) throw new Error("the canvas is laid out");
  // In the first panel, a little to the right of its left edge: the rarest gives way.
  const before = await caption.textContent();
  await canvas.click({ position: { x: box.width * 0.14, y: 80 } });
  await expect(caption).not.toHaveText(before ?? "");
  await finished(page);
});

test("figures, numbers and weights can be taken away", async ({ page }) => {
  await openSparse(page);
  await finished(page);
  const saved = async (act: () => Promise<void>) => {
    const [download] = await Promise.all([page.waitForEvent("download"), act()]);
    const text = await readFile(await download.path(), "utf8");
    return { name: download.suggestedFilename(), text };
  };
  const csv = await saved(() => page.getByTestId("sparse-csv").click());
  expect(csv.name).toBe("sparse-lab.csv");
  expect(csv.text.split("\n")).toHaveLength(4 + 2);
  const loss = await cell(page, "loss-adagrad");
  expect(parseFloat(csv.text.split("\n")[1].split(",")[4])).toBeCloseTo(loss, 4);
  const json = JSON.parse((await saved(() => page.getByTestId("sparse-json").click())).text);
  expect(json.rules.adagrad.test[0].loss).toBeCloseTo(loss, 4);
  expect(json.rules.adagrad.deciles).toHaveLength(10);
  const weights = await saved(() => page.getByTestId("weights-adagrad").click());
  expect(weights.name).toBe("sparse-lab-weights-adagrad.csv");
  expect(weights.text.split("\n").slice(0, 2)).toEqual(["feature,occurrences,weight", "(intercept),,0.0"]);
  expect(weights.text.trim().split("\n").length).toBeGreaterThan(900);
  const svg = await saved(() => page.getByRole("button", { name: "Save deciles as SVG" }).click());
  expect(svg.text).toContain("<svg");
});

for (const theme of ["light", "dark"]) {
  for (const width of [320, 1280, 1920]) {
    test(`fits ${width} px, ${theme}`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      // Six rules on a text: the widest there is, with words that are wider than their column, and
      // occur often enough to be shown.
      await openSparse(page, `${SMALL}&data=text&rules=adagrad,sgd,decay,counter,rmsprop,adam&theme=${theme}`);
      const word = "hippopotomonstrosesquippedaliophobia";
      const lines = Array.from({ length: 60 }, (_, i) => (i % 3 ? "ham\tbread butter" : `spam\tmoney ${word}${i % 5}`));
      const buffer = Buffer.from(lines.join("\n"));
      await page.getByTestId("file-0").setInputFiles({ name: `${word}.txt`, mimeType: "text/plain", buffer });
      await finished(page);
      await expect(page.getByTestId("words")).toContainText(word);
      const [wanted, there] = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return [scrollWidth, clientWidth];
      });
      expect(wanted, "nothing scrolls sideways").toBeLessThanOrEqual(there);
    });
  }

  test(`axe finds nothing, ${theme}`, async ({ page }) => {
    test.slow();
    await openSparse(page, `${SMALL}&theme=${theme}`);
    await finished(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join("; ")}`);
    expect(found).toEqual([]);
  });
}

test("the playground and the sparse lab lead to each other", async ({ page }) => {
  await openLab(page);
  await page.getByTestId("to-sparse").click();
  await expect(stage(page)).toBeVisible();
  await page.getByTestId("to-playground").click();
  await expect(page.getByTestId("landscape-f1")).toBeVisible();
});

test("sliders move in the view", async ({ page }) => {
  await openSparse(page);
  await finished(page);
  await slide(page.locator("#sparse-alpha-slider"), 0);
  await expect(page.getByTestId("sparse-alpha")).toHaveValue("0");
});

/** All that a reader sees of the view as text. */
const said = (page: Page) => page.locator("main").innerText();

async function paste(page: Page, text: string): Promise<void> {
  await page.getByTestId("paste").fill(text);
  await page.getByTestId("train-pasted").click();
}

// Fault 13, with values of its kind: squares that overflow, the least there is, an η that is too large.
for (const [what, text, query] of [
  ["a value whose square overflows", "1 1:3e38 2:1\n-1 2:1\n1 1:3e38\n-1 2:1\n", "eta=0.1,0.1"],
  ["values whose squares are 0", "1 1:1e-45 2:1\n-1 2:1e-45\n1 1:1e-45\n-1 2:1\n", "eta=0.1,0.1&eps=0"],
  ["a rate that is too large", "1 1:1e6 2:1\n-1 1:1e6\n1 1:1e6\n-1 1:1e6 2:1\n", "eta=1e6,1e6"],
] as const) {
  test(`${what}: no sentence and no number that is none`, async ({ page }) => {
    await openSparse(page, `view=sparse&data=libsvm&rules=adagrad,sgd&${query}&epochs=30&backend=cpu&heldout=0.5`);
    await paste(page, text.repeat(3));
    await finished(page);
    await painted(page);
    expect(await said(page)).not.toMatch(/not a number|NaN|∞|\binf|undefined|--|  \./i);
    const [csv] = await Promise.all([page.waitForEvent("download"), page.getByTestId("sparse-csv").click()]);
    expect(await readFile(await csv.path(), "utf8")).not.toMatch(/NaN|inf/i);
    for (const rule of ["adagrad", "sgd"]) {
      const hasDiverged = (await page.getByTestId(`loss-${rule}`).innerText()) === "diverged";
      const accuracy = await page.getByTestId(`accuracy-${rule}`).innerText();
      expect(accuracy === "–", `${rule}: ${accuracy}`).toBe(hasDiverged);
      const [weights] = await Promise.all([page.waitForEvent("download"), page.getByTestId(`weights-${rule}`).click()]);
      expect(await readFile(await weights.path(), "utf8")).not.toMatch(/NaN|inf/i);
    }
  });
}

test("a rule that diverged has no accuracy", async ({ page }) => {
  await openSparse(page, "view=sparse&data=libsvm&rules=adagrad,sgd&eta=0.1,1e6&epochs=3&backend=cpu&heldout=0.5");
  await paste(page, "1 1:3e38 2:1\n-1 2:1\n1 1:3e38\n-1 2:1\n".repeat(3));
  await finished(page);
  await expect(page.getByTestId("loss-sgd")).toHaveText("diverged");
  await expect(page.getByTestId("accuracy-sgd")).toHaveText("–");
  await expect(page.getByTestId("auc-sgd")).toHaveText("–");
  const trained = await page.evaluate(() =>
    window.adagradLab.trainSparse({
      data: { kind: "libsvm", text: "1 1:3e38 2:1\n-1 2:1\n1 1:3e38\n-1 2:1\n" },
      rules: ["sgd"],
      learningRate: 1e6,
      epsilon: 0,
      batchSize: 1,
      epochs: 3,
      backend: "cpu",
    }),
  );
  expect([trained.rules.sgd.accuracy, trained.rules.sgd.auc]).toEqual([null, null]);
});

// Fault 14: 33,554,431 features.
const HUGE = "1 1:1 33554431:1\n-1 1:1\n1 2:1\n-1 3:1\n";

test("a race of more than 1 GB says so and waits", async ({ page }) => {
  test.setTimeout(120_000);
  const rules = "rules=adagrad,sgd,decay,counter,rmsprop,adam&eta=0.1,0.1,0.1,0.1,0.1,0.1";
  await openSparse(page, `view=sparse&data=libsvm&${rules}&backend=cpu&heldout=0`);
  await paste(page, HUGE);
  const warning = page.getByTestId("large-race");
  await expect(warning).toHaveText(
    "This race takes up to 1.7 GB of memory, for 33,554,431 features under 6 rules. WebAssembly has 4 GB at most, and this device may have less.",
    { timeout: 60_000 },
  );
  await expect(stage(page)).toHaveText("Not begun: it is large.");
  await expect(page.getByTestId("train")).toBeHidden();
  await page.waitForTimeout(500);
  await expect(page.getByTestId("fact-memory"), "nothing begins by itself").toHaveText("–");

  await page.getByTestId("stop").click();
  await expect(stage(page)).toHaveText("Ready: press Train.");
  await expect(warning).toHaveText("");
  await expect(page.getByTestId("train-anyway")).toBeHidden();

  // Asked again, and taken back by a change: what was asked was about another race.
  await page.getByTestId("train").click();
  await expect(warning).toContainText("1.7 GB", { timeout: 60_000 });
  await page.evaluate(() => window.adagradLab.setState({ epochs: 2 }));
  await expect(warning).toHaveText("");
  await expect(stage(page)).toHaveText("Ready: press Train.");

  // Four rules are 1.07 GB and a little more.
  await page.evaluate(() => window.adagradLab.setState({ epochs: 1, rules: ["sgd", "decay", "counter", "adagrad"], eta: [0.1, 0.1, 0.1, 0.1] }));
  await page.getByTestId("train").click();
  await expect(warning).toContainText("up to 1.1 GB of memory, for 33,554,431 features under 4 rules", { timeout: 60_000 });
  await page.getByTestId("train-anyway").click();
  await expect(warning).toHaveText("");
  await expect(stage(page)).toHaveText("Done.", { timeout: 90_000 });
  await expect(page.getByTestId("fact-memory")).toHaveText("1100 MB");
});

test("a script hears how much memory a race takes, and may abort it before", async ({ page }) => {
  test.setTimeout(60_000);
  await openLab(page);
  const outcome = await page.evaluate(async (text) => {
    type Heard = { expectedBytes?: number; bytes?: number };
    const race = (specification: object) => {
      const heard: Heard[] = [];
      const aborting = new AbortController();
      const trained = window.adagradLab.trainSparse({
        rules: ["adagrad", "sgd", "decay", "counter", "rmsprop", "adam"],
        learningRate: 0.1,
        epsilon: 1e-8,
        batchSize: 1,
        epochs: 1,
        backend: "cpu",
        signal: aborting.signal,
        onProgress: (report: Heard) => {
          heard.push(report);
          if ((report.expectedBytes ?? 0) > 1e9) aborting.abort(new Error("too much"));
        },
        ...specification,
      });
      return trained.then(() => "trained", (error: Error) => error.message).then((result) => ({ result, heard }));
    };
    const huge = await race({ data: { kind: "libsvm", text } });
    const small = await race({ data: { kind: "zipf", examples: 500, features: 300, nonzerosPerExample: 8, exponent: 1.1, seed: 1 } });
    const expected = (heard: Heard[]) => heard.flatMap((report) => report.expectedBytes ?? []);
    return {
      huge: { result: huge.result, expected: expected(huge.heard), begun: huge.heard.some((report) => report.bytes) },
      small: { result: small.result, expected: expected(small.heard), bytes: small.heard.at(-1)?.bytes },
    };
  }, HUGE);
  expect(outcome.huge).toMatchObject({ result: "too much", begun: false });
  expect(outcome.huge.expected[0] / 1e6).toBeCloseTo((52 * 33_554_432) / 1e6, 0);
  expect(outcome.small.result).toBe("trained");
  expect(outcome.small.expected).toEqual([outcome.small.bytes]);
});

const FIGURES = ["deciles", "learning", "density", "growth"];

/** Each figure's frame: its height. */
async function heights(page: Page): Promise<number[]> {
  const boxes = FIGURES.map((id) => page.getByTestId(`sparse-${id}`).locator(".canvas-frame").boundingBox());
  return (await Promise.all(boxes)).map((box) => Math.round(box?.height ?? 0));
}

for (const width of [320, 1280]) {
  test(`before there is data, frames have their final height and say why they are empty, ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await openSparse(page, "view=sparse&data=libsvm&rules=adagrad,sgd,decay,counter,adam&eta=0.1,0.1,0.1,0.1,0.1&backend=cpu");
    for (const id of FIGURES) {
      const card = page.getByTestId(`sparse-${id}`);
      await expect(card.locator(".figure-message")).toHaveText("To be seen as soon as the rules are trained.");
      await expect(card.locator("canvas")).toBeHidden();
      await expect(card.getByRole("button", { name: "SVG" })).toBeHidden();
    }
    const before = await heights(page);
    expect(Math.min(...before)).toBeGreaterThan(200);
    await paste(page, LIBSVM);
    await finished(page);
    for (const id of FIGURES) {
      const card = page.getByTestId(`sparse-${id}`);
      await expect(card.locator(".figure-message")).toBeHidden();
      await expect(card.locator("canvas")).toBeVisible();
      await expect(card.getByRole("button", { name: "SVG" })).toBeVisible();
    }
    expect(await heights(page)).toEqual(before);
    for (const kind of ["adagrad", "sgd", "decay", "counter", "adam"]) await page.getByTestId(`toggle-${kind}`).click();
    await expect(page.getByTestId("sparse-learning").locator(".figure-message")).toHaveText("Every rule is switched off.");
  });
}

/** How much of what stands under its own and its parents' opacity is seen. */
function opacity(page: Page, selector: string): Promise<number> {
  return page.locator(selector).first().evaluate((element) => {
    let seen = 1;
    for (let at: Element | null = element; at; at = at.parentElement) seen *= Number(getComputedStyle(at).opacity);
    return seen;
  });
}

test("a race on another source than the one chosen is dimmed until that is run", async ({ page }) => {
  const shown = ["[data-testid=sparse-deciles] canvas", "[data-testid=verdict]", "[data-testid=standings]", ".facts"];
  const opacities = async () => Promise.all(shown.map((selector) => opacity(page, selector)));
  await openSparse(page);
  await finished(page);
  expect(await opacities()).toEqual([1, 1, 1, 1]);
  await page.evaluate(() => window.adagradLab.setState({ data: "libsvm" }));
  await expect(page.getByTestId("of-before")).toHaveText("What is shown is of the race before.");
  for (const dimmed of await opacities()) expect(dimmed).toBeLessThan(0.6);
  // What the reader is to do next is not.
  expect(await opacity(page, "[data-testid=stage]")).toBe(1);
  await paste(page, LIBSVM);
  await finished(page);
  await expect(page.getByTestId("of-before")).toHaveText("");
  expect(await opacities()).toEqual([1, 1, 1, 1]);

  // Back again, without a race on the file in between: a moment later, another race is shown.
  await page.evaluate(() => window.adagradLab.setState({ data: "zipf", examples: 3000, features: 1024, nonzeros: 8, seeds: 1 }));
  await finished(page);
  await expect.poll(opacities).toEqual([1, 1, 1, 1]);
});

test("words that occur once or twice are in no list, and counted", async ({ page }) => {
  await openSparse(page, `${SMALL}&data=text&epochs=2&heldout=0&rules=adagrad&eta=0.1`);
  // 24 words that occur 10 times, "twice" and 60 that occur once.
  const often = Array.from({ length: 24 }, (_, i) => `often${String.fromCharCode(97 + i)}`);
  const lines = Array.from({ length: 60 }, (_, i) => {
    const words = often.filter((_, word) => (i + word) % 6 === 0).join(" ");
    return `${i % 3 ? "ham" : "spam"}\t${words} once${String.fromCharCode(97 + (i % 26))}${i < 26 ? "x" : i < 52 ? "y" : "z"}${i < 2 ? " twice" : ""}`;
  });
  await page.getByTestId("file-0").setInputFiles({ name: "mail.txt", mimeType: "text/plain", buffer: Buffer.from(lines.join("\n")) });
  await finished(page);
  const words = page.getByTestId("words");
  await expect(words).toContainText("Rare: the rarer half of those that occur at least three times; 61 words occur less often and are left out.");
  await expect(page.getByTestId("rare-adagrad").locator("tbody tr")).toHaveCount(8);
  expect(await page.getByTestId("rare-adagrad").innerText()).not.toMatch(/once|twice/);
  await expect(page.getByTestId("rare-adagrad")).toContainText("10×");

  // Where no word occurs three times, the list says that it is empty.
  const rare = Array.from({ length: 40 }, (_, i) => `${i % 2 ? "ham" : "spam"}\tword${i}`);
  await page.getByTestId("file-0").setInputFiles({ name: "rare.txt", mimeType: "text/plain", buffer: Buffer.from(rare.join("\n")) });
  await finished(page);
  await expect(page.getByTestId("rare-adagrad")).toHaveText("Rare: none");
});
