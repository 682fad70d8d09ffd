import { useEffect, useState } from "preact/hooks";
import { words } from "../../i18n/dashboard-words.js";
import { secondsOf } from "../data/chart-data.js";
import { measuredOf } from "../data/measured.js";
import type { RoomQuality } from "../data/types.js";
import { formats } from "../parts/context.js";
import { TimeChart } from "../parts/time-chart.js";

/** Ten minutes of one each 2 s. */
const KEPT = 300;
const LEAST_BPS = 100_000;
const LEAST_PERCENT = 5;

interface Point {
  readonly timeSec: number;
  readonly toPeople: number;
  readonly fromPeople: number;
  readonly lossTo: number;
  readonly lossFrom: number;
}

/** The room as a whole, from what this page has read so far. */
export function RoomCharts({ quality }: { quality: RoomQuality | undefined }) {
  const [points, setPoints] = useState<readonly Point[]>([]);
  useEffect(() => {
    if (!quality) return;
    setPoints((known) => {
      const point = pointOf(quality);
      const last = known.at(-1);
      return last && last.timeSec >= point.timeSec ? known : [...known, point].slice(-KEPT);
    });
  }, [quality]);
  const t = words.value.room;
  const f = formats.value;
  const times = points.map(({ timeSec }) => timeSec);
  const line = (of: (point: Point) => number) => points.map(of);
  return (
    <div class="desk-card">
      <h2>{t.charts}</h2>
      <div class="chart-row">
        <TimeChart
          name="room-rates"
          title={t.rateChart}
          times={times}
          lines={[
            { label: t.toPeople, colour: "accent", values: line(({ toPeople }) => toPeople) },
            { label: t.fromPeople, colour: "second", dash: true, values: line(({ fromPeople }) => fromPeople) },
          ]}
          format={f.bits}
          clock={f.clock}
          group="room"
          least={LEAST_BPS}
        />
        <TimeChart
          name="room-loss"
          title={t.lossChart}
          times={times}
          lines={[
            { label: t.lossTo, colour: "accent", values: line(({ lossTo }) => lossTo) },
            { label: t.lossFrom, colour: "second", dash: true, values: line(({ lossFrom }) => lossFrom) },
          ]}
          format={f.percent}
          clock={f.clock}
          group="room"
          least={LEAST_PERCENT}
        />
      </div>
    </div>
  );
}

function pointOf({ at, participants }: RoomQuality): Point {
  const measured = participants.flatMap((person) => measuredOf(person) ?? []);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    timeSec: secondsOf(at),
    toPeople: sum(measured.map(({ sentBps }) => sentBps)),
    fromPeople: sum(measured.map(({ receivedBps }) => receivedBps)),
    lossTo: Math.max(0, ...measured.map(({ lossDownPercent }) => lossDownPercent)),
    lossFrom: Math.max(0, ...measured.map(({ lossUpPercent }) => lossUpPercent)),
  };
}
