// Known faults in all that the lock file names: what the pages bring along, and the tools that build it. Both stand in
// devDependencies, since the published package has the SDK only and depends on nothing.
import { spawnSync } from "node:child_process";

const AUDIT = ["audit", "--audit-level=moderate", "--fetch-retries=0", "--fetch-timeout=20000"];

const { stdout } = spawnSync("npm", [...AUDIT, "--json"], { encoding: "utf8" });
const { vulnerabilities, message } = JSON.parse(stdout);
if (vulnerabilities) process.exitCode = spawnSync("npm", AUDIT, { stdio: "inherit" }).status ?? 1;
else console.warn(`Nothing was audited, as the registry cannot be asked: ${message}`);
