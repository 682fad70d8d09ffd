import { computed, effect, signal } from "@preact/signals";
import { en, type Texts } from "./en.js";
import { ru } from "./ru.js";
import { uk } from "./uk.js";

export const LANGUAGES = ["en", "uk", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];

export const TEXTS: Readonly<Record<Language, Texts>> = { en, uk, ru };

const KEY = "parley.language";

function isLanguage(tag: string | null): tag is Language {
  return LANGUAGES.some((language) => language === tag);
}

/** The first that this page speaks: of the address, of an earlier choice, of the browser; else English. */
export function preferredLanguage(asked: string | null, kept: string | null, spoken: readonly string[]): Language {
  const wishes = [asked, kept, ...spoken.map((tag) => tag.toLowerCase().split("-")[0] ?? "")];
  return wishes.find(isLanguage) ?? "en";
}

export const language = signal<Language>("en");

/** The words of the page in the language that is chosen now. */
export const texts = computed(() => TEXTS[language.value]);

/** Kept for the next visit. */
export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  localStorage.setItem(KEY, chosen);
}

/** To be called once, before anything is shown. */
export function startLanguage(): void {
  const asked = new URLSearchParams(location.search).get("lang");
  language.value = preferredLanguage(asked, localStorage.getItem(KEY), navigator.languages);
  // Chosen on another page of this server.
  addEventListener("storage", ({ key, newValue }) => {
    if (key === KEY && isLanguage(newValue)) language.value = newValue;
  });
  effect(() => {
    document.documentElement.lang = language.value;
  });
}
