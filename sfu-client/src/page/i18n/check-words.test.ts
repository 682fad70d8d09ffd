import { describe, expect, it } from "vitest";
import { ENGLISH_CHECK_TEXTS, type CheckReason } from "../../sdk/check.js";
import { CHECK_WORDS } from "./check-words.js";
import { LANGUAGES } from "./language.js";

const reasons = Object.keys(ENGLISH_CHECK_TEXTS) as CheckReason[];
const numbers = (text = "") => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name);

describe.each(LANGUAGES)("The check's words in %s", (language) => {
  it.each(reasons)("shouldSayAsMuchAsEnglishOf %s", (reason) => {
    const { cause, advice } = CHECK_WORDS[language].reasons[reason];
    const english = ENGLISH_CHECK_TEXTS[reason];
    expect(numbers(cause)).toEqual(numbers(english.cause));
    expect(numbers(advice)).toEqual(numbers(english.advice));
    expect(advice === undefined).toBe(english.advice === undefined);
    for (const text of [cause, ...(advice === undefined ? [] : [advice])]) expect(text).toMatch(/\.$/);
  });
});
