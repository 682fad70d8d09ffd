import { describe, expect, it } from "vitest";
import type { EtaInfo, Ticket, Waiting } from "../../sdk/index.js";
import { en } from "./en.js";
import { ru } from "./ru.js";
import { durationText, etaText, placeText, remainingText } from "./times.js";
import { uk } from "./uk.js";

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
  expect(placeText(en, waiting(ticket))).toBe(text);
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
  expect(etaText(en, waiting(estimate ? { eta: estimate } : {}))).toBe(text);
});

it.each([
  [10, "10 seconds left"],
  [60, "1 minute left"],
  [300, "5 minutes left"],
])("shouldSayWhatIsLeft: %i", (sec, text) => {
  expect(remainingText(en, sec)).toBe(text);
});

it.each([
  [0, "0:00"],
  [65_400, "1:05"],
  [3_609_000, "1:00:09"],
  [-5, "0:00"],
])("shouldSayADuration: %i", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

describe("Plural rules", () => {
  it.each([
    [1, "Залишилася 1 хвилина", "Осталась 1 минута"],
    [2, "Залишилося 2 хвилини", "Осталось 2 минуты"],
    [5, "Залишилося 5 хвилин", "Осталось 5 минут"],
    [11, "Залишилося 11 хвилин", "Осталось 11 минут"],
    [21, "Залишилася 21 хвилина", "Осталась 21 минута"],
    [24, "Залишилося 24 хвилини", "Осталось 24 минуты"],
  ])("shouldFitTheCount: %i", (minutes, ukrainian, russian) => {
    expect(remainingText(uk, minutes * 60)).toBe(ukrainian);
    expect(remainingText(ru, minutes * 60)).toBe(russian);
  });

  it.each([
    [2, "Перед вами 1 людина.", "Перед вами 1 человек."],
    [4, "Перед вами 3 людини.", "Перед вами 3 человека."],
    [12, "Перед вами 11 людей.", "Перед вами 11 человек."],
  ])("shouldFitThePlace: %i", (position, ukrainian, russian) => {
    expect(placeText(uk, waiting({ position }))).toBe(ukrainian);
    expect(placeText(ru, waiting({ position }))).toBe(russian);
  });
});
