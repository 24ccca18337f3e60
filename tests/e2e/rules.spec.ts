// Several rules at once: laid over one another, looked into, taken away, told apart in a table.
import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { expect, openLab, test } from "./fixtures.ts";
import { FIGURES, getState, painted, pixels, slide } from "./lab.ts";

test("rules are laid over one another, and the legend switches them off and on", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1");
  await painted(page);
  const ids = FIGURES.map((figure) => `${figure}-f1`);
  const alone = await Promise.all(ids.map((id) => pixels(page, id)));
  await expect(page.locator("[data-testid^=toggle-]"), "one rule needs no legend").toHaveCount(0);

  for (const rule of ["rmsprop", "adam"]) await page.locator(`input[name=opt][value=${rule}]`).check();
  expect((await getState(page)).opt).toEqual(["adagrad", "rmsprop", "adam"]);
  await expect(page.locator("[data-testid^=toggle-]")).toHaveCount(3);
  await painted(page);
  for (const [i, id] of ids.entries()) {
    await expect.poll(() => pixels(page, id), { message: id }).not.toBe(alone[i]);
  }
  await expect(page.getByTestId("readout-f1").locator("tbody tr")).toHaveCount(3);

  const followers = ids.filter((id) => !id.startsWith("sweep"));
  const all = await Promise.all(followers.map((id) => pixels(page, id)));
  const toggle = page.getByTestId("toggle-rmsprop");
  await toggle.click();
  await expect(toggle).toHaveAttribute("aria-pressed", "false");
  expect((await getState(page)).hide).toEqual(["rmsprop"]);
  for (const [i, id] of followers.entries()) {
    await expect.poll(() => pixels(page, id), { message: `without: ${id}` }).not.toBe(all[i]);
  }
  await expect(page.getByTestId("readout-f1").locator("tbody tr")).toHaveCount(2);
  await toggle.click();
  await expect(toggle).toHaveAttribute("aria-pressed", "true");
  for (const [i, id] of followers.entries()) {
    await expect.poll(() => pixels(page, id), { message: `again: ${id}` }).toBe(all[i]);
  }
});

test("at most six rules, and at least one", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&opt=adagrad,rmsprop,adam,sgd,momentum,nesterov");
  const seventh = page.locator("input[name=opt][value=newton]");
  await seventh.click();
  await expect(seventh).not.toBeChecked();
  expect((await getState(page)).opt).toHaveLength(6);

  await page.evaluate(() => window.adagradLab.setState({ opt: ["adam"] }));
  const last = page.locator("input[name=opt][value=adam]");
  await last.click();
  await expect(last).toBeChecked();
});

test("the inspector follows the rule looked into, and so do the files", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&opt=adagrad,adam&step=3");
  const inspector = page.getByTestId("inspector-f1");
  await inspector.scrollIntoViewIfNeeded();
  await expect(inspector).toContainText("Adagrad");
  await inspector.getByLabel("Rule looked into").selectOption("adam");
  expect((await getState(page)).rule).toBe("adam");
  await expect(inspector.locator(".inspector-loss")).toContainText("Adam");
  // β₁ is Adam's alone.
  await expect(inspector.locator("math", { hasText: "β" }).first()).toBeVisible();

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("csv-f1").click()]);
  expect(download.suggestedFilename()).toBe("adam-f1.csv");
  const last = (await readFile(await download.path(), "utf8")).trim().split("\n").at(-1)!.split(",");
  const run = await page.evaluate(
    () => window.adagradLab.run({ objective: "f1", optimizer: "adam", learningRate: 0.4, start: [-5, -2], steps: 20 }),
  );
  expect(last.slice(1, 3).map(Number)).toEqual(run.points[20]);
});

test("a drag over the sweep sets the η that the selected rule goes by", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&opt=adagrad,adam&adam.eta=0.1");
  const canvas = page.getByTestId("sweep-f1").locator("canvas");
  await canvas.scrollIntoViewIfNeeded();
  const box = (await canvas.boundingBox())!;
  // η there is about 2, and far from both in force.
  const there = { position: { x: 0.85 * box.width, y: box.height / 2 } };
  await canvas.click(there);
  const shared = (await getState(page)).eta;
  expect(shared).not.toBe(0.4);
  expect((await getState(page))["adam.eta"]).toBe(0.1);

  await page.evaluate(() => window.adagradLab.setState({ rule: "adam" }));
  await canvas.click(there);
  const state = await getState(page);
  expect(state.eta).toBe(shared);
  expect(state["adam.eta"]).not.toBe(0.1);
});

test("two settings stand side by side, each with controls and files of its own", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1");
  await painted(page);
  await page.getByTestId("compare").click();
  await expect(page.getByTestId("landscape-f1-b")).toBeVisible();
  // Once for the new widths, once for what is drawn at them.
  await painted(page);
  await painted(page);
  const [ofA, ofB] = [await pixels(page, "loss-f1"), await pixels(page, "loss-f1-b")];
  await page.getByTestId("side-B").click();
  await slide(page.locator("#b-eta-0"), 700);
  await expect.poll(() => pixels(page, "loss-f1-b")).not.toBe(ofB);
  expect(await pixels(page, "loss-f1")).toBe(ofA);
  const { eta, other } = await getState(page);
  expect(eta).toBe(0.4);
  expect(other).toContain("eta:");

  const saved = async (id: string): Promise<[string, string]> => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId(id).click()]);
    return [download.suggestedFilename(), await readFile(await download.path(), "utf8")];
  };
  const [[nameOfA, fileOfA], [nameOfB, fileOfB]] = [await saved("csv-f1"), await saved("csv-f1-b")];
  expect([nameOfA, nameOfB]).toEqual(["adagrad-f1.csv", "adagrad-f1-b.csv"]);
  expect(fileOfB).not.toBe(fileOfA);

  await expect.poll(() => new URL(page.url()).searchParams.get("other")).toBe(other);
  await page.reload();
  await expect(page.getByTestId("landscape-f1-b")).toBeVisible();
  expect((await getState(page)).other).toBe(other);
  await page.getByTestId("compare").click();
  await expect(page.getByTestId("landscape-f1-b")).toHaveCount(0);
});

