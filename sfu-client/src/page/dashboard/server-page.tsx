import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { words } from "../i18n/dashboard-words.js";
import { atMost } from "./data/at-most.js";
import { trafficRate, type TrafficAt } from "./data/traffic.js";
import { poorOnes, type PoorOne } from "./data/trouble-list.js";
import type { Room, ServerState } from "./data/types.js";
import { AskDialog } from "./parts/ask-dialog.js";
import { formats, speech, useDesk } from "./parts/context.js";
import { Level } from "./parts/level.js";
import { Link } from "./parts/link.js";
import { Loading, Trouble } from "./parts/trouble.js";
import { usePolled } from "./parts/use-polled.js";
import { blameText } from "./data/plain-words.js";

/** Rooms change less often than the load does. */
const ROOMS_EVERY_MS = 5000;
const QUALITY_EVERY_MS = 10_000;
const ROOMS_LOOKED_AT = 20;
const AT_ONCE = 4;

/** How the server is, and what is wrong anywhere. */
export function ServerPage() {
  const { api } = useDesk();
  const server = usePolled("server", (signal) => api.server(signal));
  const rooms = usePolled("rooms", (signal) => api.rooms(signal), ROOMS_EVERY_MS);
  const before = useRef<TrafficAt | undefined>(undefined);
  const traffic = usePolled("traffic", async (signal) => {
    const now = { traffic: await api.traffic(signal), atMs: performance.now() };
    const rate = before.current && trafficRate(before.current, now);
    before.current = now;
    return rate;
  });
  const inUse = withPeople(rooms.data ?? []);
  const busiest = inUse.slice(0, ROOMS_LOOKED_AT);
  const poor = usePolled(
    `poor ${busiest.map(({ name }) => name).join(" ")}`,
    async (signal) =>
      poorOnes(
        await atMost(AT_ONCE, busiest, (room) =>
          api.quality(room.name, signal).catch((failure: unknown) => {
            // A room may close at any time; the page tells of the server's troubles above.
            if (signal.aborted) throw failure;
            return undefined;
          }),
        ),
      ),
    QUALITY_EVERY_MS,
  );
  const t = words.value.server;
  const state = server.data;
  return (
    <section class="desk-page" data-page="server">
      <header class="desk-head">
        <h1>{t.title}</h1>
        {state && <Draining state={state} changed={server.now} />}
      </header>
      <Trouble error={server.error} stale={state !== undefined} />
      {state ? (
        <Tiles state={state} waiting={rooms.data && sum(rooms.data, ({ waiting }) => waiting)} rates={traffic.data} />
      ) : (
        !server.error && <Loading />
      )}
      {state && <WrongNow state={state} poor={poor.data ?? []} looked={busiest.length} all={inUse.length} />}
    </section>
  );
}

