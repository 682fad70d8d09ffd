import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sources } from "../testing/sources.js";
import { CheckLink } from "./check-link.js";

describe("The way to the connection check", () => {
  let state: unknown;

  beforeEach(() => {
    vi.stubGlobal("location", new URL("https://calls/?room=blue"));
    vi.stubGlobal("history", {
      get state() {
        return state;
      },
    });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it.each([
    [null, "diagnostics"],
    [{ token: "a b" }, "diagnostics#token=a%20b"],
  ])("shouldTakeTheInvitationAlong: %j", (kept, href) => {
    state = kept;
    expect(CheckLink({ message: { check: true } })?.props).toMatchObject({ href });
  });

  it("shouldBeThereOnlyWhereItMayHelp", () => {
    expect(CheckLink({ message: {} })).toBeNull();
  });

  it("shouldBeTheOnlyOneOfAllPages", () => {
    const leading = sources().filter(({ text }) => /["'`]diagnostics[#?"'`]/.test(text));
    expect(leading.map(({ path }) => path)).toEqual(["src/page/design/check-link.tsx"]);
  });
});
