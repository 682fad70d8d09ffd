import { describe, expect, it } from "vitest";
import { DASHBOARD_TEXTS } from "./dashboard-words.js";
import { ERROR_TEXTS, messageFor } from "./errors.js";
import { LANGUAGES, preferredLanguage, TEXTS, type Language } from "./language.js";

const CYRILLIC = /\p{Script=Cyrillic}/u;
/** Said the same in every language. */
const WITHOUT_LETTERS = ["none", "udp", "tcp", "because", "switches.what"];

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

/** Of the pages for people in calls, and of those for operators. */
const all = (language: Language) => ({ ...TEXTS[language], dashboard: DASHBOARD_TEXTS[language] });

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
    expect(said(all(language)).map(([path]) => path)).toEqual(said(all("en")).map(([path]) => path));
  });

  it("shouldBeTranslated", () => {
    const left = said(all(language)).filter(
      ([path, text]) =>
        !CYRILLIC.test(text) && !WITHOUT_LETTERS.some((name) => path.replace(/\(\d\)$/, "").endsWith(`.${name}`)),
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
