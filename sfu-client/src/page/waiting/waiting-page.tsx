import { useEffect, useRef } from "preact/hooks";
import type { RoomView } from "../call/room-view.js";
import { BrandMark, PageHead } from "../design/page-head.js";
import { texts } from "../i18n/language.js";
import { etaText, placeText } from "../i18n/times.js";

/** The card of somebody who waits: the place, how long it may take, what the host says, and the way out. */
export function WaitingPage({ view }: { view: RoomView }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const t = texts.value;
  const waiting = view.waiting.value;
  if (!waiting) return null;
  const { ticket, message = "", paused } = waiting;
  const admitted = ticket.state === "admitted";
  const { state, attempt, maxAttempts } = view.status.value;
  return (
    <section class="page" data-ticket={ticket.ticketId}>
      <PageHead />
      <div class="card narrow-card waiting-room">
        <div class="pulse" aria-hidden="true">
          <BrandMark />
        </div>
        <h1 ref={heading} tabIndex={-1}>
          {t.waiting.title(view.name.value)}
        </h1>
        <div role="status" aria-live="polite">
          <p class="place">{admitted ? t.waiting.admitted : placeText(t, waiting)}</p>
          {!admitted && <p class="eta">{etaText(t, waiting)}</p>}
        </div>
        {message !== "" && (
          <figure class="words">
            <figcaption>{t.waiting.hostSays}</figcaption>
            <blockquote>{message}</blockquote>
          </figure>
        )}
        <p class="muted-text">
          {state === "reconnecting"
            ? t.call.reconnecting(attempt, maxAttempts)
            : paused
              ? t.waiting.paused
              : t.waiting.soon}
        </p>
        <div class="row">
          <button type="button" class="quiet" data-action="leave" onClick={() => view.room.leave()}>
            {t.waiting.leave}
          </button>
        </div>
      </div>
    </section>
  );
}
