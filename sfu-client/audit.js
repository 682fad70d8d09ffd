// Known faults in all that the lock file names. What the pages bring along must have none; the tools that build it are
// told of. Both stand in devDependencies, since the published package has the SDK only and depends on nothing.
import { spawnSync } from "node:child_process";

const SHIPPED = ["@preact/signals", "openapi-fetch", "preact", "tinykeys", "uplot"];

const { stdout, stderr } = spawnSync("npm", ["audit", "--fetch-retries=0", "--fetch-timeout=20000", "--json"], {
  encoding: "utf8",
});

/** What npm says, or nothing where it did not come so far. */
function report() {
  try {
    return JSON.parse(stdout);
  } catch {
    return {};
  }
}

const { vulnerabilities, message, error } = report();
if (vulnerabilities) {
  // With what it depends on: npm names both.
  const shipped = Object.keys(vulnerabilities).filter((name) => SHIPPED.includes(name));
  for (const { name, severity, range } of Object.values(vulnerabilities)) console.warn(`${severity}: ${name} ${range}`);
  if (shipped.length > 0) process.exitCode = 1;
} else if (message !== undefined) {
  // Of the registry alone: whoever is offline, or has a mirror that cannot be asked, still builds.
  console.warn(`Nothing was audited, as the registry cannot be asked: ${message}`);
} else {
  console.error(`npm audit failed: ${JSON.stringify(error) ?? stderr}`);
  process.exitCode = 1;
}
