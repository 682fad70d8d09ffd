import type { RoomStats, SlotStats } from "../../sdk/index.js";

/** What went over the connection between two readings. */
export interface Rates {
  readonly receivedKbps: number;
  readonly sentKbps: number;
  /** Of the packets received; `undefined` when none came. */
  readonly lossPercent: number | undefined;
  readonly rttMs: number | undefined;
}

const BITS_PER_BYTE = 8;

/** Counters that went back belong to a new connection, and count from 0. */
function growth(before: number, now: number): number {
  return now < before ? now : now - before;
}

/** @param elapsedMs between the readings; bits in a millisecond are kilobits in a second */
export function ratesBetween(before: RoomStats, now: RoomStats, elapsedMs: number): Rates {
  const old = new Map(before.slots.map((slot) => [slot.mid, slot]));
  const grown = (read: (slot: SlotStats) => number) =>
    now.slots.reduce((sum, slot) => {
      const earlier = old.get(slot.mid);
      return sum + growth(earlier ? read(earlier) : 0, read(slot));
    }, 0);
  const sentBytes = growth(sum(before), sum(now));
  const received = grown(({ packets }) => packets);
  const lost = grown(({ packetsLost }) => packetsLost);
  return {
    receivedKbps: Math.round((grown(({ bytes }) => bytes) * BITS_PER_BYTE) / elapsedMs),
    sentKbps: Math.round((sentBytes * BITS_PER_BYTE) / elapsedMs),
    lossPercent: received === 0 ? undefined : Math.round((1000 * lost) / (received + lost)) / 10,
    rttMs: now.rttMs,
  };
}

function sum({ encodings }: RoomStats): number {
  return encodings.reduce((bytes, encoding) => bytes + encoding.bytes, 0);
}