/** Where people are, the fullest first. */
function withPeople(rooms: readonly Room[]): readonly Room[] {
  return rooms
    .filter(({ participants }) => participants > 0)
    .sort((one, other) => other.participants - one.participants);
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function Draining({ state, changed }: { state: ServerState; changed: () => void }) {
  const { api, notices } = useDesk();
  const [asked, setAsked] = useState(false);
  const t = words.value.server;
  if (state.draining) {
    return (
      <button
        type="button"
        class="primary"
        data-action="resume"
        onClick={() => void notices.attempt(api.resume(), changed)}
      >
        {t.resume}
      </button>
    );
  }
  return (
    <>
      <button type="button" class="quiet danger" data-action="drain" onClick={() => setAsked(true)}>
        {t.drain}
      </button>
      {asked && (
        <AskDialog
          name="drain"
          title={t.drainTitle}
          action={t.drain}
          danger
          closed={() => setAsked(false)}
          run={() => void notices.attempt(api.drain(), changed)}
        >
          <p class="dialog-text">{t.drainText}</p>
        </AskDialog>
      )}
    </>
  );
}

interface TilesProps {
  readonly state: ServerState;
  readonly waiting: number | undefined;
  readonly rates: { readonly receivedBps: number; readonly sentBps: number } | undefined;
}

function Tiles({ state, waiting, rates }: TilesProps) {
  const { server: t, none } = words.value;
  const f = formats.value;
  const { load } = state;
  const busiest = [...load.workers].sort((one, other) => other.busy - one.busy)[0];
  const said = state.draining ? t.draining : state.ready ? t.ready : t.notReady;
  return (
    <ul class="tiles">
      <Tile name="state" title={t.state} bad={state.draining || !state.ready}>
        {said}
      </Tile>
      <Tile name="rooms" title={t.rooms}>
        <Link to={{ page: "rooms", search: "" }}>{state.rooms}</Link>
      </Tile>
      <Tile name="participants" title={t.participants}>
        {state.participants}
      </Tile>
      <Tile name="waiting" title={t.waiting}>
        {waiting ?? none}
      </Tile>
      <Tile name="received" title={t.received}>
        {rates ? f.bits(rates.receivedBps) : none}
      </Tile>
      <Tile name="sent" title={t.sent}>
        {rates ? f.bits(rates.sentBps) : none}
      </Tile>
      <Tile name="cpu" title={t.cpu} more={t.loadAverage(f.number(state.loadAverage), state.processors)}>
        {f.percent(load.cpu * 100)}
      </Tile>
      <Tile name="workers" title={t.workers} more={busiest && t.lag(f.ms(busiest.waitMs))}>
        {busiest ? f.percent(busiest.busy * 100) : none}
      </Tile>
      <Tile name="stress" title={t.stress} bad={load.overloaded} more={load.overloaded ? t.overloaded : undefined}>
        {f.number(load.stress)}
      </Tile>
      <Tile name="forwarding" title={t.forwarding}>
        {f.ms(load.forwardingP99Ms)}
      </Tile>
      <Tile name="memory" title={t.memory} more={t.memoryOf(f.bytes(state.heapMaxBytes))}>
        {f.bytes(state.heapUsedBytes)}
      </Tile>
      <Tile name="uptime" title={t.uptime}>
        {f.duration(state.uptimeSec)}
      </Tile>
      <Tile name="addresses" title={t.addresses} small>
        {state.mediaAddresses.join(", ") || none}
      </Tile>
    </ul>
  );
}

interface TileProps {
  readonly name: string;
  readonly title: string;
  readonly more?: string | undefined;
  readonly bad?: boolean;
  readonly small?: boolean;
  readonly children: ComponentChildren;
}

function Tile({ name, title, more, bad, small, children }: TileProps) {
  return (
    <li
      class="figure-tile"
      data-tile={name}
      data-bad={bad === true ? "" : undefined}
      data-small={small === true ? "" : undefined}
    >
      <span class="figure-title">{title}</span>
      <span class="figure">{children}</span>
      {more !== undefined && <span class="muted-text">{more}</span>}
    </li>
  );
}

interface WrongNowProps {
  readonly state: ServerState;
  readonly poor: readonly PoorOne[];
  readonly looked: number;
  readonly all: number;
}

function WrongNow({ state, poor, looked, all }: WrongNowProps) {
  const t = words.value.server;
  const own = [...(state.load.overloaded ? [t.overload] : []), ...state.reasons, ...state.warnings];
  const nothing = own.length + poor.length === 0;
  return (
    <div class="desk-card">
      <h2>{t.wrong}</h2>
      {nothing && <p class="muted-text">{t.nothingWrong}</p>}
      <ul class="trouble-list">
        {poor.map(({ room, person, names }) => {
          const own = speech((id) => names.get(id));
          const causes = (person.causes ?? []).map((cause) => blameText(own, cause)).join("; ");
          return (
            <li key={`${room} ${person.participantId}`} data-poor={person.participantId}>
              <Level level={person.level} />
              <span>
                <Link to={{ page: "participant", room, participant: person.participantId }}>
                  {t.poor(person.displayName, room)}
                </Link>
                {causes !== "" && `: ${causes}`}
              </span>
            </li>
          );
        })}
        {own.map((text) => (
          <li key={text}>
            <span class="trouble-sign" aria-hidden="true">
              !
            </span>
            <span>{text}</span>
          </li>
        ))}
      </ul>
      {looked < all && <p class="muted-text">{t.looked(looked, all)}</p>}
    </div>
  );
}
