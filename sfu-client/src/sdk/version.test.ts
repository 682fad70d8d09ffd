import { expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { SDK_VERSION } from "./version.js";

it("shouldBeTheVersionOfThePackage", () => {
  expect(SDK_VERSION).toBe(manifest.version);
});
