import type { EncodingStats, RoomStats, SlotStats } from "./stats.js";

/** What went over the connection between two readings. */
export interface Rates {
  readonly receivedBps: number;
  readonly sentBps: number;
  /** That came in, in all slots. */
  readonly packets: number;
  /** Of what should have come in; `undefined` when nothing should. */
  readonly lossPercent: number | undefined;
}

export const NOTHING_COUNTED: RoomStats = {
  slots: [],
  encodings: [],
  availableOutgoingBps: undefined,
  rttMs: undefined,
};

/** Counters that went back belong to a new media connection, and count from 0. */
export function ratesBetween(before: RoomStats, now: RoomStats, elapsedMs: number): Rates {
  const slots = byKey(before.slots);
  const encodings = byKey(before.encodings);
  const anew =
    now.slots.some((slot) => slot.packets < (slots.get(keyOf(slot))?.packets ?? 0)) ||
    now.encodings.some((encoding) => encoding.bytes < (encodings.get(keyOf(encoding))?.bytes ?? 0));
  if (anew) return ratesBetween(NOTHING_COUNTED, now, elapsedMs);
  const received = (field: "bytes" | "packets" | "packetsLost") =>
    now.slots.reduce((sum, slot) => sum + slot[field] - (slots.get(keyOf(slot))?.[field] ?? 0), 0);
  const sentBytes = now.encodings.reduce(
    (sum, encoding) => sum + encoding.bytes - (encodings.get(keyOf(encoding))?.bytes ?? 0),
    0,
  );
  const packets = received("packets");
  return {
    receivedBps: bitsPerSecond(received("bytes"), elapsedMs),
    sentBps: bitsPerSecond(sentBytes, elapsedMs),
    packets,
    lossPercent: percentLost(received("packetsLost"), packets),
  };
}

/** Of two readings, what belongs together. */
export function keyOf({ mid, rid = "" }: Pick<SlotStats, "mid"> & Partial<Pick<EncodingStats, "rid">>): string {
  return `${mid} ${rid}`;
}

export function byKey<T extends SlotStats | EncodingStats>(entries: readonly T[]): ReadonlyMap<string, T> {
  return new Map(entries.map((entry) => [keyOf(entry), entry]));
}

export function bitsPerSecond(bytes: number, elapsedMs: number): number {
  return elapsedMs === 0 ? 0 : Math.round((bytes * 8000) / elapsedMs);
}

/** @param lost a packet that came late is taken back from the lost ones, so that they may shrink */
export function percentLost(lost: number, received: number): number | undefined {
  const due = Math.max(0, lost) + received;
  return due <= 0 ? undefined : Math.round((Math.max(0, lost) * 1000) / due) / 10;
}
