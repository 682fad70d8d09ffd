import { describe, expect, it } from "vitest";
import { ERROR_TEXTS, messageFor } from "./errors.js";
import { LANGUAGES, preferredLanguage, TEXTS } from "./language.js";

const CYRILLIC = /\p{Script=Cyrillic}/u;
/** Said the same in every language. */
const WITHOUT_LETTERS = ["none"];

it.each([
  [null, null, [], "en"],
  [null, null, ["de-DE", "uk-UA"], "uk"],
  [null, null, ["ru", "uk"], "ru"],
  [null, "uk", ["ru"], "uk"],
  ["ru", "uk", ["en"], "ru"],
  ["xx", "yy", ["en-GB"], "en"],
])("shouldPrefer asked %s, kept %s, spoken %j", (asked, kept, spoken, expected) => {
  expect(preferredLanguage(asked, kept, spoken)).toBe(expected);
});

/** Every text, with what it says for some arguments. */
function said(texts: unknown, path = ""): [path: string, text: string][] {
  if (typeof texts === "string") return [[path, texts]];
  if (typeof texts === "function") {
    const ask = texts as (...values: unknown[]) => string;
    return [1, 2, 5].map((count) => [`${path}(${count})`, ask(count, count + 1)]);
  }
  return Object.entries(texts as object).flatMap(([name, value]) =>
    said(value, path === "" ? name : `${path}.${name}`),
  );
}

describe.each(["uk", "ru"] as const)("In %s", (language) => {
  it("shouldBeSaidAllThatIsSaidInEnglish", () => {
    expect(said(TEXTS[language]).map(([path]) => path)).toEqual(said(TEXTS.en).map(([path]) => path));
  });

  it("shouldBeTranslated", () => {
    const left = said(TEXTS[language]).filter(
      ([path, text]) => !CYRILLIC.test(text) && !WITHOUT_LETTERS.some((name) => path.endsWith(`.${name}`)),
    );
    expect(left).toEqual([]);
  });

  it("shouldBeExplainedEveryError", () => {
    expect(Object.keys(ERROR_TEXTS[language].known)).toEqual(Object.keys(ERROR_TEXTS.en.known));
    for (const [title, advice] of Object.values(ERROR_TEXTS[language].known)) {
      expect(title).toMatch(CYRILLIC);
      expect(advice).toMatch(CYRILLIC);
    }
  });
});

it.each(LANGUAGES)("shouldNameAnUnknownErrorIn %s", (language) => {
  expect(messageFor({ code: "brand_new" as "internal" }, language).advice).toContain("brand_new");
});

it("shouldOfferTheCheckWhereTheNetworkMayBeTheCause", () => {
  expect(messageFor({ code: "ice_failed" }, "en").check).toBe(true);
  expect(messageFor({ code: "room_full" }, "en").check).toBe(false);
});
