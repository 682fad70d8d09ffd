import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { words } from "../../i18n/dashboard-words.js";
import { spanOf, type Band, type BandKind } from "../data/chart-data.js";

export const LINE_COLOURS = ["accent", "second", "warn", "danger-text", "text-soft", "accent-strong"] as const;
export type LineColour = (typeof LINE_COLOURS)[number];

export interface ChartLine {
  readonly label: string;
  readonly colour: LineColour;
  /** Told apart without colour as well. */
  readonly dash?: boolean;
  readonly stepped?: boolean;
  readonly values: readonly (number | null)[];
}

export interface TimeChartProps {
  /** The hook for tests and styles. */
  readonly name: string;
  readonly title: string;
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly bands?: readonly Band[];
  readonly format: (value: number) => string;
  readonly clock: (atMs: number) => string;
  /** Charts of one group show the same moment. */
  readonly group: string;
  /** The top of the scale is this at least. */
  readonly least: number;
}

const HEIGHT = 150;
/** Steps of the scale, none of which has a second figure: it might be rounded away. */
const STEPS = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
/** Of the time, in seconds: its labels have no parts of one. */
const TIME_STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 604_800,
];
/** Half a label stands beyond the last tick. */
const LABEL_ROOM = 28;
const LIGHT = matchMedia("(prefers-color-scheme: light)");

/** Lines over time, over coloured bands. The chart's code is fetched when one is first looked at. */
export function TimeChart(props: TimeChartProps) {
  const { name, title, times, lines, format, clock } = props;
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [at, setAt] = useState<number>();
  const [failed, setFailed] = useState(false);
  const [light, setLight] = useState(LIGHT.matches);
  useEffect(() => {
    const changed = () => setLight(LIGHT.matches);
    LIGHT.addEventListener("change", changed);
    return () => LIGHT.removeEventListener("change", changed);
  }, []);
  // What a chart is made of, and cannot be given later.
  const shape = JSON.stringify([
    light,
    format(1234),
    lines.map(({ label, colour, dash, stepped }) => [label, colour, dash, stepped]),
  ]);
  useEffect(() => {
    let gone = false;
    let observer: ResizeObserver | undefined;
    draw(
      () => (gone ? null : element.current),
      () => latest.current,
      setAt,
    )
      .then((made) => {
        plot.current = made;
        setFailed(false);
        if (!made || !element.current) return;
        observer = new ResizeObserver(([entry]) =>
          made.setSize({ width: entry?.contentRect.width ?? 0, height: HEIGHT }),
        );
        observer.observe(element.current);
      })
      // The chart's code may be missing: the server was renewed, or is away.
      .catch(() => setFailed(!gone));
    return () => {
      gone = true;
      observer?.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape]);
  useEffect(() => plot.current?.setData(dataOf(latest.current)), [times, lines]);
  const shown = at === undefined || at >= times.length ? times.length - 1 : at;
  const time = times[shown];
  const said = lines.map(({ label, values, colour, dash }) => {
    const value = values[shown];
    return { label, colour, dash, text: value === null || value === undefined ? "—" : format(value) };
  });
  return (
    <figure class="time-chart" data-chart={name}>
      <figcaption>
        <span class="chart-title">{title}</span>
        {time !== undefined && <span class="muted-text chart-time">{clock(time * 1000)}</span>}
      </figcaption>
      {failed && <p class="muted-text">{words.value.noChart}</p>}
      <div
        ref={element}
        class="chart-canvas"
        role="img"
        aria-label={`${title}. ${said.map(({ label, text }) => `${label}: ${text}`).join(", ")}`}
      />
      <ul class="chart-legend">
        {said.map(({ label, colour, dash, text }) => (
          <li key={label}>
            <i class="swatch" data-line={colour} data-dash={dash === true ? "" : undefined} />
            {label} <b>{text}</b>
          </li>
        ))}
      </ul>
    </figure>
  );
}

function dataOf({ times, lines }: TimeChartProps): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

async function draw(
  where: () => HTMLElement | null,
  latest: () => TimeChartProps,
  pointed: (index: number | undefined) => void,
): Promise<uPlot | undefined> {
  const [{ default: Plot }] = await Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]);
  const element = where();
  if (!element) return undefined;
  const { lines, format, clock, group, least } = latest();
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    ...{ stroke: colour("text-soft"), font: `12px ${style.fontFamily}`, ticks: { show: false } },
    grid: { stroke: colour("line"), width: 1 },
  };
  const bandColours = new Map<BandKind, string>();
  const bandColour = (kind: BandKind) => {
    const known = bandColours.get(kind) ?? colour(`band-${kind}`);
    bandColours.set(kind, known);
    return known;
  };
  return new Plot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      padding: [null, LABEL_ROOM, null, null],
      cursor: {
        ...{ sync: { key: group }, drag: { x: false, y: false }, points: { size: 6 } },
        // A step holds until the next one begins, however near that is.
        dataIdx: (made, index, nearest, timeSec) => {
          const ahead = lines[index - 1]?.stepped === true && (made.data[0][nearest] ?? 0) > timeSec;
          return ahead ? Math.max(0, nearest - 1) : nearest;
        },
      },
      scales: {
        x: {
          time: true,
          range: () => {
            const { times, bands = [] } = latest();
            const [from, to] = spanOf(times, bands) ?? [null, null];
            return [from, to];
          },
        },
        y: { range: (_, __, most) => [0, Math.max(least, (most || 0) * 1.1)] },
      },
      axes: [
        {
          ...axis,
          size: 26,
          space: 90,
          incrs: TIME_STEPS,
          values: (_, ticks) => ticks.map((tick) => clock(tick * 1000)),
        },
        { ...axis, size: 74, space: 34, incrs: STEPS, values: (_, ticks) => ticks.map((tick) => format(tick)) },
      ],
      series: [
        {},
        ...lines.map(({ colour: name, dash, stepped }) => ({
          ...{ stroke: colour(name), width: 2, points: { show: false } },
          ...(dash === true && { dash: [6, 4] }),
          ...(stepped === true && Plot.paths.stepped && { paths: Plot.paths.stepped({ align: 1 }) }),
        })),
      ],
      hooks: {
        setCursor: [(made) => pointed(made.cursor.idxs?.[1] ?? undefined)],
        drawClear: [
          (made) => {
            const { ctx, bbox } = made;
            const right = bbox.left + bbox.width;
            for (const { fromSec, toSec, kind } of latest().bands ?? []) {
              const from = Math.max(bbox.left, made.valToPos(fromSec, "x", true));
              const to = Math.min(right, made.valToPos(toSec, "x", true));
              ctx.fillStyle = bandColour(kind);
              if (to > from) ctx.fillRect(from, bbox.top, to - from, bbox.height);
            }
          },
        ],
      },
    },
    dataOf(latest()),
    element,
  );
}
