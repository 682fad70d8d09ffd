// The size budget: what a visitor downloads, as gzip. A page that grows past it needs a reason, not a bigger number.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const root = new URL("../dist/", import.meta.url);
const zippedBytes = (path) => gzipSync(readFileSync(new URL(path, root)), { level: 9 }).length;
const page = ["web/index.html", ...readdirSync(new URL("web/assets/", root)).map((name) => `web/assets/${name}`)];

const budgets = [
  { what: "SDK (dist/sdk/parley.js)", bytes: zippedBytes("sdk/parley.js"), budgetBytes: 24_000 },
  { what: "call page (dist/web)", bytes: page.reduce((sum, path) => sum + zippedBytes(path), 0), budgetBytes: 40_000 },
];
for (const { what, bytes, budgetBytes } of budgets) {
  console.log(`${what}: ${bytes} of ${budgetBytes} bytes, gzip`);
  if (bytes > budgetBytes) {
    console.error(`${what} is over its size budget by ${bytes - budgetBytes} bytes.`);
    process.exitCode = 1;
  }
}
