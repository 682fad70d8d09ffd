import { wordCheck } from "../../sdk/check.js";
import { CHECK_WORDS } from "../i18n/check-words.js";
import { language, texts } from "../i18n/language.js";
import type { CheckLine } from "./check-state.js";
import { detailText, SIGNS } from "./report-words.js";

/** One line for each check, in the order in which they begin: what came of it, why, and what to do. */
export function CheckList({ lines }: { lines: readonly CheckLine[] }) {
  return (
    <ol class="checks">
      {lines.map((line) => (
        <Check key={line.id} {...line} />
      ))}
    </ol>
  );
}

function Check({ id, result }: CheckLine) {
  const t = texts.value.diagnostics;
  const words = CHECK_WORDS[language.value];
  const verdict = result?.verdict ?? "running";
  const { cause, advice } = wordCheck(words.reasons, result?.reasons ?? [], result?.details ?? {});
  return (
    <li class="check" data-check={id} data-verdict={verdict}>
      <div class="check-line">
        <span class="check-sign" aria-hidden="true">
          {SIGNS[verdict]}
        </span>
        <span class="check-title">{words.titles[id]}</span>
        <span class="check-verdict">{t.verdicts[verdict]}</span>
      </div>
      {cause !== undefined && <p class="check-cause">{cause}</p>}
      {advice !== undefined && <p class="check-advice">{advice}</p>}
      {result && <Details {...result} />}
    </li>
  );
}

function Details({ id, details, durationMs }: NonNullable<CheckLine["result"]>) {
  const measured = Object.entries(details);
  if (measured.length === 0) return null;
  const t = texts.value;
  const words = CHECK_WORDS[language.value];
  return (
    <details>
      <summary aria-label={t.diagnostics.detailsOf(words.titles[id])}>{t.diagnostics.details}</summary>
      <dl>
        {[...measured, ["durationMs", durationMs] as const].map(([name, value]) => {
          const { label, text } = detailText(t, words, name, value);
          return (
            <div key={name}>
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          );
        })}
      </dl>
    </details>
  );
}
