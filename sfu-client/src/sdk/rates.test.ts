import { expect, it } from "vitest";
import type { EncodingStats, RoomStats, SlotStats } from "./stats.js";
import { ratesBetween } from "./rates.js";

const slot = (mid: string, bytes: number, packets: number, packetsLost = 0) =>
  ({ mid, bytes, packets, packetsLost }) as SlotStats;
const reading = (slots: SlotStats[], sentBytes: number): RoomStats => ({
  slots,
  encodings: [{ mid: "0", bytes: sentBytes } as EncodingStats],
  availableOutgoingBps: undefined,
  rttMs: undefined,
});

it("shouldTellBitsInASecond", () => {
  const before = reading([slot("1", 1000, 10), slot("2", 0, 0)], 5000);
  const now = reading([slot("1", 126_000, 109, 1), slot("2", 125_000, 100)], 130_000);
  expect(ratesBetween(before, now, 1000)).toEqual({
    receivedBps: 2_000_000,
    sentBps: 1_000_000,
    packets: 199,
    lossPercent: 0.5,
  });
});

it("shouldBeginAnewWithANewConnection", () => {
  const before = reading([slot("1", 900_000, 900)], 900_000);
  const now = reading([slot("1", 1250, 5)], 2500);
  expect(ratesBetween(before, now, 1000)).toMatchObject({ receivedBps: 10_000, sentBps: 20_000, lossPercent: 0 });
});

it("shouldNotJudgeALossOfNothing", () => {
  const idle = reading([slot("1", 0, 0)], 0);
  expect(ratesBetween(idle, idle, 1000)).toMatchObject({ receivedBps: 0, sentBps: 0, lossPercent: undefined });
});

it("shouldTakeALatePacketBackFromTheLost", () => {
  const before = reading([slot("1", 1000, 100, 100)], 0);
  const now = reading([slot("1", 2000, 200, 99)], 0);
  expect(ratesBetween(before, now, 1000)).toMatchObject({ packets: 100, lossPercent: 0 });
});

it("shouldSetOneSlotsLatePacketsAgainstTheLossOfAnother", () => {
  const before = reading([slot("1", 0, 0, 5), slot("2", 0, 0, 0)], 0);
  const now = reading([slot("1", 0, 49, 4), slot("2", 0, 49, 3)], 0);
  expect(ratesBetween(before, now, 1000)).toMatchObject({ packets: 98, lossPercent: 2 });
});

it("shouldNotCountWhatIsNoMoreSent", () => {
  const before = reading([slot("1", 0, 0)], 9000);
  expect(ratesBetween(before, { ...before, encodings: [] }, 1000)).toMatchObject({ sentBps: 0 });
});
