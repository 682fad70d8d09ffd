import { describe, expect, it } from "vitest";
import { ENGLISH_CHECK_TEXTS, wordCheck } from "../../../sdk/check.js";
import { checkIn } from "./sent-check.js";

const LOSS = { id: "udp", verdict: "warning", reasons: ["loss"], details: { lossPercent: 3 } };
const STARTED = "2026-01-02T03:04:05Z";

describe("A report that was sent", () => {
  it.each([
    [{ startedAt: STARTED, checks: [LOSS] }],
    [{ reportId: "re_1", report: { startedAt: STARTED, checks: [LOSS] } }],
  ])("shouldBeRead: %j", (data) => {
    expect(checkIn(data)).toEqual({ startedAt: STARTED, checks: [LOSS] });
  });

  it.each([
    [undefined],
    [null],
    ["text"],
    [[]],
    [{}],
    [{ checks: {} }],
    [{ checks: [null] }],
    [{ checks: [LOSS, 7] }],
    [{ checks: [{ ...LOSS, id: 7 }] }],
    [{ checks: [{ ...LOSS, verdict: null }] }],
    [{ checks: [{ ...LOSS, reasons: "loss" }] }],
    [{ checks: [{ ...LOSS, details: [] }] }],
    [{ report: { report: { checks: [LOSS] } } }],
  ])("shouldBeShownAsItIsWhereItIsNone: %j", (data) => {
    expect(checkIn(data)).toBeUndefined();
  });

  it.each([[undefined], [null], [7], ["yesterday"], [{}]])("shouldDoWithoutItsTime: %j", (startedAt) => {
    expect(checkIn({ startedAt, checks: [LOSS] })?.startedAt).toBeUndefined();
  });

  it("shouldBeWordedWithoutWhatIsNotKnown", () => {
    const reasons = ["loss", "solar_storm", "constructor", null, {}];
    const details = { lossPercent: 3, odd: { toString: 1 }, none: null };
    const [check] = checkIn({ checks: [{ ...LOSS, reasons, details }] })?.checks ?? [];
    expect(check).toEqual(LOSS);
    const { cause } = wordCheck(ENGLISH_CHECK_TEXTS, check?.reasons ?? [], check?.details ?? {});
    expect(cause).toMatch(/3/);
  });
});
