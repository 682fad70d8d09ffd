import { useState } from "preact/hooks";
import type { RemoteParticipant, Ticket } from "../../sdk/index.js";
import type { Call } from "../call/call.js";
import { hasHandUp, isMuted } from "../call/person.js";
import { QualityBars } from "../call/quality-bars.js";
import { flag } from "../design/flag.js";
import { Icon } from "../design/icon.js";
import { texts } from "../i18n/language.js";
import { Panel } from "./panel.js";
import { SureButton } from "./sure-button.js";

/** Who is here and who waits; for moderators, what they can do with the room, and with each. */
export function PeoplePanel({ call }: { call: Call }) {
  const { view } = call;
  const t = texts.value.people;
  const moderates = view.moderates.value;
  return (
    <Panel call={call} name="people" title={t.title}>
      <div class="panel-scroll">
        {moderates && <RoomActions call={call} />}
        {moderates && <Queue call={call} />}
        <h3>{t.inRoom}</h3>
        <ul class="people-list">
          <Person call={call} participant={undefined} />
          {handsFirst(view.participants.value).map((participant) => (
            <Person key={participant.id} call={call} participant={participant} />
          ))}
        </ul>
      </div>
    </Panel>
  );
}

/** Whoever raised a hand, in the order in which they did; then the others. */
function handsFirst(participants: readonly RemoteParticipant[]): RemoteParticipant[] {
  const raisedAt = ({ attributes }: RemoteParticipant) => Number(attributes["hand"] ?? "") || Infinity;
  return [...participants].sort((a, b) => (raisedAt(a) === raisedAt(b) ? 0 : raisedAt(a) - raisedAt(b)));
}

function RoomActions({ call }: { call: Call }) {
  const { view, notices } = call;
  const { moderation } = view.room;
  const t = texts.value.people;
  const timer = view.timer.value;
  const locked = view.locked.value;
  return (
    <div class="actions">
      <button
        type="button"
        class="quiet"
        data-action="mute-all"
        onClick={() => void notices.attempt(() => moderation.muteAll("microphone"))}
      >
        {t.muteAll}
      </button>
      <button
        type="button"
        class="quiet"
        data-action="lock"
        aria-pressed={locked}
        onClick={() => void notices.attempt(() => moderation.lock(!locked))}
      >
        {locked ? t.unlock : t.lock}
      </button>
      {timer && timer.state !== "idle" && timer.state !== "ended" && (
        <button type="button" class="quiet" data-action="extend" onClick={() => call.extendTimer()}>
          {t.extend}
        </button>
      )}
      <SureButton action="end" text={t.end} sure={t.endSure} run={() => void notices.attempt(() => moderation.end())} />
    </div>
  );
}

function Queue({ call: { view, notices } }: { call: Call }) {
  const { moderation } = view.room;
  const t = texts.value.people;
  const queue = view.queue.value;
  return (
    <>
      <h3>
        {t.queue}
        {queue.length > 1 && (
          <button
            type="button"
            class="quiet"
            data-action="admit-all"
            onClick={() => void notices.attempt(() => moderation.admit({ all: true }))}
          >
            {t.admitAll}
          </button>
        )}
      </h3>
      <ul class="people-list">
        {queue.length === 0 && <li class="muted-text">{t.queueEmpty}</li>}
        {queue.map(({ ticketId, displayName }: Ticket) => (
          <li key={ticketId} data-ticket-id={ticketId}>
            <span class="name">{displayName ?? t.guest}</span>
            <button
              type="button"
              class="primary"
              data-action="admit"
              onClick={() => void notices.attempt(() => moderation.admit({ ticketId }))}
            >
              {t.admit}
            </button>
            <button
              type="button"
              class="quiet"
              data-action="deny"
              onClick={() => void notices.attempt(() => moderation.deny(ticketId))}
            >
              {t.deny}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** @param participant `undefined`: oneself */
function Person({ call: { view, notices }, participant }: { call: Call; participant: RemoteParticipant | undefined }) {
  const { moderation } = view.room;
  const t = texts.value;
  const [open, setOpen] = useState(false);
  const own = view.self.value;
  const id = participant?.id ?? own?.id ?? "";
  const name = participant?.displayName ?? view.displayName.value;
  const role = participant?.role ?? own?.role ?? "";
  const muted = isMuted(view, participant);
  return (
    <li data-person={id} data-open={flag(open)}>
      <span class="name">
        {name}
        {!participant && <span class="muted-text"> ({t.people.you})</span>}
        {(role === "host" || role === "moderator") && <span class="role">{t.people.host}</span>}
      </span>
      {hasHandUp(participant ?? own) && (
        <span class="mark" role="img" aria-label={t.tile.handUp}>
          <Icon name="hand" />
        </span>
      )}
      {muted && (
        <span class="mark off" role="img" aria-label={t.tile.microphoneOff}>
          <Icon name="microphoneOff" />
        </span>
      )}
      <QualityBars level={view.quality.value.get(id)} />
      {participant && view.moderates.value && (
        <button
          type="button"
          class="plain"
          aria-label={`${t.call.more}: ${name}`}
          aria-expanded={open}
          data-action="person-more"
          onClick={() => setOpen(!open)}
        >
          <Icon name="more" />
        </button>
      )}
      {open && (
        <div class="person-actions">
          <button
            type="button"
            class="quiet"
            data-action="mute"
            aria-label={`${t.people.mute}: ${name}`}
            disabled={muted}
            onClick={() => void notices.attempt(() => moderation.mute(id, "microphone"))}
          >
            {t.people.mute}
          </button>
          <SureButton
            action="kick"
            text={t.people.kick}
            label={`${t.people.kick}: ${name}`}
            sure={t.people.kickSure}
            run={() => void notices.attempt(() => moderation.kick(id))}
          />
        </div>
      )}
    </li>
  );
}
