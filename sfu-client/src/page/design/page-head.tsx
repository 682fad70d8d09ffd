import type { ComponentChildren } from "preact";
import { LanguageSelect } from "../i18n/language-select.js";

export function BrandMark() {
  return <span class="brand-mark" aria-hidden="true" />;
}

/** The top of every page outside of a call. */
export function PageHead({ children }: { children?: ComponentChildren }) {
  return (
    <header class="page-head">
      <a class="brand" href="./">
        <BrandMark />
        Parley
      </a>
      <span class="page-head-end">
        {children}
        <LanguageSelect />
      </span>
    </header>
  );
}
