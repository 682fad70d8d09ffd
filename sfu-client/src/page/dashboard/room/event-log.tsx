import { words } from "../../i18n/dashboard-words.js";
import type { RoomEvent } from "../data/types.js";
import { wordFor } from "../data/word-for.js";
import { formats } from "../parts/context.js";
import type { EventFeedState } from "./use-room-events.js";

/** What happens in the room, as it happens. */
export function EventLog({ feed: { events, stream, missed } }: { feed: EventFeedState }) {
  const t = words.value;
  return (
    <div class="desk-card">
      <h2>
        {t.room.events}{" "}
        <span class="mark-text" data-stream={stream}>
          {stream === "open" ? t.room.live : t.room.reconnecting}
        </span>
      </h2>
      {missed && <p class="muted-text">{t.room.missed}</p>}
      {events.length === 0 && <p class="muted-text">{t.room.noEvents}</p>}
      <ol class="event-list">
        {events.map((event, index) => (
          <li key={events.length - index} data-event={event.type}>
            <time dateTime={event.at}>{formats.value.clock(event.at)}</time>
            <span>
              {wordFor(t.events, event.type) ?? event.type} <span class="muted-text">{detailsText(event)}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** As `identity: ann, reason: left`. */
export function detailsText({ details }: Pick<RoomEvent, "details">): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");
}
