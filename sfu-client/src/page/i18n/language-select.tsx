import { chooseLanguage, language, LANGUAGES, texts, TEXTS, type Language } from "./language.js";

/** Changes the page's language at once; each language by its own name, so that it is found from any other. */
export function LanguageSelect() {
  return (
    <select
      class="language"
      aria-label={texts.value.languageLabel}
      data-action="language"
      value={language.value}
      onChange={({ currentTarget }) => chooseLanguage(currentTarget.value as Language)}
    >
      {LANGUAGES.map((tag) => (
        <option key={tag} value={tag} lang={tag}>
          {TEXTS[tag].name}
        </option>
      ))}
    </select>
  );
}
