import ts from "typescript";
import { expect, it } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { sources } from "./sources.js";

/** What is imported by name: `@preact/signals` of `@preact/signals/utils`. */
function imported(): string[] {
  const names = sources().flatMap(({ text }) =>
    [...text.matchAll(/(?:from |import\(|import )"((?:@[\w-]+\/)?[\w-]+)/g)].map(([, name = ""]) => name),
  );
  return [...new Set(names)].sort();
}

it("shouldAuditWhatThePagesBringAlong", () => {
  expect(imported()).toEqual(["@preact/signals", "openapi-fetch", "preact", "tinykeys", "uplot"]);
  expect(Object.keys(manifest.devDependencies)).toEqual(expect.arrayContaining(imported()));
  // All of it stands beside the tools: an audit without them would look at nothing.
  const { audit } = manifest.scripts;
  const script = ts.sys.readFile(audit.replace("node ", "")) ?? "";
  expect(JSON.parse(/const SHIPPED = (\[.*\]);/.exec(script)?.[1] ?? "[]")).toEqual(imported());
  expect(script).toMatch(/"audit"/);
  expect(`${audit} ${script}`).not.toMatch(/omit|--only|--prod/);
});
