import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { texts } from "../i18n/language.js";

/** What went over the connection in a second. */
export interface Sample {
  /** Since the page was opened. */
  readonly atMs: number;
  readonly receivedKbps: number;
  readonly sentKbps: number;
  /** `undefined` when nothing should have come. */
  readonly lossPercent: number | undefined;
  readonly rttMs: number | undefined;
}

const HEIGHT = 120;

/** Both rates over time. The chart's code is fetched when it is first looked at. */
export function Chart({ samples }: { samples: readonly Sample[] }) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    void draw(() => (gone ? null : element.current)).then((made) => (plot.current = made));
    return () => {
      gone = true;
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, []);
  useEffect(() => plot.current?.setData(dataOf(samples)), [samples]);
  return <div ref={element} class="chart" role="img" aria-label={texts.value.statistics.chart} />;
}

function dataOf(samples: readonly Sample[]): uPlot.AlignedData {
  const last = samples.at(-1)?.atMs ?? 0;
  return [
    samples.map(({ atMs }) => (atMs - last) / 1000),
    samples.map(({ receivedKbps }) => receivedKbps),
    samples.map(({ sentKbps }) => sentKbps),
  ];
}

async function draw(where: () => HTMLElement | null): Promise<uPlot | undefined> {
  const [{ default: Plot }] = await Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]);
  const element = where();
  if (!element) return undefined;
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour("--text-soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  return new Plot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: [-60, 0] }, y: { range: (_, __, most) => [0, Math.max(100, most * 1.1)] } },
      axes: [
        { ...axis, size: 30, values: (_, ticks) => ticks.map((tick) => `${tick} s`) },
        { ...axis, size: 52 },
      ],
      series: [{}, { stroke: colour("--accent"), width: 2 }, { stroke: colour("--second"), width: 2, dash: [5, 4] }],
    },
    dataOf([]),
    element,
  );
}
