import { useRef } from "preact/hooks";
import { words } from "../../i18n/dashboard-words.js";
import { merged, secondsOf } from "../data/chart-data.js";
import { isSound, pathText, sourceText, switchText, type Speech } from "../data/plain-words.js";
import type { ParticipantDetails, Sample, Switch, Timeline } from "../data/types.js";
import { wordFor } from "../data/word-for.js";
import { formats, speech, useDesk } from "../parts/context.js";
import { Facts } from "../parts/facts.js";
import { Level } from "../parts/level.js";
import { Link } from "../parts/link.js";
import { Loading, Trouble } from "../parts/trouble.js";
import { usePolled } from "../parts/use-polled.js";
import { ViewChips } from "../room/view-list.js";
import { NO_FILTER } from "../routes.js";
import { PersonActions } from "./person-actions.js";
import { PersonCharts } from "./person-charts.js";
import { Why } from "./why.js";

const DIAGNOSIS_EVERY_MS = 5000;
const QUALITY_EVERY_MS = 4000;
const SWITCHES_SHOWN = 50;

/** One person in a room: how the connection is and was, and why. */
export function PersonPage({ room, participant }: { room: string; participant: string }) {
  const { api } = useDesk();
  const key = `${room} ${participant}`;
  const person = usePolled(`person ${key}`, (signal) => api.participant(room, participant, signal));
  const known = useRef<{ readonly key: string; readonly timeline: Timeline } | undefined>(undefined);
  const timeline = usePolled(`timeline ${key}`, async (signal) => {
    const before = known.current?.key === key ? known.current.timeline : undefined;
    const read = await api.timeline(room, participant, before?.samples.at(-1)?.at, signal);
    const whole = before ? joined(before, read) : read;
    known.current = { key, timeline: whole };
    return whole;
  });
  const diagnosis = usePolled(
    `diagnosis ${key}`,
    (signal) => api.diagnosis(room, participant, signal),
    DIAGNOSIS_EVERY_MS,
  );
  const quality = usePolled(`quality ${room}`, (signal) => api.quality(room, signal), QUALITY_EVERY_MS);
  const names = useNames(quality.data?.participants ?? []);
  const t = words.value.participant;
  const own = speech((id) => names.get(id));
  const views = (quality.data?.views ?? []).filter(({ viewerId }) => viewerId === participant);
  const gone = person.error?.code === "not_in_room" || person.error?.code === "room_not_found";
  return (
    <section class="desk-page" data-page="participant">
      <p>
        <Link to={{ page: "room", room }} class="back">
          {room}
        </Link>
      </p>
      <header class="desk-head">
        <h1 class="name">{person.data?.displayName ?? participant}</h1>
        {person.data && !gone && <PersonActions room={room} person={person.data} changed={person.now} />}
      </header>
      {gone ? (
        <p class="note" role="status">
          {t.gone}{" "}
          <Link
            to={{
              page: "history",
              list: "visits",
              filter: { ...NO_FILTER, room, identity: person.data?.identity ?? "" },
            }}
          >
            {t.past}
          </Link>
        </p>
      ) : (
        <Trouble error={person.error} stale={person.data !== undefined} />
      )}
      {!person.data && !person.error && <Loading />}
      {diagnosis.data && <Why diagnosis={diagnosis.data} speech={own} />}
      {person.data && <Connection person={person.data} last={timeline.data?.samples.at(-1)} speech={own} />}
      {timeline.data && (
        <div class="desk-card">
          <h2>{t.lines}</h2>
          <PersonCharts timeline={timeline.data} views={views} speech={own} />
        </div>
      )}
      {timeline.data && <SwitchList switches={timeline.data.switches} speech={own} />}
      {person.data && (
        <div class="desk-columns">
          <div class="desk-card">
            <h2>{t.slots}</h2>
            {views.length === 0 ? (
              <p class="muted-text">{words.value.room.noViews}</p>
            ) : (
              <ViewChips views={views} names={names} />
            )}
          </div>
          <Tracks person={person.data} />
        </div>
      )}
    </section>
  );
}

