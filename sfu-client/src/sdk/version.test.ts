import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { SDK_VERSION } from "./version.js";

it("shouldBeTheVersionOfThePackage", () => {
  expect(SDK_VERSION).toBe(manifest.version);
});

it("shouldBringNothingAlong", () => {
  // The pages' libraries are built into the pages, which are no part of the published package.
  expect(Object.keys(manifest)).not.toContain("dependencies");
});
