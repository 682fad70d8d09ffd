/** The word for a name that the server says; `undefined` for one that only a newer server knows. */
export function wordFor(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
