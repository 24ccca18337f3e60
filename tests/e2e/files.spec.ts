// Files as spreadsheets, editors and log tools write them, on every way into the sparse lab. The readers
// themselves are tested natively; here is what comes of a file on the page and in trainSparse.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { expect, openLab, test } from "./fixtures.ts";
import type {} from "./lab.ts";

const QUERY = "v=1&view=sparse&seeds=1&backend=cpu&epochs=2";

const lines = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => line(i));
const MAIL = lines(100, (i) => (i % 3 ? "ham\tsee you at café noon" : "spam\twin money now"));

async function give(page: Page, name: string, buffer: Buffer, place = 0): Promise<void> {
  await page.getByTestId(`file-${place}`).setInputFiles({ name, mimeType: "text/plain", buffer });
}

async function finished(page: Page): Promise<void> {
  await expect(page.getByTestId("stage")).toHaveText("Done.", { timeout: 20_000 });
}

const examples = (page: Page) => page.getByTestId("fact-examples");
const failure = (page: Page) => page.getByTestId("sparse-failure");
const bad = (page: Page) => page.getByTestId("bad-lines").locator("summary");

// Evidence: 100 lines, a fifth of which is held out; the header is no example.
for (const [what, name, buffer] of [
  ["a header", "header.txt", Buffer.from(["label\ttext", ...MAIL].join("\n"))],
  ["lone CRs and a header", "mac.txt", Buffer.from(["label\ttext", ...MAIL].join("\r"))],
  ["UTF-16 and a header", "excel.txt", Buffer.from(`\ufefflabel\ttext\r\n${MAIL.join("\r\n")}\r\n`, "utf16le")],
  [
    "gzip of several members and a header",
    "logs.gz",
    Buffer.concat([gzipSync("label\ttext\n"), gzipSync(`${MAIL.slice(0, 50).join("\n")}\n`), gzipSync(MAIL.slice(50).join("\n"))]),
  ],
] as const) {
  test(`a text with ${what} is read`, async ({ page }) => {
    await openLab(page, `${QUERY}&data=text`);
    await give(page, name, buffer);
    await finished(page);
    await expect(examples(page)).toHaveText("80 to train on, 20 held out");
    await expect(bad(page)).toHaveText("1 line could not be read and is left out");
    await bad(page).click();
    await expect(page.getByTestId("bad-lines")).toContainText("Line 1: “label” is the label of a header");
    await expect(page.getByTestId("fact-features")).toContainText("spam is positive, ham negative");
  });
}

test("what is no text is refused by name, in plain words", async ({ page }) => {
  await openLab(page, `${QUERY}&data=text`);
  for (const [name, bytes, said] of [
    ["a.bz2", "BZh91AY&SY\u0001\u0002", "it is compressed with bzip2: unpack it first"],
    ["b.zip", "PK\u0003\u0004\u0014", "it is compressed with zip"],
    ["c.pdf", "%PDF-1.7\n", "it is a PDF file, not text"],
    ["d.txt", "h\0a\0m\0\t\0x\0", "it has bytes of 0"],
    ["e.gz", "\u001f\u008b\u0008\u0000", "this gzip file is damaged"],
  ] as const) {
    await give(page, name, Buffer.from(bytes, "latin1"));
    await expect(failure(page)).toContainText(said);
    // eslint-disable-next-line no-control-regex
    expect(await page.locator("body").innerText(), name).not.toMatch(/[\u0000-\u0008\u000e-\u001f]/);
  }
});

test("columns in another order are asked for, and chosen", async ({ page }) => {
  await openLab(page, `${QUERY}&data=text`);
  const swapped = MAIL.map((line, i) => `${line.split("\t")[1]} ${i}\t${line.split("\t")[0]}`);
  await give(page, "swapped.txt", Buffer.from(swapped.join("\n")));
  await expect(failure(page)).toContainText("choose the column of the label");
  await page.getByLabel("text, label", { exact: true }).check();
  await page.getByTestId("train").click();
  await finished(page);
  await expect(page.getByTestId("fact-features")).toContainText("spam is positive, ham negative");
  await expect.poll(() => page.url()).toContain("columns=2");
});

test("another encoding is offered where characters are lost, and then read", async ({ page }) => {
  await openLab(page, `${QUERY}&data=text`);
  const text = lines(90, (i) => (i % 3 ? "ham\tcafé" : "spam\tmoney"));
  await give(page, "latin.txt", Buffer.from(text.join("\n"), "latin1"));
  await finished(page);
  await expect(page.getByTestId("not-utf8")).toContainText("60 lines are not UTF-8");
  await page.getByLabel("Windows-1252, Latin-1").check();
  await page.getByTestId("train").click();
  await expect(page.getByTestId("not-utf8")).toBeHidden();
  await finished(page);
  await expect(page.getByTestId("words")).toContainText("café");
});

