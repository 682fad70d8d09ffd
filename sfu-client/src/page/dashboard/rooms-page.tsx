import { useState } from "preact/hooks";
import { words } from "../i18n/dashboard-words.js";
import { durationText } from "../i18n/times.js";
import { atMost } from "./data/at-most.js";
import type { NewRoom, OperatorApi } from "./data/operator-api.js";
import type { Room, Timer } from "./data/types.js";
import { answer, AskDialog } from "./parts/ask-dialog.js";
import { useDesk } from "./parts/context.js";
import { Level } from "./parts/level.js";
import { Link } from "./parts/link.js";
import { Pager, Table, usePaged, type Column } from "./parts/table.js";
import { Loading, Trouble } from "./parts/trouble.js";
import { usePolled } from "./parts/use-polled.js";
import { addressOf } from "./routes.js";

const ROWS = 25;
const AT_ONCE = 4;
const MORE_EVERY_MS = 5000;
/** A list of a thousand rooms is read less often than one of ten. */
const SLOWER_FROM = 200;
const SLOW_EVERY_MS = 8000;
const EVERY_MS = 2000;
const DEFAULT_KEEP_MIN = 60;

/** What is asked for each room that is in sight. */
interface More {
  readonly worst: number | undefined;
  readonly timer: Timer | undefined;
}

/** Every open room, to search in; and a way to open one. */
export function RoomsPage({ search }: { search: string }) {
  const { api } = useDesk();
  const [many, setMany] = useState(false);
  const rooms = usePolled(
    "rooms",
    async (signal) => {
      const all = await api.rooms(signal);
      setMany(all.length >= SLOWER_FROM);
      return all;
    },
    many ? SLOW_EVERY_MS : EVERY_MS,
  );
  const t = words.value.rooms;
  const found = (rooms.data ?? []).filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  return (
    <section class="desk-page" data-page="rooms">
      <header class="desk-head">
        <h1>{t.title}</h1>
        <OpenRoom opened={rooms.now} />
      </header>
      <label class="field desk-search">
        <span class="label">{t.search}</span>
        <input
          type="search"
          name="search"
          value={search}
          onInput={({ currentTarget: { value } }) =>
            // Not one step back for each letter.
            location.replace(addressOf({ page: "rooms", search: value }))
          }
        />
      </label>
      <Trouble error={rooms.error} stale={rooms.data !== undefined} />
      {!rooms.data && !rooms.error && <Loading />}
      {rooms.data && found.length === 0 && <p class="muted-text">{search === "" ? t.none : t.noneFound}</p>}
      {found.length > 0 && <RoomTable rooms={found} />}
    </section>
  );
}

function RoomTable({ rooms }: { rooms: readonly Room[] }) {
  const { api } = useDesk();
  const paged = usePaged(rooms, ROWS);
  const names = paged.rows.map(({ name }) => name);
  const more = usePolled(
    names.join(" "),
    async (signal) =>
      new Map(await atMost(AT_ONCE, paged.rows, async (room) => [room.name, await moreOf(api, room, signal)])),
    MORE_EVERY_MS,
  );
  const { rooms: t, none } = words.value;
  const columns: readonly Column<Room>[] = [
    {
      ...{ name: "name", title: t.name },
      cell: ({ name }) => (
        <Link to={{ page: "room", room: name }} class="name">
          {name}
        </Link>
      ),
    },
    { name: "people", title: t.people, cell: ({ participants }) => participants },
    { name: "waiting", title: t.waiting, cell: ({ waiting }) => waiting },
    { name: "left", title: t.left, cell: ({ name }) => leftText(more.data?.get(name)?.timer) ?? none },
    { name: "worst", title: t.worst, cell: ({ name }) => <Level level={more.data?.get(name)?.worst} /> },
    {
      ...{ name: "state", title: t.state },
      cell: ({ locked, hasPassword, queueClosed }) =>
        [
          ...(locked ? [t.locked] : []),
          ...(hasPassword ? [t.password] : []),
          ...(queueClosed ? [t.queueClosed] : []),
        ].join(", ") || none,
    },
  ];
  return (
    <>
      <Table name="rooms" caption={t.title} columns={columns} rows={paged.rows} keyOf={({ name }) => name} />
      <Pager paged={paged} name="rooms" />
    </>
  );
}

/** Nothing of a room that is closed meanwhile, or where nobody is. */
async function moreOf(api: OperatorApi, { name, participants }: Room, signal: AbortSignal): Promise<More> {
  const [quality, timer] = await Promise.allSettled([
    participants > 0 ? api.quality(name, signal) : Promise.resolve(undefined),
    api.timer(name, signal),
  ]);
  signal.throwIfAborted();
  const levels =
    quality.status === "fulfilled" ? (quality.value?.participants ?? []).flatMap(({ level }) => level ?? []) : [];
  return {
    worst: levels.length === 0 ? undefined : Math.min(...levels),
    timer: timer.status === "fulfilled" ? timer.value : undefined,
  };
}

function leftText(timer: Timer | undefined): string | undefined {
  return timer && (timer.state === "running" || timer.state === "paused") ? durationText(timer.remainingMs) : undefined;
}

function OpenRoom({ opened }: { opened: () => void }) {
  const { api, notices } = useDesk();
  const [asked, setAsked] = useState(false);
  const t = words.value.rooms;
  const open = (answers: FormData) => {
    const room = newRoomOf(answers);
    void notices.attempt(api.createRoom(room), () => {
      opened();
      location.hash = addressOf({ page: "room", room: room.name });
    });
  };
  return (
    <>
      <button type="button" class="primary" data-action="open-room" onClick={() => setAsked(true)}>
        {t.open}
      </button>
      {asked && (
        <AskDialog name="open-room" title={t.open} action={t.open} closed={() => setAsked(false)} run={open}>
          <label class="field">
            <span class="label">{t.name}</span>
            <input name="name" required pattern="[A-Za-z0-9_.\-]{1,64}" title={t.nameHint} autocomplete="off" />
          </label>
          <label class="field">
            <span class="label">{t.preset}</span>
            <select name="preset">
              <option value="open">{t.presetOpen}</option>
              <option value="consultation">{t.presetConsultation}</option>
            </select>
          </label>
          <label class="field">
            <span class="label">{t.seats}</span>
            <input name="seats" type="number" min={0} max={100_000} />
          </label>
          <label class="field">
            <span class="label">{t.keep}</span>
            <input name="keep" type="number" min={1} max={10_080} required defaultValue={String(DEFAULT_KEEP_MIN)} />
          </label>
          <label class="field">
            <span class="label">{t.roomPassword}</span>
            <input name="password" type="password" autocomplete="new-password" maxLength={128} />
          </label>
        </AskDialog>
      )}
    </>
  );
}

function newRoomOf(answers: FormData): NewRoom {
  const preset = answer(answers, "preset");
  const password = answer(answers, "password");
  const seats = answer(answers, "seats");
  return {
    name: answer(answers, "name"),
    keepSec: Number(answer(answers, "keep")) * 60,
    settings: {
      preset: preset === "consultation" ? "consultation" : "open",
      ...(password !== "" && { password }),
      ...(seats !== "" && { maxParticipants: Number(seats) }),
    },
  };
}
