// Checks the contract of the operator's interface by the rules in contract-rules.yaml. Works without a network.
import { formatProblems, getTotals, lint, loadConfig } from "@redocly/openapi-core";

const config = await loadConfig({ configPath: "contract-rules.yaml" });
const problems = await lint({ ref: "../sfu-admin/src/main/resources/openapi.json", config });
const wrong = problems.filter(({ ignored }) => !ignored);
formatProblems(wrong, { format: "stylish", totals: getTotals(wrong) });
if (wrong.length > 0) process.exitCode = 1;
