import { describe, expect, it } from "vitest";
import { wordCheck, type CheckTexts } from "./check-reasons.js";
import { ENGLISH_CHECK_TEXTS } from "./check-texts.js";

const words = (...[reasons, details]: [Parameters<typeof wordCheck>[1], Parameters<typeof wordCheck>[2]]) =>
  wordCheck(ENGLISH_CHECK_TEXTS, reasons, details);

describe("wordCheck", () => {
  it("shouldPutTheNumbersIn", () => {
    expect(words(["clock_ahead"], { offsetSec: 90 }).cause).toBe("This device's clock is 90 s ahead of the server's.");
  });

  it("shouldSayEachCauseAndEachAdviceOnce", () => {
    const { cause, advice } = words(["loss", "delay"], { lossPercent: 4.5, roundTripMs: 400 });
    expect(cause).toBe("4.5 % of the packets are lost. A packet takes 400 ms there and back.");
    expect(advice?.match(/cable/g)).toHaveLength(1);
  });

  it("shouldLeaveOutWhatThereIsNot", () => {
    expect(words([], {})).toEqual({});
    expect(words(["stopped"], {})).toEqual({ cause: "The check was stopped." });
    expect(words(["server_slow"], {}).cause).toContain("{roundTripMs}");
  });

  it("shouldTakeAnyLanguage", () => {
    const texts: CheckTexts = { ...ENGLISH_CHECK_TEXTS, loss: { cause: "Втрати: {lossPercent} %." } };
    expect(wordCheck(texts, ["loss"], { lossPercent: 3 })).toEqual({ cause: "Втрати: 3 %." });
  });
});
