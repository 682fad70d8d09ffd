import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { SDK_VERSION } from "./version.js";

it("shouldBeTheVersionOfThePackage", () => {
  expect(SDK_VERSION).toBe(manifest.version);
});

it("shouldBringNothingAlong", () => {
  // What has no dependencies has none with faults: the pages' libraries are built into the pages.
  expect(Object.keys(manifest)).not.toContain("dependencies");
});
