import { expect, it } from "vitest";
import type { CheckReport } from "../../sdk/check.js";
import { CHECK_WORDS } from "../i18n/check-words.js";
import { LANGUAGES, TEXTS } from "../i18n/language.js";
import { detailText, reportName, summary } from "./report-words.js";

const report = {
  startedAt: "2026-01-02T03:04:05.678Z",
  verdict: "warning",
  checks: [
    { id: "browser", verdict: "ok" },
    { id: "udp", verdict: "failed" },
    { id: "clock", verdict: "warning" },
    { id: "relayUdp", verdict: "skipped" },
  ],
} as unknown as CheckReport;

it.each([
  ["connectMs", 120, "Time to connect", "120 ms"],
  ["receivedKbps", 800, "Came back", "800 kbit/s"],
  ["lossPercent", 0.5, "Loss", "0.5 %"],
  ["secureContext", false, "Secure page", "no"],
  ["path", "udp", "Way", "udp"],
  ["newThing", 3, "newThing", "3"],
])("shouldWord %s", (name, value, label, text) => {
  expect(detailText(TEXTS.en, CHECK_WORDS.en, name, value)).toEqual({ label, text });
});

it("shouldNameTheReportByItsTimeWithoutAColon", () => {
  expect(reportName(report)).toBe("parley-check-2026-01-02T03-04.json");
});

it("shouldNotJudgeWhatWasStopped", () => {
  expect(summary(TEXTS.en, CHECK_WORDS.en, report, true).title).toBe("Stopped");
  expect(summary(TEXTS.en, CHECK_WORDS.en, report, false).title).toContain("with limits");
});

it("shouldNameWhatIsMarkedFurtherDown", () => {
  expect(summary(TEXTS.en, CHECK_WORDS.en, report, false).text).toBe("What could be better: Media by UDP, Clock.");
  const failed = { ...report, verdict: "failed" } as const;
  expect(summary(TEXTS.uk, CHECK_WORDS.uk, failed, false).text).toContain("Медіа через UDP, Годинник.");
});

it.each(LANGUAGES)("shouldHaveAWordForEverythingIn %s", (language) => {
  expect(Object.keys(CHECK_WORDS[language].titles)).toEqual(Object.keys(CHECK_WORDS.en.titles));
  expect(Object.keys(CHECK_WORDS[language].labels)).toEqual(Object.keys(CHECK_WORDS.en.labels));
});
