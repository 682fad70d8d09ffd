import { useEffect, useRef } from "preact/hooks";
import type { SfuError } from "../../sdk/index.js";
import { CheckLink } from "../design/check-link.js";
import { PageHead } from "../design/page-head.js";
import { messageFor } from "../i18n/errors.js";
import { language, texts } from "../i18n/language.js";
import { durationText } from "../i18n/times.js";

export interface Farewell {
  readonly error: SfuError | undefined;
  /** Of the time in rooms; `undefined` when none was entered. */
  readonly durationMs: number | undefined;
  readonly room: string;
  readonly rejoin: () => void;
  readonly home: () => void;
}

/** The page after a call: why it ended, how long it was, and the way back. */
export function FarewellPage({ error, durationMs, room, rejoin, home }: Farewell) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const t = texts.value;
  const message = error
    ? messageFor(error, language.value)
    : { title: durationMs === undefined ? t.waiting.left : t.farewell.left, advice: "" };
  return (
    <section class="page">
      <PageHead />
      <div class="card narrow-card farewell">
        <h1>{message.title}</h1>
        {message.advice !== "" && <p role="alert">{message.advice}</p>}
        <CheckLink message={message} />
        {error?.text !== undefined && (
          <figure class="words">
            <figcaption>{t.waiting.hostSays}</figcaption>
            <blockquote>{error.text}</blockquote>
          </figure>
        )}
        <dl class="facts">
          <div>
            <dt>{t.prejoin.room}</dt>
            <dd>{room}</dd>
          </div>
          {durationMs !== undefined && (
            <div>
              <dt>{t.farewell.duration}</dt>
              <dd>{durationText(durationMs)}</dd>
            </div>
          )}
        </dl>
        <div class="row">
          <button ref={first} type="button" class="primary" data-action="rejoin" onClick={rejoin}>
            {t.farewell.rejoin}
          </button>
          <button type="button" class="quiet" data-action="home" onClick={home}>
            {t.farewell.home}
          </button>
        </div>
      </div>
    </section>
  );
}
