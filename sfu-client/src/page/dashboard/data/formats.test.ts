import { describe, expect, it } from "vitest";
import { formatsOf } from "./formats.js";

const NBSP = /[\u00a0\u202f]/g;
const plain = (text: string) => text.replace(NBSP, " ");

describe("Numbers", () => {
  it.each([
    [0, "0 bit/s"],
    [32_400, "32 kbit/s"],
    [640_000, "0.6 Mbit/s"],
    [12_345_678, "12 Mbit/s"],
  ])("shouldBeWrittenAsBits: %d", (value, text) => {
    expect(formatsOf("en").bits(value)).toBe(text);
  });

  it.each([
    [0, "0 s"],
    [59, "59 s"],
    [312, "5 min 12 s"],
    [3600, "1 h"],
    [90_061, "1 d 1 h"],
  ])("shouldBeWrittenAsATime: %d", (seconds, text) => {
    expect(formatsOf("en").duration(seconds)).toBe(text);
  });

  it.each([
    ["2026-06-30T12:00:00", false],
    ["2025-06-30T12:00:00", true],
  ])("shouldHaveTheYearWhereItIsAnotherOne: %s", (at, year) => {
    const text = formatsOf("en", () => new Date("2026-07-01T12:00:00").getTime()).dateTime(at);
    expect(text).toContain("30 Jun");
    expect(/202\d/.test(text)).toBe(year);
  });

  it.each([
    ["uk", "0,6 Мбіт/с", "7,3 %", "250 мс", "5 хв 12 с"],
    ["ru", "0,6 Мбит/с", "7,3 %", "250 мс", "5 мин 12 с"],
  ] as const)("shouldBeWrittenInTheLanguage %s", (language, bits, percent, ms, duration) => {
    const f = formatsOf(language);
    expect([f.bits(640_000), f.percent(7.31), f.ms(250), f.duration(312)].map(plain)).toEqual([
      bits,
      percent,
      ms,
      duration,
    ]);
  });
});
