import { wordCheck } from "../../sdk/check.js";
import { CHECK_WORDS } from "../i18n/check-words.js";
import { language, texts } from "../i18n/language.js";
import type { CheckLine, CheckState } from "./check-state.js";
import { detailText, SIGNS } from "./report-words.js";

/** One line for each check, in the order in which they begin: what came of it, why, and what to do. */
export function CheckList({ state }: { state: CheckState }) {
  return (
    <ol class="checks">
      {state.lines.value.map((line) => (
        <Check key={line.id} {...line} state={state} />
      ))}
    </ol>
  );
}

function Check({ id, result, state }: CheckLine & { state: CheckState }) {
  const t = texts.value.diagnostics;
  const words = CHECK_WORDS[language.value];
  const { cause, advice } = wordCheck(words.reasons, result?.reasons ?? [], result?.details ?? {});
  const verdict = result?.verdict ?? "running";
  return (
    <li class="check" data-check={id} data-verdict={verdict}>
      <div class="check-line">
        <span class="check-sign" aria-hidden="true">
          {SIGNS[verdict]}
        </span>
        <span class="check-title">{words.titles[id]}</span>
        <span class="check-verdict">{t.verdicts[verdict]}</span>
      </div>
      {!result && id === "microphone" && <Listening state={state} />}
      {!result && id === "speaker" && <Question state={state} />}
      {cause !== undefined && <p class="check-cause">{cause}</p>}
      {advice !== undefined && <p class="check-advice">{advice}</p>}
      {result && <Details {...result} />}
    </li>
  );
}

function Listening({ state }: { state: CheckState }) {
  const percent = Math.round(state.level.value * 100);
  return (
    <div class="check-advice">
      <p>{texts.value.diagnostics.speak}</p>
      <meter class="check-level" min={0} max={100} value={percent} aria-label={texts.value.devices.level} />
    </div>
  );
}

function Question({ state }: { state: CheckState }) {
  const answer = state.answer.value;
  const t = texts.value.diagnostics;
  if (!answer) return null;
  return (
    <div class="check-question" role="group" aria-label={t.heard}>
      <p role="alert">{t.heard}</p>
      <div class="row">
        <button type="button" class="primary" data-action="heard" onClick={() => answer(true)}>
          {t.hear}
        </button>
        <button type="button" class="quiet" data-action="not-heard" onClick={() => answer(false)}>
          {t.hearNothing}
        </button>
      </div>
    </div>
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
