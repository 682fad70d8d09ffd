import type { CheckReport } from "../../sdk/check.js";
import { PageHead } from "../design/page-head.js";
import { CHECK_WORDS } from "../i18n/check-words.js";
import { language, texts } from "../i18n/language.js";
import { CheckList } from "./check-list.js";
import type { CheckState } from "./check-state.js";
import { reportName, summary } from "./report-words.js";

const DOWNLOAD_BEGINS_MS = 10_000;

export function CheckPage({ state }: { state: CheckState }) {
  const t = texts.value.diagnostics;
  const words = CHECK_WORDS[language.value];
  const report = state.report.value;
  const stopped = state.stopped.value;
  const sending = state.sending.value;
  const said = report ? summary(texts.value, words, report, stopped) : { title: t.running, text: t.runningAdvice };
  const last = state.lines.value.findLast(({ result }) => result !== undefined);
  return (
    <section class="page">
      <PageHead />
      <div class="card check-card">
        <h1>{t.title}</h1>
        <div class="check-head">
          <div role="status">
            <h2 class="check-summary" data-verdict={stopped ? undefined : report?.verdict}>
              {said.title}
            </h2>
          </div>
          <p class="muted-text">{said.text}</p>
        </div>
        <div class="row">
          <button type="button" class="primary" data-action="run" onClick={() => void state.toggle()}>
            {report ? t.again : t.stop}
          </button>
          <button
            type="button"
            class="quiet"
            data-action="save"
            disabled={!report}
            onClick={() => report && saveReport(report)}
          >
            {t.save}
          </button>
          <button
            type="button"
            class="quiet"
            data-action="send"
            disabled={!report || sending.state === "sending" || sending.state === "sent"}
            onClick={() => void state.send()}
          >
            {t.send}
          </button>
        </div>
        <div role="status" class="check-sent" data-sending={sending.state}>
          {sending.state === "sent" && (
            <p>
              {t.sent} <strong class="check-code">{sending.code}</strong>
            </p>
          )}
          {sending.state === "failed" && <p>{t.notSent[sending.why]}</p>}
        </div>
        <label class="check-devices">
          <input
            type="checkbox"
            data-action="devices"
            disabled={!report}
            checked={state.devices.value}
            onChange={({ currentTarget }) => (state.devices.value = currentTarget.checked)}
          />
          {t.devices}
        </label>
        {/* For those who do not see the list grow. */}
        <p class="spoken" aria-live="polite">
          {last?.result && `${words.titles[last.id]}: ${t.verdicts[last.result.verdict]}`}
        </p>
        <Question state={state} />
        <CheckList lines={state.lines.value} />
      </div>
      <p class="muted-text page-foot">
        {t.privacy} <a href="./">{t.back}</a>
      </p>
    </section>
  );
}

/** What only the person can do or say, while it is wanted. */
function Question({ state }: { state: CheckState }) {
  const words = CHECK_WORDS[language.value];
  const level = state.level.value;
  const answer = state.answer.value;
  if (level === undefined && !answer) return null;
  return (
    <div class="check-question" role="alert">
      <p>{answer ? words.heard : words.speak}</p>
      {answer ? (
        <div class="row">
          <button type="button" class="primary" data-action="heard" onClick={() => answer(true)}>
            {words.heardYes}
          </button>
          <button type="button" class="quiet" data-action="not-heard" onClick={() => answer(false)}>
            {words.heardNo}
          </button>
        </div>
      ) : (
        <meter min={0} max={1} value={level} aria-label={words.titles.microphone} />
      )}
    </div>
  );
}

function saveReport(report: CheckReport): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(report, undefined, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = reportName(report);
  link.click();
  // The download has its own hold on the contents once it has begun.
  setTimeout(() => URL.revokeObjectURL(address), DOWNLOAD_BEGINS_MS);
}
