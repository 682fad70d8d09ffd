import { blameOf, isHarmless, isSound } from "./plain-words.js";
import type { Cause, Minute, Sample, Switch, View } from "./types.js";

/** Which colour a cause has as a band: kinds that call for the same remedy share one. */
export type BandKind = "server" | "loss" | "bandwidth" | "delay" | "path" | "source";

const KINDS: Readonly<Record<Cause, BandKind>> = {
  server_overload: "server",
  interrupted: "loss",
  loss_down: "loss",
  loss_up: "loss",
  low_bandwidth_down: "bandwidth",
  low_bandwidth_up: "bandwidth",
  sender_cpu: "bandwidth",
  high_delay: "delay",
  jitter: "delay",
  tcp_path: "path",
  relay_path: "path",
  source: "source",
};

/** A time that a cause held; seconds since 1970. */
export interface Band {
  readonly fromSec: number;
  readonly toSec: number;
  readonly cause: Cause;
  readonly kind: BandKind;
}

export function secondsOf(at: string): number {
  return Date.parse(at) / 1000;
}

/** The bands of each stretch in which the same cause came first. */
export function bandsOf(samples: readonly Pick<Sample, "at" | "causes">[], stepSec: number): readonly Band[] {
  return joined(
    samples.map(({ at, causes }) => {
      const first = causes.map((text) => blameOf(text)?.cause).find((cause) => cause && !isHarmless(cause));
      return { toSec: secondsOf(at), fromSec: secondsOf(at) - stepSec, cause: first };
    }),
  );
}

/** By minutes: the cause that held longest, if it held for a tenth of the minute. */
export function minuteBands(minutes: readonly Minute[]): readonly Band[] {
  return joined(
    minutes.map(({ at, seconds, causeSeconds }) => {
      const [longest] = Object.entries(causeSeconds)
        .map(([name, held]) => ({ cause: blameOf(name)?.cause, held }))
        .filter(({ cause, held }) => cause && !isHarmless(cause) && held * 10 >= seconds)
        .sort((one, other) => other.held - one.held);
      return { fromSec: secondsOf(at), toSec: endOf({ at, seconds }), cause: longest?.cause };
    }),
  );
}

function endOf({ at, seconds }: Pick<Minute, "at" | "seconds">): number {
  return secondsOf(at) + Math.max(1, seconds);
}

/** Points of a line that steps: a minute's mean holds from its start to its end, and nothing is known where none was kept. */
export interface MinuteSteps {
  readonly times: readonly number[];
  /** The minute whose means hold at each time. */
  readonly minutes: readonly (Minute | undefined)[];
}

export function minuteSteps(minutes: readonly Minute[]): MinuteSteps {
  const points = minutes.flatMap((minute, index): [number, Minute | undefined][] => {
    const [start, end] = [secondsOf(minute.at), endOf(minute)];
    const next = minutes[index + 1];
    if (!next)
      return [
        [start, minute],
        [end, minute],
      ];
    const gap = secondsOf(next.at) - end;
    if (gap < 1) return [[start, minute]];
    return [
      [start, minute],
      [end, minute],
      [end + gap / 2, undefined],
    ];
  });
  return { times: points.map(([time]) => time), minutes: points.map(([, minute]) => minute) };
}

/** The first and last second of a chart: its bands are seen as a whole, and it is never without width. */
export function spanOf(times: readonly number[], bands: readonly Band[]): readonly [number, number] | undefined {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const from = Math.min(first, ...bands.map(({ fromSec }) => fromSec));
  return [from, Math.max(last, from + 1, ...bands.map(({ toSec }) => toSec))];
}

function joined(
  stretches: readonly { readonly fromSec: number; readonly toSec: number; readonly cause: Cause | undefined }[],
): readonly Band[] {
  const bands: Band[] = [];
  for (const { fromSec, toSec, cause } of stretches) {
    if (!cause) continue;
    const last = bands.at(-1);
    // A sample may come a little late.
    if (last?.cause === cause && fromSec - last.toSec < 1) bands[bands.length - 1] = { ...last, toSec };
    else bands.push({ fromSec, toSec, cause, kind: KINDS[cause] });
  }
  return bands;
}

/** The causes of bands, each once, in the order in which they come. */
export function causesOf(bands: readonly Band[]): readonly { readonly cause: Cause; readonly kind: BandKind }[] {
  const found = new Map(bands.map(({ cause, kind }) => [cause, kind]));
  return [...found].map(([cause, kind]) => ({ cause, kind }));
}

/** As long as the server keeps them: ten minutes. */
const KEPT_SEC = 600;

/**
 * Samples or switches that are known and those that have come since, each once, oldest first.
 *
 * @param nowSec by the server's clock; what is more than ten minutes older is dropped
 */
export function merged<T extends { readonly at: string }>(
  known: readonly T[],
  more: readonly T[],
  keyOf: (one: T) => string,
  nowSec: number,
): T[] {
  const all = new Map([...known, ...more].map((one) => [keyOf(one), one]));
  return [...all.values()]
    .filter(({ at }) => secondsOf(at) > nowSec - KEPT_SEC)
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

/** One picture's height over time, `null` while it was not shown. */
export interface LayerLine {
  readonly key: string;
  readonly participantId: string;
  readonly source: Switch["source"];
  readonly heights: readonly (number | null)[];
}

/** What was shown when, by what changed and, for what never changed, by what is shown now. */
export function layerLines(
  times: readonly number[],
  switches: readonly Switch[],
  shown: readonly View[],
): readonly LayerLine[] {
  const byPicture = new Map<string, { of: Pick<Switch, "participantId" | "source">; changes: Switch[] }>();
  for (const change of switches) {
    if (isSound(change.source)) continue;
    const key = `${change.participantId} ${change.source}`;
    const known = byPicture.get(key) ?? { of: change, changes: [] };
    known.changes.push(change);
    byPicture.set(key, known);
  }
  const lines = [...byPicture].map(([key, { of, changes }]) => ({
    ...{ key, participantId: of.participantId, source: of.source },
    heights: times.map((time) => heightAt(changes, time)),
  }));
  for (const view of shown) {
    const key = `${view.participantId} ${view.source}`;
    if (isSound(view.source) || byPicture.has(key)) continue;
    const height = view.state === "live" ? (view.picture?.height ?? null) : null;
    lines.push({ key, participantId: view.participantId, source: view.source, heights: times.map(() => height) });
  }
  return lines;
}

function heightAt(changes: readonly Switch[], timeSec: number): number | null {
  const before = changes.filter(({ at }) => secondsOf(at) <= timeSec).at(-1);
  return (before ? before.to?.height : changes[0]?.from?.height) ?? null;
}
