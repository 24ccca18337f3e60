// Gives the files of a build names made of their content, so that no cache, of a browser or on the
// way to it, can mix the files of two builds: what is another content has another address.
import { createHash } from "node:crypto";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The one file whose name stays: all others are found through it. */
export const PAGE = "index.html";

/** What is left of a file's name without its ending, and without a hash of Trunk's, which is of the content before it was made small. */
const NAME = /^(?<stem>.+?)(?:-[0-9a-f]{12,16})?(?<ending>_bg\.wasm|\.[a-z0-9]+)$/;

/** A file's new name: a script and the module that it loads are told apart by their ending alone. */
const HASH_LENGTH = 16;

/**
 * Renames every file of a folder but the page, and puts the new names in their places in the page.
 *
 * A script and its module (`lab.js`, `lab_bg.wasm`) have one hash, of both: they work only together.
 *
 * @param {string} folder
 * @returns {Promise<Map<string, string>>} the new name of each file by its old one
 */
export async function nameByContent(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const pairs = new Map();
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === PAGE) continue;
    const parts = entry.isFile() ? NAME.exec(entry.name)?.groups : undefined;
    if (!parts) throw new Error(`${entry.name} is no file that can be named by its content`);
    const old = entry.name.slice(0, -parts.ending.length);
    const pair = pairs.get(old) ?? { stem: parts.stem, endings: [], hash: createHash("sha256") };
    pair.endings.push(parts.ending);
    pair.hash.update(`${parts.ending}\0`).update(await readFile(join(folder, entry.name)));
    pairs.set(old, pair);
  }

  const path = join(folder, PAGE);
  let page = await readFile(path, "utf8");
  const renamed = new Map();
  for (const [old, { stem, endings, hash }] of pairs) {
    const name = `${stem}-${hash.digest("hex").slice(0, HASH_LENGTH)}`;
    let isNamed = false;
    for (const ending of endings) {
      // Not as a part of a longer name: "lab.js" is in "adagrad-lab.js".
      const whole = new RegExp(`(?<![\\w-])${(old + ending).replaceAll(".", "\\.")}(?![\\w.-])`, "g");
      isNamed ||= whole.test(page);
      page = page.replace(whole, name + ending);
      await rename(join(folder, old + ending), join(folder, name + ending));
      renamed.set(old + ending, name + ending);
    }
    if (!isNamed) throw new Error(`${PAGE} names none of ${endings.map((ending) => old + ending).join(", ")}`);
  }
  await writeFile(path, page);
  return renamed;
}
