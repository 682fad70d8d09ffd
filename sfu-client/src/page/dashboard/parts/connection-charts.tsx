import type { ComponentChildren } from "preact";
import { words } from "../../i18n/dashboard-words.js";
import type { Band } from "../data/chart-data.js";
import type { Speech } from "../data/plain-words.js";
import type { Minute, Sample } from "../data/types.js";
import { BandLegend } from "./band-legend.js";
import { TimeChart, type ChartLine } from "./time-chart.js";

/** What is measured of a connection at one time, in a sample as in a minute. */
export type Measured = Pick<
  Sample & Minute,
  "lossDownPercent" | "lossUpPercent" | "roundTripMs" | "jitterMs" | "sentBps" | "estimateBps" | "wantedBps"
>;

export interface ConnectionChartsProps {
  /** The charts of one group have their pointer at the same time. */
  readonly group: string;
  readonly times: readonly number[];
  readonly bands: readonly Band[];
  readonly speech: Speech;
  readonly level: readonly ChartLine[];
  /** The values of a line, one a time. */
  readonly line: (of: (measured: Measured) => number | null) => Pick<ChartLine, "values" | "stepped">;
  /** Further charts. */
  readonly children?: ComponentChildren;
}

const LEAST_BPS = 100_000;
const LEAST_MS = 100;
const LEAST_PERCENT = 5;
const BEST_LEVEL = 5;

/** How one connection was over a time. */
export function ConnectionCharts({ group, times, bands, speech, level, line, children }: ConnectionChartsProps) {
  const { participant: t } = words.value;
  const { formats: f } = speech;
  const common = { times, bands, clock: f.clock, group };
  return (
    <>
      <BandLegend bands={bands} speech={speech} />
      <div class="chart-row">
        <TimeChart {...common} name="level" title={t.levelChart} lines={level} format={f.number} least={BEST_LEVEL} />
        <TimeChart
          {...common}
          name="loss"
          title={t.lossChart}
          lines={[
            { label: t.lossDown, colour: "accent", ...line(({ lossDownPercent }) => lossDownPercent) },
            { label: t.lossUp, colour: "second", dash: true, ...line(({ lossUpPercent }) => lossUpPercent) },
          ]}
          format={f.percent}
          least={LEAST_PERCENT}
        />
        <TimeChart
          {...common}
          name="delay"
          title={t.delayChart}
          lines={[
            { label: t.roundTrip, colour: "accent", ...line(({ roundTripMs }) => roundTripMs) },
            { label: t.jitter, colour: "second", dash: true, ...line(({ jitterMs }) => jitterMs) },
          ]}
          format={f.ms}
          least={LEAST_MS}
        />
        <TimeChart
          {...common}
          name="rate"
          title={t.rateChart}
          lines={[
            { label: t.sent, colour: "accent", ...line(({ sentBps }) => sentBps) },
            { label: t.estimate, colour: "second", dash: true, ...line(({ estimateBps }) => estimateBps ?? null) },
            { label: t.wanted, colour: "warn", ...line(({ wantedBps }) => wantedBps) },
          ]}
          format={f.bits}
          least={LEAST_BPS}
        />
        {children}
      </div>
    </>
  );
}
