import { expect, it } from "vitest";
import type { EncodingStats, RoomStats, SlotStats } from "../../sdk/index.js";
import { ratesBetween } from "./rates.js";

const slot = (mid: string, bytes: number, packets: number, packetsLost = 0) =>
  ({ mid, bytes, packets, packetsLost }) as SlotStats;
const reading = (slots: SlotStats[], sentBytes: number, rttMs?: number): RoomStats => ({
  slots,
  encodings: [{ bytes: sentBytes } as EncodingStats],
  availableOutgoingBps: undefined,
  rttMs,
});

it("shouldTellKilobitsInASecond", () => {
  const before = reading([slot("1", 1000, 10), slot("2", 0, 0)], 5000);
  const now = reading([slot("1", 126_000, 109, 1), slot("2", 125_000, 100)], 130_000, 20);
  expect(ratesBetween(before, now, 1000)).toEqual({ receivedKbps: 2000, sentKbps: 1000, lossPercent: 0.5, rttMs: 20 });
});

it("shouldBeginAnewWithANewConnection", () => {
  const before = reading([slot("1", 900_000, 900)], 900_000);
  const now = reading([slot("1", 1250, 5)], 2500);
  expect(ratesBetween(before, now, 1000)).toMatchObject({ receivedKbps: 10, sentKbps: 20, lossPercent: 0 });
});

it("shouldNotJudgeALossOfNothing", () => {
  const idle = reading([slot("1", 0, 0)], 0);
  expect(ratesBetween(idle, idle, 1000)).toMatchObject({ receivedKbps: 0, sentKbps: 0, lossPercent: undefined });
});
