import { CheckLink } from "../design/check-link.js";
import { messageFor } from "../i18n/errors.js";
import { language, texts } from "../i18n/language.js";
import { placeText } from "../i18n/times.js";
import type { Call } from "./call.js";

/** One line about what is not as it should be: the worst of it. Always there, so that changes are read out. */
export function Banner({ call: { view, stage } }: { call: Call }) {
  const t = texts.value;
  const { state, attempt, maxAttempts } = view.status.value;
  const waiting = view.waiting.value;
  const error = view.mediaError.value;
  if (state === "reconnecting") return <Line kind="reconnecting" text={t.call.reconnecting(attempt, maxAttempts)} />;
  if (waiting) return <Line kind="waiting" text={`${placeText(t, waiting)} ${t.waiting.elsewhere}`} />;
  if (error) {
    const message = messageFor(error, language.value);
    return <Line kind="media" text={`${message.title}. ${message.advice}`} check={message.check === true} />;
  }
  if (stage.deafened.value) return <Line kind="deafened" text={t.call.deafened} />;
  if (stage.audioOnly.value) return <Line kind="audio-only" text={t.call.audioOnlyNow} />;
  return <Line kind="none" text="" />;
}

function Line({ kind, text, check = false }: { kind: string; text: string; check?: boolean }) {
  return (
    <div class="banner" role="status" aria-live="polite" data-kind={kind} hidden={text === ""}>
      {text} <CheckLink message={{ check }} />
    </div>
  );
}
