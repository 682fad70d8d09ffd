import { expect, it } from "vitest";
import type { EtaInfo, Ticket, Waiting } from "../sdk/index.js";
import { etaText, placeText, remainingText } from "./messages.js";

const waiting = (ticket: Partial<Ticket>): Waiting => ({
  ticket: { ticketId: "qt_1", state: "waiting", ...ticket },
  message: undefined,
  paused: false,
});

it.each([
  [{}, "You are in line."],
  [{ position: 1 }, "You are next."],
  [{ position: 2 }, "One person is before you."],
  [{ position: 4, ahead: 3 }, "3 people are before you."],
  [{ ahead: 0 }, "You are next."],
])("shouldSayThePlace: %j", (ticket, text) => {
  expect(placeText(waiting(ticket))).toBe(text);
});

const eta = (lowSec: number, highSec: number, basis: EtaInfo["basis"] = "timer") => ({ lowSec, highSec, basis });

it.each([
  [undefined, "Nobody can say how long it will take."],
  [eta(60, 120, "unknown"), "Nobody can say how long it will take."],
  [eta(0, 60), "About a minute at most."],
  [eta(0, 240), "About 1 to 4 minutes."],
  [eta(130, 290), "About 2 to 5 minutes."],
  [eta(180, 180), "About 3 minutes."],
])("shouldSayHowLongItMayTake: %j", (estimate, text) => {
  expect(etaText(waiting(estimate ? { eta: estimate } : {}))).toBe(text);
});

it.each([
  [10, "10 seconds left"],
  [60, "1 minute left"],
  [300, "5 minutes left"],
])("shouldSayWhatIsLeft: %i", (sec, text) => {
  expect(remainingText(sec)).toBe(text);
});
