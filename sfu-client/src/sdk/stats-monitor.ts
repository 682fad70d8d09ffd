import type { LogSink } from "./log.js";
import type { Cancel, Clock } from "./platform.js";
import type { StatsDigest } from "./protocol.js";
import { estimatedLevel, toLevel, type QualityLevel } from "./quality.js";
import { bitsPerSecond, byKey, keyOf, NOTHING_COUNTED, percentLost, ratesBetween } from "./rates.js";
import type { CandidatePair, EncodingStats, RoomStats, SlotStats } from "./stats.js";

/** One slot over the last interval. */
export interface SlotSample extends Pick<SlotStats, "mid" | "kind" | "state" | "participantId" | "source" | "codec"> {
  readonly bps: number;
  /** After the repair by retransmissions. */
  readonly lossPercent: number;
  readonly jitterMs: number;
  /** How long sound and picture waited before they were played. */
  readonly delayMs: number;
  readonly fps: number;
  readonly width: number;
  readonly height: number;
  /** How long the picture stood still. */
  readonly frozenMs: number;
}

/** One encoding that is sent, over the last interval. */
export interface EncodingSample extends Pick<
  EncodingStats,
  "source" | "mid" | "rid" | "active" | "codec" | "fps" | "width" | "height"
> {
  readonly bps: number;
  readonly qualityLimitationReason: string;
}

/** What became of this connection in the last interval. */
export interface StatsSample {
  /** By the local clock, since the epoch. */
  readonly atMs: number;
  readonly intervalMs: number;
  /** The server's rating; this side's own estimate while the server has not said or cannot be heard. */
  readonly level: QualityLevel;
  readonly path: CandidatePair["path"] | undefined;
  readonly rttMs: number | undefined;
  readonly sentBps: number;
  readonly receivedBps: number;
  /** Of what should have been received, in all slots. */
  readonly lossPercent: number;
  /** The worst of the slots. */
  readonly jitterMs: number;
  readonly availableOutgoingBps: number | undefined;
  readonly slots: readonly SlotSample[];
  readonly encodings: readonly EncodingSample[];
}

/** Where the numbers come from. */
export interface StatsSource {
  read(): Promise<{ stats: RoomStats; pair: CandidatePair | undefined }>;
  /** As the server says; `undefined` when it does not. */
  level(): number | undefined;
}

const EVERY_MS = 5000;

/** Looks at the statistics every 5 s and tells what changed in between. */
export class StatsMonitor {
  readonly #clock: Clock;
  readonly #source: StatsSource;
  readonly #sampled: (sample: StatsSample) => void;
  readonly #log: LogSink;
  /** Each start has its number, so that a reading of before comes to nothing. */
  #run = 0;
  #stopTimer: Cancel | undefined;
  #before: { atMs: number; stats: RoomStats } | undefined;
  #last: StatsSample | undefined;

  constructor(clock: Clock, source: StatsSource, sampled: (sample: StatsSample) => void, log: LogSink) {
    this.#clock = clock;
    this.#source = source;
    this.#sampled = sampled;
    this.#log = log;
  }

  /** `undefined` before the first, and for another media connection. */
  get last(): StatsSample | undefined {
    return this.#last;
  }

  /** For a media connection just made: its counters begin at 0. */
  start(): void {
    this.stop();
    this.#before = { atMs: this.#clock.nowMs(), stats: NOTHING_COUNTED };
    this.#next(this.#run);
  }

  stop(): void {
    this.#run++;
    this.#stopTimer?.();
    this.#last = undefined;
  }

