import { words } from "../../i18n/dashboard-words.js";
import { minuteBands, minuteSteps } from "../data/chart-data.js";
import { pathText, type Speech } from "../data/plain-words.js";
import { JOIN_PHASES, type Minute, type VisitDetails } from "../data/types.js";
import { ConnectionCharts } from "../parts/connection-charts.js";
import { formats, speech, useDesk } from "../parts/context.js";
import { Facts, type Fact } from "../parts/facts.js";
import { Level } from "../parts/level.js";
import { Link } from "../parts/link.js";
import { Loading, Trouble } from "../parts/trouble.js";
import { usePolled } from "../parts/use-polled.js";
import { Why } from "../person/why.js";
import { NO_FILTER } from "../routes.js";
import { leftText } from "./history-page.js";

/** A visit that goes on grows by a minute each minute. */
const EVERY_MS = 30_000;

/** One visit that has been, or still is: why it was bad, how it came in, minute by minute. */
export function VisitPage({ visit }: { visit: string }) {
  const { api } = useDesk();
  const { data, error } = usePolled(`visit ${visit}`, (signal) => api.visit(visit, signal), EVERY_MS);
  const t = words.value.history;
  const filter = { ...NO_FILTER, ...(data && { room: data.room }) };
  const own = speech(() => undefined);
  return (
    <section class="desk-page" data-page="visit">
      <p>
        <Link to={{ page: "history", list: "visits", filter }} class="back">
          {data?.room ?? t.lists.visits}
        </Link>
      </p>
      <h1 class="name">{data?.displayName ?? t.visit}</h1>
      <Trouble error={error} stale={data !== undefined} />
      {!data && !error && <Loading />}
      {data?.diagnosis && <Why diagnosis={data.diagnosis} speech={own} />}
      {data && <VisitFacts visit={data} speech={own} />}
      {data && (
        <div class="desk-card">
          <h2>{t.lines}</h2>
          <MinuteCharts minutes={data.minutes} speech={own} />
        </div>
      )}
    </section>
  );
}

function VisitFacts({ visit, speech: own }: { visit: VisitDetails; speech: Speech }) {
  const { history: t, participant: p, none } = words.value;
  const f = formats.value;
  const ms = (value: number | null | undefined) => (typeof value === "number" ? f.ms(value) : none);
  const phases = JOIN_PHASES.map((phase): Fact => [phase, t.phase[phase], ms(visit.join[phase])]);
  return (
    <div class="desk-columns">
      <div class="desk-card">
        <h2>{t.visit}</h2>
        <Facts
          facts={[
            ["joined", t.joined, f.dateTime(visit.joinedAt)],
            ["lasted", t.lasted, f.duration(visit.durationSec)],
            ["left", t.left, leftText(visit)],
            ["path", p.path, pathText(own, visit.path)],
            ["level", t.level, <Level key="level" level={visit.levelMean ?? undefined} worded />],
            ["identity", p.identity, visit.identity],
          ]}
        />
      </div>
      <div class="desk-card">
        <h2>{t.phases}</h2>
        <Facts
          facts={[
            ...(typeof visit.queueWaitSec === "number"
              ? ([["queued", t.queued, f.duration(visit.queueWaitSec)]] satisfies Fact[])
              : []),
            ...phases,
          ]}
        />
      </div>
    </div>
  );
}

function MinuteCharts({ minutes, speech: own }: { minutes: readonly Minute[]; speech: Speech }) {
  const { participant: t, history } = words.value;
  if (minutes.length === 0) return <p class="muted-text">{history.noLines}</p>;
  const steps = minuteSteps(minutes);
  const line = (of: (minute: Minute) => number | null) => ({
    stepped: true,
    values: steps.minutes.map((minute) => (minute ? of(minute) : null)),
  });
  return (
    <ConnectionCharts
      group="visit"
      times={steps.times}
      bands={minuteBands(minutes)}
      speech={own}
      level={[
        { label: t.level, colour: "accent", ...line(({ levelMean }) => levelMean) },
        { label: history.lossMost, colour: "second", dash: true, ...line(({ levelLeast }) => levelLeast) },
      ]}
      line={line}
    />
  );
}
