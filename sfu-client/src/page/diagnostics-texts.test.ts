import { expect, it } from "vitest";
import type { CheckReport } from "../sdk/check.js";
import { detailText, reportName, summary } from "./diagnostics-texts.js";

const report = {
  startedAt: "2026-01-02T03:04:05.678Z",
  verdict: "warning",
  checks: [
    { title: "Browser", verdict: "ok" },
    { title: "Media by UDP", verdict: "failed" },
    { title: "Clock", verdict: "warning" },
    { title: "Relay by UDP", verdict: "skipped" },
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
  expect(detailText(name, value)).toEqual({ label, text });
});

it("shouldNameTheReportByItsTimeWithoutAColon", () => {
  expect(reportName(report)).toBe("parley-check-2026-01-02T03-04.json");
});

it("shouldNotJudgeWhatWasStopped", () => {
  expect(summary(report, true).title).toBe("Stopped");
  expect(summary(report, false).title).toContain("with limits");
});

it("shouldNameWhatIsMarkedFurtherDown", () => {
  expect(summary(report, false).text).toBe("What could be better: Media by UDP, Clock.");
  expect(summary({ ...report, verdict: "failed" }, false).text).toContain("Media by UDP, Clock.");
});