test("one class alone is refused", async ({ page }) => {
  await openLab(page, `${QUERY}&data=text`);
  await give(page, "ham.txt", Buffer.from(lines(30, () => "ham\thello").join("\n")));
  await expect(failure(page)).toContainText("have the label “ham”: a race needs two classes");
});

test("LIBSVM labels are any two numbers", async ({ page }) => {
  await openLab(page, `${QUERY}&data=libsvm`);
  await give(page, "digits.svm", Buffer.from(lines(60, (i) => (i % 2 ? "8 1:1 3:2" : "3 2:1")).join("\n")));
  await finished(page);
  await expect(page.getByTestId("fact-features")).toContainText("8 is positive, 3 negative");
  const svmlight = ["0 1:1", ...lines(60, (i) => (i % 2 ? "+1 1:1" : "-1 2:1"))];
  await give(page, "svmlight.svm", Buffer.from(svmlight.join("\n")));
  await expect(page.getByTestId("fact-features")).toContainText("1 is positive, -1 negative");
  await expect(bad(page)).toHaveText("1 line could not be read and is left out");
});

test("what is dropped is taken, or said not to be", async ({ page }) => {
  await openLab(page, `${QUERY}&data=text`);
  const remark = page.getByTestId("drop-remark");
  const drop = async (fill: (data: DataTransfer, text: string) => void) => {
    const data = await page.evaluateHandle(
      ([fill, text]) => {
        const data = new DataTransfer();
        // eslint-disable-next-line no-eval
        (eval(`(${fill})`) as (data: DataTransfer, text: string) => void)(data, text);
        return data;
      },
      [fill.toString(), MAIL.join("\n")],
    );
    await page.getByTestId("drop-zone").dispatchEvent("drop", { dataTransfer: data });
  };
  await drop((data, text) => {
    for (const name of ["a.txt", "b.txt", "c.txt"]) data.items.add(new File([text], name));
  });
  await expect(remark).toContainText("“a.txt” is taken to train on");
  await expect(remark).toContainText("“b.txt” is taken as the held-out file");
  await expect(remark).toContainText("“c.txt” is left out");
  await finished(page);
  await page.getByTestId("without-held-out").click();
  await drop((data, text) => data.setData("text/plain", text));
  await expect(remark).toContainText("The text is taken to train on");
  await finished(page);
  await expect(examples(page)).toHaveText("80 to train on, 20 held out");
});

test("a file that was changed since it was chosen is to be chosen again", async ({ page }) => {
  const folder = await mkdtemp(join(tmpdir(), "adagrad-lab-"));
  const file = join(folder, "mail.txt");
  try {
    await writeFile(file, MAIL.join("\n"));
    await openLab(page, `${QUERY}&data=text`);
    await page.getByTestId("file-0").setInputFiles(file);
    await finished(page);
    await writeFile(file, `${MAIL.join("\n")}\nham\tmore`);
    // Another setting asks for another race, on the file as it was chosen.
    await page.getByLabel("text, label", { exact: true }).check();
    await page.getByTestId("train").click();
    await expect(failure(page)).toContainText("changed or is gone since it was chosen: choose it again");
  } finally {
    await rm(folder, { recursive: true });
  }
});

// Evidence: the same file the other way round, and the same text in UTF-8.
test("trainSparse takes columns and an encoding, and refuses what it does not know", async ({ page }) => {
  await openLab(page);
  const rest = {
    rules: ["adagrad"],
    learningRate: 0.1,
    epsilon: 1e-6,
    batchSize: 8,
    epochs: 3,
    backend: "cpu",
  };
  const swapped = MAIL.map((line) => line.split("\t").reverse().join("\t")).join("\n");
  const [plain, other, latin, refused] = await page.evaluate(
    async ([rest, plain, swapped, latin]) => {
      const train = (data: object) =>
        window.adagradLab.trainSparse({ ...(rest as object), data: { kind: "text", ...data } });
      const weights = async (data: object) => {
        const result = await train(data);
        return { words: result.words, weights: [...result.rules.adagrad.weights] };
      };
      return [
        await weights({ text: plain }),
        await weights({ text: swapped, columns: [2, 1] }),
        await weights({ text: new Blob([new Uint8Array(latin as number[])]), encoding: "windows-1252" }),
        await train({ text: plain, encoding: "ebcdic" }).catch((error: Error) => error.message),
      ] as const;
    },
    [rest, MAIL.join("\n"), swapped, [...Buffer.from(MAIL.join("\n"), "latin1")]] as const,
  );
  expect(other).toEqual(plain);
  expect(latin).toEqual(plain);
  expect(refused).toContain("data.encoding");
  expect(refused).toContain("windows-1252");
});
