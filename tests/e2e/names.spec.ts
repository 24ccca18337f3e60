// The names of the build's files: what is another content has another address, so that no cache can
// mix the files of two builds. No browser is needed but for what the page asks for.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nameByContent, PAGE } from "../../xtask/names.mjs";
import { expect, openLab, test } from "./fixtures.ts";

const DIST = fileURLToPath(new URL("../../dist", import.meta.url));
const HASHED = /^[\w-]+-[0-9a-f]{16}(_bg\.wasm|\.js|\.svg)$/;

test("every file but the page has a hash in its name", async () => {
  const names = await readdir(DIST);
  expect(names).toContain(PAGE);
  expect(names.filter((name) => name !== PAGE && !HASHED.test(name))).toEqual([]);
  // The page, the engine, the sparse lab and its view: each a script and a module of one hash.
  const modules = names.filter((name) => name.endsWith("_bg.wasm")).map((name) => name.replace("_bg.wasm", ""));
  expect(modules.map((name) => name.replace(/-[0-9a-f]{16}$/, "")).sort()).toEqual(["adagrad-lab", "engine", "lab", "lab-page"]);
  for (const name of modules) expect(names).toContain(`${name}.js`);
  // Named once more by their content, they keep their names.
  const copy = await folderOf(Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(DIST, name))]))));
  expect([...(await nameByContent(copy))].filter(([before, after]) => before !== after)).toEqual([]);
  await rm(copy, { recursive: true });
});

test("the page asks for its modules by those names", async ({ page }) => {
  const asked: string[] = [];
  page.context().on("request", (request) => void asked.push(request.url().split("/").pop() ?? ""));
  await openLab(page, "?view=sparse&examples=300&features=64&nonzeros=4&seeds=1&backend=cpu");
  await expect(page.getByTestId("stage")).toHaveText("Done.", { timeout: 20_000 });
  for (const module of ["adagrad-lab", "lab-page"]) {
    expect(asked.filter((name) => name.startsWith(`${module}-`) && HASHED.test(name)).length, module).toBeGreaterThanOrEqual(2);
  }
  expect(asked.filter((name) => /\.(js|wasm)/.test(name) && !HASHED.test(name))).toEqual([]);
});

async function folderOf(files: Record<string, string | Buffer>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "names-"));
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)));
  return folder;
}

const BUILD = {
  [PAGE]: `<meta name="module:lab" content="lab.js"><script src="./adagrad-lab-0123456789abcdef.js"></script><i>lab.js.map my-lab.js</i>`,
  "lab.js": "script",
  "lab_bg.wasm": "module",
  "adagrad-lab-0123456789abcdef.js": "page",
};

/** The page and the new names of such a build. */
async function named(files: Record<string, string>): Promise<{ page: string; names: Map<string, string>; there: string[] }> {
  const folder = await folderOf(files);
  try {
    const names = await nameByContent(folder);
    return { names, page: await readFile(join(folder, PAGE), "utf8"), there: (await readdir(folder)).sort() };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("another content, of a script or of its module, is another name for both", async () => {
  const first = await named(BUILD);
  const script = first.names.get("lab.js") ?? "";
  expect(script).toMatch(/^lab-[0-9a-f]{16}\.js$/);
  expect(first.names.get("lab_bg.wasm")).toBe(script.replace(".js", "_bg.wasm"));
  // Whole names only are put in place.
  const page = first.names.get("adagrad-lab-0123456789abcdef.js") ?? "";
  expect(page).toMatch(/^adagrad-lab-[0-9a-f]{16}\.js$/);
  expect(first.page).toBe(`<meta name="module:lab" content="${script}"><script src="./${page}"></script><i>lab.js.map my-lab.js</i>`);
  expect(first.there).toEqual([PAGE, ...first.names.values()].sort());
  expect(await named(BUILD)).toEqual(first);

  for (const changed of ["lab.js", "lab_bg.wasm"]) {
    const second = await named({ ...BUILD, [changed]: "another" });
    for (const name of ["lab.js", "lab_bg.wasm"]) expect(second.names.get(name), changed).not.toBe(first.names.get(name));
    expect(second.names.get("adagrad-lab-0123456789abcdef.js")).toBe(page);
  }
  // What moves from the script to its module is another content, too.
  const moved = await named({ ...BUILD, "lab.js": "scriptmod", "lab_bg.wasm": "ule" });
  expect(moved.names.get("lab.js")).not.toBe(script);
});

test("a file that the page does not name, or that is none, fails the build", async () => {
  await expect(named({ ...BUILD, "stray.js": "" })).rejects.toThrow("index.html names none of stray.js");
  const folder = await folderOf(BUILD);
  await mkdir(join(folder, "snippets"));
  await expect(nameByContent(folder)).rejects.toThrow("snippets is no file that can be named by its content");
  await rm(folder, { recursive: true });
});
