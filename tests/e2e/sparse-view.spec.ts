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
  await openSparse(page, `${SMALL.replace("3000", "1000000")}&rules=adagrad,sgd,decay&eta=0.1,0.1,0.1&epochs=1`);
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
      // Six rules on a text: the widest there is, with a word that is wider than its column.
      await openSparse(page, `${SMALL}&data=text&rules=adagrad,sgd,decay,counter,rmsprop,adam&theme=${theme}`);
      const word = "hippopotomonstrosesquippedaliophobia";
      const lines = Array.from({ length: 60 }, (_, i) => (i % 3 ? "ham\tbread butter" : `spam\tmoney ${word}${i}`));
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
