import type { CheckId, CheckTexts } from "../../sdk/check.js";
import { CHECK_EN } from "./check-en.js";
import { CHECK_RU } from "./check-ru.js";
import { CHECK_UK } from "./check-uk.js";
import type { Language } from "./language.js";

/** What the connection check says, in one language. */
export interface CheckWords {
  readonly titles: Readonly<Record<CheckId, string>>;
  /** Of what was measured. */
  readonly labels: Readonly<Record<string, string>>;
  readonly reasons: CheckTexts;
}

export const CHECK_WORDS: Readonly<Record<Language, CheckWords>> = { en: CHECK_EN, uk: CHECK_UK, ru: CHECK_RU };
