import { words } from "../../i18n/dashboard-words.js";
import { bandsOf, layerLines, secondsOf } from "../data/chart-data.js";
import { sourceText, type Speech } from "../data/plain-words.js";
import type { Sample, Switch, Timeline, View } from "../data/types.js";
import { ConnectionCharts } from "../parts/connection-charts.js";
import { LINE_COLOURS, TimeChart } from "../parts/time-chart.js";

export interface PersonChartsProps {
  readonly timeline: Timeline;
  readonly views: readonly View[];
  readonly speech: Speech;
}

const LEAST_HEIGHT = 360;

/** The last ten minutes of one connection, all charts at the same moment under the pointer. */
export function PersonCharts({ timeline, views, speech }: PersonChartsProps) {
  const { participant: t } = words.value;
  const { samples, switches, intervalSec } = timeline;
  if (samples.length === 0) return <p class="muted-text">{t.noLines}</p>;
  const times = samples.map(({ at }) => secondsOf(at));
  const line = (of: (sample: Sample) => number | null) => ({ values: samples.map(of) });
  return (
    <ConnectionCharts
      group="person"
      times={times}
      bands={bandsOf(samples, intervalSec)}
      speech={speech}
      level={[{ label: t.level, colour: "accent", stepped: true, ...line(({ level }) => level) }]}
      line={line}
    >
      <LayerChart
        common={{ times, clock: speech.formats.clock, group: "person" }}
        switches={switches}
        views={views}
        speech={speech}
      />
    </ConnectionCharts>
  );
}

interface LayerChartProps {
  readonly common: {
    readonly times: readonly number[];
    readonly clock: (atMs: number) => string;
    readonly group: string;
  };
  readonly switches: readonly Switch[];
  readonly views: readonly View[];
  readonly speech: Speech;
}

function LayerChart({ common, switches, views, speech }: LayerChartProps) {
  const { participant: t, switches: s, why } = speech.texts;
  const shown = layerLines(common.times, switches, views).slice(0, LINE_COLOURS.length);
  if (shown.length === 0) return null;
  return (
    <TimeChart
      {...common}
      name="layers"
      title={t.layerChart}
      lines={shown.map(({ participantId, source, heights }, index) => ({
        label: s.what(sourceText(speech, source), speech.nameOf(participantId) ?? why.somebody),
        colour: LINE_COLOURS[index] ?? "accent",
        dash: index % 2 === 1,
        stepped: true,
        values: heights,
      }))}
      format={(height) => `${Math.round(height)}p`}
      least={LEAST_HEIGHT}
    />
  );
}