test("B has objectives and a function of its own", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&other=objective:himmelblau,typed;f:x1^2;opt:adam");
  await expect(page.getByTestId("landscape-f1")).toBeVisible();
  await expect(page.getByTestId("landscape-himmelblau-b")).toBeVisible();
  await expect(page.getByTestId("landscape-f1-b")).toHaveCount(0);
  await expect(page.locator("section[aria-label=objective-typed-b] h2")).toHaveText("B: f = x1^2");

  await openLab(page, "?v=1&objective=typed&f=x1%5E2%2Bx2%5E2&other=objective:typed;f:(x1-3)^2%252Bx2^2");
  await expect(page.locator("section[aria-label=objective-typed] h2")).toHaveText("A: f = x1^2+x2^2");
  await expect(page.locator("section[aria-label=objective-typed-b] h2")).toHaveText("B: f = (x1-3)^2+x2^2");
  await page.getByTestId("side-B").click();
  await page.locator("#b-f").fill("x1^4+");
  await expect(page.locator("#b-f-error")).toContainText("The last good function is shown.");
  await expect(page.locator("#f-error span")).toHaveText("");
});

test("what B changes leaves A's rules and the one looked into as they are", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&opt=adagrad,adam&rule=adam&hide=adam&other=eta:2");
  await page.getByTestId("side-B").click();
  await slide(page.locator("#b-eta-0"), 700);
  const state = await getState(page);
  expect(state).toMatchObject({ opt: ["adagrad", "adam"], rule: "adam", hide: ["adam"], eta: 0.4 });
  expect(state.other).not.toBe("eta:2");
});

test("every fact of the rules' table opens a preset that shows it", async ({ page }) => {
  await openLab(page);
  const table = page.getByTestId("rules-table");
  await table.locator("summary").click();
  await expect(table.locator("tbody tr")).toHaveCount(14);
  const facts = table.locator("tbody td");
  await expect(facts).toHaveCount(14 * 5);
  const opens = await facts.evaluateAll((cells) =>
    cells.map((cell) => cell.querySelector("[data-preset]")?.getAttribute("data-preset") ?? "none"),
  );
  const comparisons = page.getByTestId("comparisons");
  await comparisons.locator("summary").click();
  await expect(comparisons.locator("button")).toHaveCount(16);
  const presets = await page
    .locator("[data-testid^=preset-]")
    .evaluateAll((all) => all.map((preset) => preset.getAttribute("data-testid")!.slice("preset-".length)));
  for (const opened of opens) expect(presets).toContain(opened);

  await table.locator("[data-preset=forgetting]").first().click();
  await expect(page.getByTestId("preset-forgetting")).toHaveAttribute("aria-pressed", "true");
  expect((await getState(page)).opt).toContain("rmsprop");
});

// Evidence: the sentence that the preset has in src/settings/comparisons.rs.
test("a fact says what is to be seen in its experiment, and a comparison keeps the focus", async ({ page }) => {
  await openLab(page);
  const table = page.getByTestId("rules-table");
  await table.locator("summary").click();
  await table.locator("[data-preset=settling]").first().click();
  const note = page.locator(".preset-note");
  await expect(note).toContainText("gradient descent keeps jumping");
  await page.getByTestId("comparisons").locator("summary").click();
  await expect(page.getByTestId("preset-settling")).toHaveAttribute("aria-pressed", "true");
  const next = page.getByTestId("preset-rare");
  await next.focus();
  await page.keyboard.press("Enter");
  await expect(next).toHaveAttribute("aria-pressed", "true");
  await expect(next).toBeFocused();
  await expect(page.locator("[aria-pressed=true][data-testid^=preset-]")).toHaveCount(1);
  await expect(note).toContainText("x₂ never has a gradient");
  await page.getByTestId("preset-d2l-2").click();
  await expect(page.locator("[aria-pressed=true][data-testid^=preset-]")).toHaveCount(1);
  await expect(note).toContainText("the first step, as long as η");
});

test("where there is no lower bound, no readout; where no minimum is known, in terms of loss", async ({ page }) => {
  await openLab(page, "?v=1&objective=saddle");
  await expect(page.getByTestId("readout-saddle")).toBeHidden();
  await openLab(page, "?v=1&objective=typed&f=x1%5E2%2Bx2%5E2");
  await expect(page.getByTestId("readout-typed")).toContainText("loss at the start");
  await expect(page.getByTestId("readout-typed")).toContainText(/[Tt]en times/);
});

for (const theme of ["light", "dark"]) {
  test(`axe finds nothing where rules are compared, ${theme}`, async ({ page }) => {
    test.slow();
    const rules = "opt=adagrad,rmsprop,adam,sgd,momentum,nesterov&hide=adam";
    await openLab(page, `?v=1&theme=${theme}&objective=f1,typed&${rules}&map=starts&other=objective:f1,typed;eta:2`);
    await page.getByTestId("rules-table").locator("summary").click();
    for (const map of ["map-f1", "map-f1-b", "map-typed", "map-typed-b"]) {
      await expect(page.getByTestId(map).locator("figcaption")).not.toContainText("Computing", { timeout: 60_000 });
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join("; ")}`);
    expect(found).toEqual([]);
    const [wanted, there] = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth];
    });
    expect(wanted, "nothing scrolls sideways").toBeLessThanOrEqual(there);
  });
}
