/** What a count is called, by the plural categories that the language has. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

/** @returns the way to choose the form for a count in one language, as in 1 хвилина, 2 хвилини, 5 хвилин */
export function counter(language: string): (count: number, forms: PluralForms) => string {
  const rules = new Intl.PluralRules(language);
  return (count, forms) => forms[rules.select(count)] ?? forms.other;
}
