import { expect, it } from "vitest";
import { wordCheck } from "./check-reasons.js";
import { ENGLISH_CHECK_TEXTS } from "./check-texts.js";
import { qualityOutcome } from "./check-verdicts.js";
import type { CheckOutcome } from "./connection-check.js";
import { echoCounts, echoQuality, type EchoCounts, type EchoQuality } from "./echo-quality.js";

const report = (...entries: Record<string, unknown>[]) =>
  new Map(entries.map((entry, index) => [String(index), entry])) as unknown as RTCStatsReport;

const counts = (change: Partial<EchoCounts> = {}): EchoCounts => ({
  ...{ bytesSent: 0, bytesReceived: 0, packetsReceived: 0, packetsLost: 0, framesDecoded: 0, jitterMs: undefined },
  ...change,
});

it("shouldSumUpWhatBrowsersCount", () => {
  expect(
    echoCounts(
      report(
        { type: "outbound-rtp", bytesSent: 500 },
        { type: "inbound-rtp", bytesReceived: 400, packetsReceived: 4, packetsLost: 1, framesDecoded: 2, jitter: 0.02 },
        { type: "inbound-rtp", bytesReceived: 40, packetsReceived: 1, jitter: 0.01 },
        { type: "transport", bytesReceived: 9999 },
      ),
    ),
  ).toEqual({ bytesSent: 500, bytesReceived: 440, packetsReceived: 5, packetsLost: 1, framesDecoded: 2, jitterMs: 20 });
  expect(echoCounts(report())).toEqual(counts());
});

it("shouldTakeRatesFromTheDifference", () => {
  const before = counts({ bytesSent: 1000, bytesReceived: 1000, packetsReceived: 10, packetsLost: 5 });
  const after = counts({
    ...{ bytesSent: 101_000, bytesReceived: 51_000, packetsReceived: 105, packetsLost: 10, framesDecoded: 80 },
    jitterMs: 7,
  });
  expect(echoQuality(before, after, 4000)).toEqual({
    ...{ sentBps: 200_000, receivedBps: 100_000, lossPercent: 5, jitterMs: 7, fps: 20 },
  });
});

it("shouldNotReportLessThanNoLoss", () => {
  const before = counts({ packetsLost: 3 });
  expect(echoQuality(before, counts({ packetsLost: 1, packetsReceived: 10 }), 1000).lossPercent).toBe(0);
  expect(echoQuality(before, before, 1000).lossPercent).toBe(0);
});

const inWords = ({ reasons = [], details = {} }: CheckOutcome) => wordCheck(ENGLISH_CHECK_TEXTS, reasons, details);

const good: EchoQuality = { sentBps: 800_000, receivedBps: 780_000, lossPercent: 0, jitterMs: 3, fps: 20 };
const pair = { path: "udp", localType: "host", remoteType: "host", rttMs: 20 } as const;

it.each([
  ["a good one", good, pair, "ok", undefined],
  ["no round trip known", good, undefined, "ok", undefined],
  ["loss", { ...good, lossPercent: 3.04 }, pair, "warning", "3 % of the packets are lost."],
  ["delay", good, { ...pair, rttMs: 300.4 }, "warning", "A packet takes 300 ms there and back."],
  ["jitter", { ...good, jitterMs: 50 }, pair, "warning", "Packets arrive unevenly, by 50 ms."],
  ["little", { ...good, receivedBps: 90_000 }, pair, "warning", "Only 90 kbit/s get through."],
  ["nothing back", { ...good, receivedBps: 0 }, pair, "failed", "Nothing of what was sent came back."],
  ["nothing sent", { ...good, sentBps: 0, receivedBps: 0 }, pair, "failed", "The browser sent no picture."],
])("shouldJudge %s", (_, quality, chosen, verdict, cause) => {
  const outcome = qualityOutcome(quality, chosen);
  expect(outcome.verdict).toBe(verdict);
  expect(inWords(outcome).cause).toBe(cause);
});

it("shouldNameAllThatIsWrong", () => {
  const { cause, advice } = inWords(qualityOutcome({ ...good, lossPercent: 12.34, jitterMs: 80 }, pair));
  expect(cause).toBe("12.3 % of the packets are lost. Packets arrive unevenly, by 80 ms.");
  expect(advice).toBeDefined();
});
