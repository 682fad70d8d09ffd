// What a visitor downloads, as gzip. What grows past its budget needs a reason, not a bigger number.
import { readFileSync } from "node:fs";

/** A page and all that it names; the build names in it what its modules import. */
function page(name, folder = "web") {
  const html = readFileSync(new URL(`dist/${folder}/${name}`, import.meta.url), "utf8");
  return [name, ...new Set(html.match(/assets\/[^"]+/g) ?? [])].map((file) => `dist/${folder}/${file}`);
}

export default [
  { name: "SDK (ES module)", path: "dist/sdk/parley.js", limit: "36 kB", gzip: true },
  { name: "SDK (IIFE)", path: "dist/sdk/parley.iife.js", limit: "28 kB", gzip: true },
  { name: "connection check", path: "dist/sdk/check.js", limit: "26 kB", gzip: true },
  // Each page brings the words of three languages (20 kB), so that changing the language waits for nothing.
  { name: "call page", path: page("index.html"), limit: "84 kB", gzip: true },
  { name: "check page", path: page("diagnostics.html"), limit: "56 kB", gzip: true },
  { name: "dashboard", path: page("index.html", "dashboard"), limit: "78 kB", gzip: true },
  { name: "test page", path: page("test.html"), limit: "40 kB", gzip: true },
];
