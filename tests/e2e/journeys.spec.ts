// Ways through the page as a reader takes them, judged by what the reader then sees.
import type { Locator, Page } from "@playwright/test";
import { Complaints, expect, openLab, test } from "./fixtures.ts";
import { getState, type } from "./lab.ts";

const etaField = (page: Page): Locator => page.getByTestId("eta-0-number");
const stepShown = (page: Page): Locator => page.getByTestId("player").locator("output");
const press = (page: Page, name: string): Promise<void> =>
  page.getByTestId("landscape-f1").getByRole("button", { name }).click();

/** Where it is once it stands in the middle of the window, clear of what sticks to an edge. */
async function centred(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await element.evaluate((node) => node.scrollIntoView({ block: "center", behavior: "instant" }));
  return (await element.boundingBox())!;
}

// Evidence: the number of rows asked for, and that a browser cannot lay out 100,000 of them at once.
// 400 rows are several times what the tallest table shows.
test("all of 100,000 steps are a scroll away, and a click on one goes there", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&steps=100000&step=1");
  const table = page.getByTestId("steps-f1");
  await table.locator("summary").click();
  const scroller = table.getByRole("region", { name: "All steps on f1" });
  const rows = scroller.locator("tbody tr[data-step]");
  await expect(rows.first().getByRole("rowheader")).toHaveText("1");
  await centred(scroller);
  await scroller.evaluate((region) => region.scrollTo({ top: region.scrollHeight, behavior: "instant" }));
  const last = rows.last();
  await expect(last.getByRole("rowheader")).toHaveText("100000");
  await expect(last).toBeInViewport();
  expect(await rows.count()).toBeLessThan(400);

  await expect(scroller.locator("thead").getByRole("columnheader", { name: "loss" })).toBeVisible();
  const row = scroller.locator('tr[data-step="99998"]');
  await row.getByRole("rowheader").click();
  await expect(stepShown(page)).toHaveText("99998 / 100000");
  await expect(row).toHaveAttribute("aria-current", "step");
});

// Evidence: D2L, section 12.7, prints (-2.382563, -0.158591) after 20 steps with η = 0.4; the
// inspector rounds to six significant digits.
test("the inspector follows the cursor to the end that D2L prints", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&step=7");
  const inspector = page.getByTestId("inspector-f1");
  await inspector.scrollIntoViewIfNeeded();
  await expect(inspector.getByRole("heading", { level: 3 })).toHaveText("Step 7 of 20 on f1");
  await page.getByRole("button", { name: "Step forward" }).click();
  await expect(inspector.getByRole("heading", { level: 3 })).toHaveText("Step 8 of 20 on f1");
  await page.getByRole("button", { name: "Last step" }).click();
  await expect(inspector.getByRole("heading", { level: 3 })).toHaveText("Step 20 of 20 on f1");
  const line = (label: string) => inspector.locator("dl > div").filter({ hasText: label }).locator("dd");
  await expect(line("new x₁")).toContainText(/≈\s*−\s*2\.38256$/);
  await expect(line("new x₂")).toContainText(/≈\s*−\s*0\.158591$/);
});

// Evidence: the README's range of η, 0.001 to 10, which is the sweep's horizontal axis.
test("a drag along the sweep sets η, within its range", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1");
  const figure = page.getByTestId("sweep-f1").locator("canvas");
  const { x, y, width, height } = await centred(figure);
  const eta = async () => (await getState(page)).eta as number;
  const drag = (share: number) => page.mouse.move(x + share * width, y + height / 2, { steps: 3 });
  await drag(0.4);
  await page.mouse.down();
  await expect.poll(eta).not.toBe(0.4);
  const pressed = await eta();
  await drag(0.8);
  await expect.poll(eta).toBeGreaterThan(pressed);
  expect(await eta()).toBeLessThan(10);
  expect(pressed).toBeGreaterThan(0.001);
  await expect(etaField(page)).toHaveValue(String(await eta()));
  // Beyond the figure's edges the axis ends.
  await drag(1.3);
  await expect.poll(eta).toBe(10);
  await drag(-0.3);
  await expect.poll(eta).toBe(0.001);
  await expect(etaField(page)).toHaveValue("0.001");
  await page.mouse.up();
  await drag(0.5);
  expect(await eta(), "let go, it stays").toBe(0.001);
});

