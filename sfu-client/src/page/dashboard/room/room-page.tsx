import { useState } from "preact/hooks";
import { SureButton } from "../../panels/sure-button.js";
import { words } from "../../i18n/dashboard-words.js";
import type { Room } from "../data/types.js";
import { answer, AskDialog } from "../parts/ask-dialog.js";
import { useDesk } from "../parts/context.js";
import { Link } from "../parts/link.js";
import { Loading, Trouble } from "../parts/trouble.js";
import { usePolled } from "../parts/use-polled.js";
import { EventLog } from "./event-log.js";
import { PeopleTable } from "./people-table.js";
import { QueuePart } from "./queue-part.js";
import { RoomCharts } from "./room-charts.js";
import { TimerPart } from "./timer-part.js";
import { useRoomEvents } from "./use-room-events.js";
import { ViewList } from "./view-list.js";

const PEOPLE_EVERY_MS = 10_000;

/** One room: who is in it, how good their calls are, and all that can be done to it. */
export function RoomPage({ room }: { room: string }) {
  const { api } = useDesk();
  const state = usePolled(`room ${room}`, (signal) => api.room(room, signal));
  const quality = usePolled(`quality ${room}`, (signal) => api.quality(room, signal));
  const people = usePolled(`people ${room}`, (signal) => api.participants(room, signal), PEOPLE_EVERY_MS);
  const queue = usePolled(`queue ${room}`, (signal) => api.queue(room, signal));
  const timer = usePolled(`timer ${room}`, (signal) => api.timer(room, signal));
  const all = [state, quality, people, queue, timer];
  const readAll = () => all.forEach(({ now }) => now());
  const feed = useRoomEvents(room, readAll);
  const t = words.value.room;
  return (
    <section class="desk-page" data-page="room">
      <p>
        <Link to={{ page: "rooms", search: "" }} class="back">
          {t.everyRoom}
        </Link>
      </p>
      <header class="desk-head">
        <h1 class="name">{room}</h1>
        {state.data && <RoomActions room={state.data} changed={readAll} />}
      </header>
      <Trouble error={state.error} stale={state.data !== undefined && state.error?.code !== "room_not_found"} />
      {!state.data && !state.error && <Loading />}
      {state.data?.locked === true && <p class="note">{t.locked}</p>}
      {state.data && (
        <>
          <PeopleTable room={room} people={people.data ?? []} quality={quality.data} />
          <ViewList room={room} quality={quality.data} />
          <RoomCharts key={room} quality={quality.data} />
          <div class="desk-columns">
            <QueuePart room={state.data} tickets={queue.data ?? []} changed={readAll} />
            <TimerPart room={room} timer={timer.data} changed={readAll} />
          </div>
        </>
      )}
      <EventLog feed={feed} />
    </section>
  );
}

function RoomActions({ room: { name, locked }, changed }: { room: Room; changed: () => void }) {
  const { api, notices } = useDesk();
  const [asked, setAsked] = useState<"message" | "end">();
  const t = words.value.room;
  const closed = () => setAsked(undefined);
  return (
    <div class="row desk-actions">
      <button
        type="button"
        class="quiet"
        data-action="lock"
        onClick={() => void notices.attempt(api.lock(name, !locked), changed)}
      >
        {locked ? t.unlock : t.lock}
      </button>
      <SureButton
        action="mute-all"
        text={t.muteAll}
        sure={t.muteAllSure}
        run={() => void notices.attempt(api.muteAll(name), changed)}
      />
      <button type="button" class="quiet" data-action="message" onClick={() => setAsked("message")}>
        {t.message}
      </button>
      <button type="button" class="quiet danger" data-action="end" onClick={() => setAsked("end")}>
        {t.end}
      </button>
      {asked === "message" && (
        <AskDialog
          name="message"
          title={t.messageTitle}
          action={t.send}
          closed={closed}
          run={(answers) => void notices.attempt(api.tellRoom(name, answer(answers, "text")))}
        >
          <label class="field">
            <span class="label">{t.messageText}</span>
            <input name="text" required maxLength={1000} autocomplete="off" />
          </label>
        </AskDialog>
      )}
      {asked === "end" && (
        <AskDialog
          name="end"
          title={t.endTitle}
          action={t.end}
          danger
          closed={closed}
          run={(answers) => void notices.attempt(api.endRoom(name, answer(answers, "reason")), changed)}
        >
          <p class="dialog-text">{t.endText}</p>
          <label class="field">
            <span class="label">{t.reason}</span>
            <input name="reason" maxLength={200} autocomplete="off" />
          </label>
        </AskDialog>
      )}
    </div>
  );
}