/** Those who are gone keep their names: they are still in the list of changes. */
function useNames(
  people: readonly { readonly participantId: string; readonly displayName: string }[],
): ReadonlyMap<string, string> {
  const names = useRef(new Map<string, string>());
  for (const { participantId, displayName } of people) names.current.set(participantId, displayName);
  return names.current;
}

function joined(before: Timeline, read: Timeline): Timeline {
  const last = read.samples.at(-1) ?? before.samples.at(-1);
  // Nothing was measured yet: nothing is too old.
  const nowSec = last ? secondsOf(last.at) : 0;
  const keyOf = (one: Switch) => `${one.at} ${one.mid} ${one.participantId}`;
  return {
    ...read,
    samples: merged(before.samples, read.samples, ({ at }: Sample) => at, nowSec),
    switches: merged(before.switches, read.switches, keyOf, nowSec),
  };
}

interface ConnectionProps {
  readonly person: ParticipantDetails;
  readonly last: Sample | undefined;
  readonly speech: Speech;
}

function Connection({ person, last, speech: own }: ConnectionProps) {
  const { participant: t, none } = words.value;
  const f = formats.value;
  const transport = person.media?.["transport"] as { readonly path?: string; readonly remote?: string } | undefined;
  const measured = (write: (sample: Sample) => string) => (last ? write(last) : none);
  return (
    <div class="desk-card">
      <h2>{t.connection}</h2>
      <Facts
        facts={[
          ["quality", t.quality, <Level key="level" level={last?.level} worded />],
          ["path", t.path, pathText(own, last?.path ?? transport?.path ?? "")],
          ["address", t.address, transport?.remote || none],
          ["rtt", t.roundTrip, measured(({ roundTripMs }) => f.ms(roundTripMs))],
          ["jitter", t.jitter, measured(({ jitterMs }) => f.ms(jitterMs))],
          [
            "estimate",
            t.estimate,
            measured(({ estimateBps }) => (typeof estimateBps === "number" ? f.bits(estimateBps) : none)),
          ],
          ["sent", t.sent, measured(({ sentBps }) => f.bits(sentBps))],
          ["received", t.received, measured(({ receivedBps }) => f.bits(receivedBps))],
          ["role", t.role, wordFor(words.value.roles, person.role) ?? person.role],
          ["identity", t.identity, person.identity],
        ]}
      />
    </div>
  );
}

function SwitchList({ switches, speech: own }: { switches: readonly Switch[]; speech: Speech }) {
  const t = words.value.switches;
  const newest = switches
    .filter(({ source }) => !isSound(source))
    .reverse()
    .slice(0, SWITCHES_SHOWN);
  return (
    <div class="desk-card">
      <h2>{t.title}</h2>
      {newest.length === 0 && <p class="muted-text">{t.none}</p>}
      <ol class="event-list">
        {newest.map((change) => (
          <li key={`${change.at} ${change.mid} ${change.participantId}`} data-switch={change.reason}>
            <time dateTime={change.at}>{formats.value.clock(change.at)}</time>
            <span>{switchText(own, change)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Tracks({ person: { tracks } }: { person: ParticipantDetails }) {
  const t = words.value.participant;
  return (
    <div class="desk-card">
      <h2>{t.tracks}</h2>
      {tracks.length === 0 && <p class="muted-text">{t.noTracks}</p>}
      <ul class="chips">
        {tracks.map(({ trackId, source, muted, label, width, height }) => (
          <li key={trackId} class="chip" data-track={source}>
            <b>{sourceText({ texts: words.value }, source)}</b>
            {height > 0 && (
              <span>
                {width} × {height}
              </span>
            )}
            {muted && <span>{t.trackMuted}</span>}
            {label !== "" && <span class="muted-text name">{label}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
