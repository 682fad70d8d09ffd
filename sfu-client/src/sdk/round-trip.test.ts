import { expect, it } from "vitest";
import { RoundTrip } from "./round-trip.js";

it("shouldKnowNothingBeforeTheFirstPing", () => {
  const roundTrip = new RoundTrip();
  expect([roundTrip.rttMs, roundTrip.offsetMs]).toEqual([undefined, undefined]);
});

it("shouldTakeTheOffsetOfTheFastestRecentPing", () => {
  const roundTrip = new RoundTrip();
  roundTrip.add(0, 20, 510);
  roundTrip.add(1000, 1400, 1900);
  expect(roundTrip.rttMs).toBe(400);
  expect(roundTrip.offsetMs).toBe(500);
  for (let i = 0; i < 8; i++) roundTrip.add(2000, 2100, 2250);
  expect(roundTrip.offsetMs).toBe(200);
});
