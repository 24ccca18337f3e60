// Makes the scripts and styles of a release build small, and names all files by their content. Trunk
// runs it after each build (Trunk.toml): its own minifier cannot read what wasm-bindgen writes, and it
// puts no hash in the names of workers' files. Both are one hook, as hooks of a stage run at once.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";
import { nameByContent, PAGE } from "./names.mjs";

const { TRUNK_PROFILE: profile, TRUNK_STAGING_DIR: folder } = process.env;

async function minified(content, loader) {
  const { code } = await transform(content, { loader, minify: true, charset: "utf8" });
  return code.trim();
}

/** The page with its inline styles minified and its comments left out. */
async function minifiedPage(page) {
  const bare = page.replace(/<!--.*?-->\s*/gs, "").replace(/<\/style>\s*<style>/g, "");
  const pieces = bare.split(/(?<=<style>)(.*?)(?=<\/style>)/s);
  // The odd pieces are those between the tags.
  const small = pieces.map((piece, i) => (i % 2 ? minified(piece, "css") : piece));
  return (await Promise.all(small)).join("");
}

if (profile === "release") {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (name.endsWith(".js")) {
      await writeFile(file, await minified(await readFile(file, "utf8"), "js"));
    } else if (name === PAGE) {
      await writeFile(file, await minifiedPage(await readFile(file, "utf8")));
    }
  }
}

await nameByContent(folder);