// Evidence: the README's defaults, η = 0.4 and 20 steps, and its query parameter `pin`.
test("a pinned run is in the link until unpinned, and reset brings the defaults back", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&eta=1&steps=30");
  const pinned = page.getByTestId("landscape-f1").locator(".legend").getByText("pinned", { exact: true });
  await expect(pinned).toBeHidden();
  await page.getByRole("button", { name: "Pin this run" }).click();
  await type(etaField(page), "2");
  await expect(pinned).toBeVisible();
  expect(await getState(page)).toMatchObject({ eta: 2, pin: expect.stringContaining("eta:1") });
  await expect.poll(() => new URL(page.url()).searchParams.get("pin")).toContain("eta:1");

  await page.getByRole("button", { name: "Unpin the run" }).click();
  await expect(pinned).toBeHidden();
  expect((await getState(page)).pin).toBeUndefined();
  await expect.poll(() => page.url()).not.toContain("pin=");

  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await expect(etaField(page)).toHaveValue("0.4");
  await expect(stepShown(page)).toHaveText("20 / 20");
  expect(await getState(page)).toMatchObject({ eta: 0.4, steps: 20, objective: ["f1", "f2"] });
});

// Evidence: the colours themselves: a dark page's background is darker than its text.
test("the theme chosen is on screen, in the address, and there again after a reload", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await openLab(page, "?v=1&objective=f1");
  const root = page.locator("html");
  await expect(root).toHaveAttribute("data-theme", "light");
  await page.getByLabel("Theme").selectOption("dark");
  await expect(root).toHaveAttribute("data-theme", "dark");
  const brightness = (property: "color" | "backgroundColor") =>
    page.locator("body").evaluate((body, name) => {
      const channels = getComputedStyle(body)[name].match(/[\d.]+/g)!.slice(0, 3).map(Number);
      return channels.reduce((sum, channel) => sum + channel, 0);
    }, property);
  expect(await brightness("backgroundColor")).toBeLessThan(await brightness("color"));
  // Written once the settings rest, 350 ms.
  await expect.poll(() => page.url()).toContain("theme=dark");
  await page.reload();
  await expect(root).toHaveAttribute("data-theme", "dark");
  await expect(page.getByLabel("Theme")).toHaveValue("dark");
});

// Evidence: the state of the page that the link was copied from.
test("a copied link opens the same state elsewhere", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openLab(page, "?v=1&objective=f1&eta=2&step=7");
  await press(page, "Zoom in");
  await page.getByRole("button", { name: "Step forward" }).click();
  const copied = await getState(page);
  expect(copied).toMatchObject({ eta: 2, step: 8, view: expect.any(String) });
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByRole("region", { name: "Exports" }).getByRole("status")).toHaveText("Link copied.");
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const other = await context.newPage();
  const complaints = new Complaints(other);
  await other.goto(link);
  await other.waitForFunction(() => window.adagradLab?.getState !== undefined);
  expect(await getState(other)).toEqual(copied);
  await expect(etaField(other)).toHaveValue("2");
  await expect(stepShown(other)).toHaveText("8 / 20");
  await expect(other.getByRole("alert")).toHaveCount(0);
  expect(complaints.unexpected()).toEqual([]);
});

// Evidence: the addresses gone through. The host page adds an entry, as a course page with chapters
// does; the page itself never does.
test("going back and forth in the history restores the settings", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&eta=2&steps=12");
  await page.evaluate(() => {
    history.pushState(null, "", "?v=1&objective=f1&eta=0.2&steps=40");
    dispatchEvent(new PopStateEvent("popstate"));
  });
  await expect(etaField(page)).toHaveValue("0.2");
  await expect(stepShown(page)).toHaveText("40 / 40");
  await page.goBack();
  await expect(etaField(page)).toHaveValue("2");
  await expect(stepShown(page)).toHaveText("12 / 12");
  await page.goForward();
  await expect(etaField(page)).toHaveValue("0.2");
  await expect(stepShown(page)).toHaveText("40 / 40");
});

test.describe("on a touch screen", () => {
  test.use({ hasTouch: true });

  // Evidence: the same drag beside the start scrolls the page: the finger does reach it.
  test("a finger drags the start and not the page", async ({ page }) => {
    await openLab(page, "?v=1&objective=f1");
    const browser = await page.context().newCDPSession(page);
    const drag = async (x: number, y: number) => {
      const touch = (type: "touchStart" | "touchMove", by: number) =>
        browser.send("Input.dispatchTouchEvent", { type, touchPoints: [{ x: x + by / 4, y: y - by }] });
      await touch("touchStart", 0);
      for (let by = 10; by <= 80; by += 10) await touch("touchMove", by);
      await browser.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    };
    const scrolled = () => page.evaluate(() => scrollY);
    const handle = page.getByTestId("start-f1");
    const start = await centred(handle);
    const before = await scrolled();
    await drag(start.x + start.width / 2, start.y + start.height / 2);
    const startNow = async () => (await getState(page)).x0 as number[];
    // Up and to the right.
    await expect.poll(async () => (await startNow())[1]).toBeGreaterThan(-2);
    const moved = await startNow();
    expect(moved[0]).toBeGreaterThan(-5);
    await expect(page.getByTestId("x0-1-number")).toHaveValue(String(moved[1]));
    expect(await scrolled()).toBe(before);

    const caption = (await page.getByTestId("landscape-f1").locator("figcaption").boundingBox())!;
    await drag(caption.x + 20, caption.y + 5);
    await expect.poll(scrolled).toBeGreaterThan(before);
    expect(await startNow()).toEqual(moved);
  });
});