  #next(run: number): void {
    this.#stopTimer = this.#clock.after(EVERY_MS, () => void this.#look(run));
  }

  async #look(run: number): Promise<void> {
    try {
      const { stats, pair } = await this.#source.read();
      const before = this.#before;
      if (run !== this.#run || !before) return;
      const atMs = this.#clock.nowMs();
      this.#before = { atMs, stats };
      const sample = sampleOf(stats, before.stats, { atMs, intervalMs: atMs - before.atMs, pair });
      const level = this.#source.level();
      this.#tell(level === undefined ? sample : { ...sample, level: toLevel(level) });
    } catch (thrown) {
      this.#log("debug", "stats.failed", { message: String(thrown) });
    }
    if (run === this.#run) this.#next(run);
  }

  #tell(sample: StatsSample): void {
    this.#last = sample;
    const { level, rttMs, sentBps, receivedBps, lossPercent, jitterMs, path } = sample;
    this.#log("debug", "stats", { level, rttMs, sentBps, receivedBps, lossPercent, jitterMs, path });
    this.#sampled(sample);
  }
}

/** What the operator is told: no names, no addresses. */
export function digestOf(sample: StatsSample): StatsDigest {
  const { level, path, rttMs, sentBps, receivedBps, lossPercent, jitterMs, slots, encodings } = sample;
  const limited = encodings.map(({ qualityLimitationReason }) => qualityLimitationReason);
  return {
    ...{ level, sentBps, receivedBps, lossPercent, jitterMs: Math.round(jitterMs) },
    frozenMs: sum(slots.map(({ frozenMs }) => frozenMs)),
    limitedBy: [...new Set(limited)].filter((reason) => reason !== "" && reason !== "none"),
    ...(path !== undefined && { path }),
    ...(rttMs !== undefined && { rttMs: Math.round(rttMs) }),
  };
}

function sampleOf(
  now: RoomStats,
  before: RoomStats,
  { atMs, intervalMs, pair }: { atMs: number; intervalMs: number; pair: CandidatePair | undefined },
): StatsSample {
  const slotBefore = byKey(before.slots);
  const encodingBefore = byKey(before.encodings);
  const slots = now.slots.map((slot) => slotSample(slot, slotBefore.get(keyOf(slot)), intervalMs));
  const encodings = now.encodings.map((encoding) =>
    encodingSample(encoding, encodingBefore.get(keyOf(encoding)), intervalMs),
  );
  const { sentBps, receivedBps, packets, lossPercent = 0 } = ratesBetween(before, now, intervalMs);
  const expected = now.slots.some(({ state, kind }) => state === "live" && kind === "video");
  return {
    atMs,
    intervalMs,
    level: estimatedLevel(lossPercent, now.rttMs, packets > 0 || !expected),
    path: pair?.path,
    rttMs: now.rttMs,
    ...{ sentBps, receivedBps, lossPercent },
    jitterMs: Math.max(0, ...slots.map(({ jitterMs }) => jitterMs)),
    availableOutgoingBps: now.availableOutgoingBps,
    slots,
    encodings,
  };
}

function slotSample(now: SlotStats, before: SlotStats | undefined, intervalMs: number): SlotSample {
  const grown = (field: NumberField) => Math.max(0, now[field] - (before?.[field] ?? 0));
  const emitted = grown("jitterBufferEmittedCount");
  const { mid, kind, state, participantId, source, codec, fps, width, height, jitterMs } = now;
  return {
    ...{ mid, kind, state, participantId, source, codec, fps, width, height, jitterMs },
    bps: bitsPerSecond(grown("bytes"), intervalMs),
    lossPercent: percentLost(grown("packetsLost"), grown("packets")) ?? 0,
    delayMs: emitted === 0 ? 0 : Math.round((grown("jitterBufferDelaySec") * 1000) / emitted),
    frozenMs: Math.round(grown("totalFreezesDurationSec") * 1000),
  };
}

type NumberField = { [K in keyof SlotStats]: SlotStats[K] extends number ? K : never }[keyof SlotStats];

function encodingSample(now: EncodingStats, before: EncodingStats | undefined, intervalMs: number): EncodingSample {
  const { source, mid, rid, active, codec, fps, width, height, qualityLimitationReason } = now;
  return {
    ...{ source, mid, rid, active, codec, fps, width, height, qualityLimitationReason },
    bps: bitsPerSecond(Math.max(0, now.bytes - (before?.bytes ?? 0)), intervalMs),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
