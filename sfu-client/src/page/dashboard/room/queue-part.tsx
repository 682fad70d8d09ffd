import { SureButton } from "../../panels/sure-button.js";
import { words } from "../../i18n/dashboard-words.js";
import type { Room, Ticket } from "../data/types.js";
import { formats, useDesk } from "../parts/context.js";
import { Pager, usePaged } from "../parts/table.js";

const ROWS = 20;

export interface QueuePartProps {
  readonly room: Room;
  readonly tickets: readonly Ticket[];
  readonly changed: () => void;
}

/** Who waits, in order, and what can be done for them. */
export function QueuePart({ room, tickets, changed }: QueuePartProps) {
  const { api, notices } = useDesk();
  const { name, queueClosed, queuePaused, settings } = room;
  const paged = usePaged(tickets, ROWS);
  const t = words.value.room;
  const off = !settings.queue.enabled && tickets.length === 0;
  return (
    <div class="desk-card">
      <h2>{t.queue}</h2>
      {off && <p class="muted-text">{t.queueOff}</p>}
      {!off && tickets.length === 0 && <p class="muted-text">{t.nobodyWaits}</p>}
      {queueClosed && <p class="note">{t.closed}</p>}
      {queuePaused && <p class="note">{t.awaitsModerator}</p>}
      <ol class="ticket-list">
        {paged.rows.map((ticket) => (
          <Waiting key={ticket.ticketId} room={name} ticket={ticket} changed={changed} />
        ))}
      </ol>
      <Pager paged={paged} name="queue" />
      {!off && (
        <div class="row">
          {tickets.length > 1 && (
            <button
              type="button"
              class="quiet"
              data-action="admit-all"
              onClick={() => void notices.attempt(api.admit(name, { all: true }), changed)}
            >
              {t.admitAll}
            </button>
          )}
          <button
            type="button"
            class="quiet"
            data-action="pause-queue"
            onClick={() => void notices.attempt(api.pauseQueue(name, !queueClosed), changed)}
          >
            {queueClosed ? t.reopen : t.pause}
          </button>
        </div>
      )}
    </div>
  );
}

function Waiting({ room, ticket, changed }: { room: string; ticket: Ticket; changed: () => void }) {
  const { api, notices } = useDesk();
  const t = words.value.room;
  const { ticketId, displayName, position, state, joinedAt } = ticket;
  const move = (to: number) => void notices.attempt(api.moveTicket(room, ticketId, to), changed);
  return (
    <li data-ticket={ticketId}>
      <span class="ticket-name">
        <b>{position}</b> <span class="name">{displayName}</span>{" "}
        <span class="muted-text">
          {t.since(formats.value.clock(joinedAt))}
          {state === "away" && `, ${t.away}`}
        </span>
      </span>
      <span class="row ticket-actions">
        <button
          type="button"
          class="primary"
          data-action="admit"
          aria-label={`${t.admit}: ${displayName}`}
          onClick={() => void notices.attempt(api.admit(room, { ticketId }), changed)}
        >
          {t.admit}
        </button>
        {position > 2 && (
          <button
            type="button"
            class="quiet"
            data-action="ticket-up"
            aria-label={`${t.up}: ${displayName}`}
            onClick={() => move(position - 1)}
          >
            {t.up}
          </button>
        )}
        {position > 1 && (
          <button
            type="button"
            class="quiet"
            data-action="ticket-front"
            aria-label={`${t.toFront}: ${displayName}`}
            onClick={() => move(1)}
          >
            {t.toFront}
          </button>
        )}
        <SureButton
          action="deny"
          text={t.deny}
          label={`${t.deny}: ${displayName}`}
          sure={words.value.sure}
          run={() => void notices.attempt(api.deny(room, ticketId), changed)}
        />
      </span>
    </li>
  );
}