// Evidence: a view is written as centre and half extent; zooming in shrinks the extent alone, zooming
// out undoes it, and the fitted view, the default, goes unsaid.
test("zoom in, zoom out and fit change the view and bring it back", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&view=1,-1,4");
  const view = async () => ((await getState(page)).view as string | undefined)?.split(",").map(Number);
  expect(await view()).toEqual([1, -1, 4]);
  await press(page, "Zoom in");
  const [x1, x2, halfExtent] = (await view())!;
  expect([x1, x2]).toEqual([1, -1]);
  expect(halfExtent).toBeLessThan(4);
  await press(page, "Zoom out");
  // To within the rounding of what a link writes.
  expect((await view())![2]).toBeCloseTo(4, 2);
  await press(page, "Zoom out");
  expect((await view())![2]).toBeGreaterThan(4.5);
  await press(page, "Fit the view");
  expect(await view()).toBeUndefined();
  // It is fitted to hold the start, (−5, −2).
  await expect(page.getByTestId("start-f1")).toBeVisible();
});

// Evidence: torch.optim.Adagrad's signature, lr_decay=0, initial_accumulator_value=0, eps=1e-10, and
// its update, which adds eps to the root: `std = state_sum.sqrt().add_(eps)`.
test("the convention menu sets PyTorch's values and keeps η", async ({ page }) => {
  await openLab(page, "?v=1&objective=f1&s0=1&decay=0.1");
  const menu = page.getByLabel("As written by");
  await expect(menu).toHaveValue("custom");
  await menu.selectOption({ label: "PyTorch" });
  await expect(page.getByTestId("eps-0-number")).toHaveValue("1e-10");
  await expect(page.locator("input[name=epsat][value=outside]")).toBeChecked();
  await expect(page.getByTestId("s0-0-number")).toHaveValue("0");
  await expect(page.getByTestId("decay-0-number")).toHaveValue("0");
  await expect(page.locator("input[name=order][value=accumulate]")).toBeChecked();
  await expect(menu).toHaveValue("pytorch");
  expect(await getState(page)).toMatchObject({ eps: 1e-10, epsat: "outside", s0: 0, decay: 0, eta: 0.4 });
});

// Evidence: what the reader opened. An objective that comes or goes is none of another's business.
test("ticking an objective leaves another's step table open", async ({ page }) => {
  await openLab(page, "?v=1&objective=f2");
  await page.getByTestId("steps-f2").locator("summary").click();
  const table = page.getByRole("region", { name: "All steps on f2" });
  await expect(table).toBeVisible();
  // In the order of the boxes: one comes before it, one after it.
  const columns = page.getByRole("main").getByRole("heading", { level: 2 });
  for (const name of ["f1", "rotated"]) {
    const box = page.getByRole("checkbox", { name, exact: true });
    await box.check();
    await expect(page.getByTestId(`landscape-${name}`)).toBeVisible();
    await expect(table, `${name} came`).toBeVisible();
    await expect(columns).toHaveText(name === "f1" ? [/^f1 /, /^f2 /] : [/^f2 /, /^rotated /]);
    await box.uncheck();
    await expect(page.getByTestId(`landscape-${name}`)).toHaveCount(0);
    await expect(table, `${name} went`).toBeVisible();
  }
});

// Evidence: the README's table of parameters, "embed: plots and controls only".
test("embedded, there are plots, player and controls, but no title, exports or tables", async ({ page }) => {
  const leftOut = [
    page.getByRole("heading", { level: 1 }),
    page.getByRole("region", { name: "Exports" }),
    page.getByTestId("steps-f1"),
  ];
  await openLab(page, "?v=1&objective=f1");
  for (const part of leftOut) await expect(part.first(), "there when not embedded").toBeVisible();
  await openLab(page, "?v=1&objective=f1&embed=1");
  for (const figure of ["landscape", "rates", "accumulator", "loss", "sweep"]) {
    await expect(page.getByTestId(`${figure}-f1`).getByRole("img")).toBeVisible();
  }
  await expect(page.getByTestId("player")).toBeVisible();
  await expect(page.getByRole("slider", { name: "learning rate η" })).toBeVisible();
  for (const part of leftOut) await expect(part.filter({ visible: true })).toHaveCount(0);
});
