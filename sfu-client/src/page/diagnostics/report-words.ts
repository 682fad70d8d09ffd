import type { CheckReport } from "../../sdk/check.js";
import type { CheckWords } from "../i18n/check-words.js";
import type { Texts } from "../i18n/en.js";

/** Signs beside the words, so that colour is never all there is. */
export const SIGNS = { running: "…", ok: "✓", warning: "!", failed: "✕", skipped: "–" } as const;

/** The whole in a sentence. */
export function summary(
  { diagnostics: t }: Texts,
  words: CheckWords,
  { verdict, checks }: CheckReport,
  stopped: boolean,
): { title: string; text: string } {
  if (stopped) return { title: t.stopped, text: t.stoppedText };
  switch (verdict) {
    case "ok":
      return { title: t.ok, text: t.okText };
    case "warning":
      return { title: t.warning, text: t.warningText(wrong(words, checks)) };
    case "failed":
      return { title: t.failed, text: t.failedText(wrong(words, checks)) };
  }
}

/** The titles of what is marked in the list, which may not be in sight. */
function wrong({ titles }: CheckWords, checks: CheckReport["checks"]): string {
  const marked = checks.filter(({ verdict }) => verdict === "failed" || verdict === "warning");
  return marked.map(({ id }) => titles[id]).join(", ");
}

const UNITS: readonly (readonly [suffix: string, unit: string])[] = [
  ["Ms", " ms"],
  ["Sec", " s"],
  ["Kbps", " kbit/s"],
  ["Percent", " %"],
  ["Width", " px"],
  ["Height", " px"],
];

/** One measured value in words; a name without a label is shown as it is. */
export function detailText(
  { diagnostics: t }: Texts,
  { labels }: CheckWords,
  name: string,
  value: string | number | boolean,
): { label: string; text: string } {
  const unit = UNITS.find(([suffix]) => name.endsWith(suffix))?.[1] ?? "";
  const text = typeof value === "boolean" ? (value ? t.yes : t.no) : `${value}${unit}`;
  return { label: labels[name] ?? name, text };
}

/** The file's name, as `parley-check-2026-01-02T03-04.json`: no colon, which Windows refuses. */
export function reportName({ startedAt }: CheckReport): string {
  return `parley-check-${startedAt.slice(0, 16).replace(":", "-")}.json`;
}
