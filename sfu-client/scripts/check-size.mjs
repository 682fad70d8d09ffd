// The size budget: what a visitor downloads, as gzip. A page that grows past it needs a reason, not a bigger number.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const root = new URL("../dist/", import.meta.url);
const zippedBytes = (path) => gzipSync(readFileSync(new URL(path, root)), { level: 9 }).length;
/** A page and all that it names; the build names in it what its modules import. */
function pageBytes(path) {
  const assets = readFileSync(new URL(path, root), "utf8").match(/assets\/[^"]+/g) ?? [];
  return [path, ...new Set(assets.map((name) => `web/${name}`))].reduce((sum, file) => sum + zippedBytes(file), 0);
}

const budgets = [
  { what: "SDK (dist/sdk/parley.js)", bytes: zippedBytes("sdk/parley.js"), budgetBytes: 24_000 },
  { what: "connection check (dist/sdk/check.js)", bytes: zippedBytes("sdk/check.js"), budgetBytes: 20_000 },
  { what: "call page (dist/web/index.html)", bytes: pageBytes("web/index.html"), budgetBytes: 40_000 },
  {
    what: "check page (dist/web/diagnostics.html)",
    bytes: pageBytes("web/diagnostics.html"),
    budgetBytes: 40_000,
  },
];
for (const { what, bytes, budgetBytes } of budgets) {
  console.log(`${what}: ${bytes} of ${budgetBytes} bytes, gzip`);
  if (bytes > budgetBytes) {
    console.error(`${what} is over its size budget by ${bytes - budgetBytes} bytes.`);
    process.exitCode = 1;
  }
}
