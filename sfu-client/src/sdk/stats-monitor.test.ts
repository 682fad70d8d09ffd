import { beforeEach, describe, expect, it } from "vitest";
import { qualityName } from "./quality.js";
import type { StatsSample } from "./stats-monitor.js";
import { settle } from "./testing/fake-platform.js";
import { Visit } from "./testing/visit.js";

const VIDEO_MID = "7";

describe("The statistics of a visit", () => {
  let visit: Visit;
  let samples: StatsSample[];

  beforeEach(async () => {
    visit = new Visit();
    samples = [];
    visit.room.on("stats", (sample) => samples.push(sample));
    await visit.joined();
  });

  /** What has been counted since the beginning. */
  function measured(packets: number, lost = 0, rttSec = 0.04): void {
    visit.connection().stats = [
      { id: "t", type: "transport", selectedCandidatePairId: "p" },
      { id: "p", type: "candidate-pair", localCandidateId: "l", remoteCandidateId: "r", currentRoundTripTime: rttSec },
      { id: "l", candidateType: "host", protocol: "udp" },
      { id: "r", candidateType: "host" },
      {
        ...{ id: "i", type: "inbound-rtp", mid: VIDEO_MID, bytesReceived: packets * 1000, packetsReceived: packets },
        ...{ packetsLost: lost, jitter: 0.012, jitterBufferDelay: packets * 0.05, jitterBufferEmittedCount: packets },
        totalFreezesDuration: packets / 1000,
      },
      { id: "o", type: "outbound-rtp", mid: "1", rid: "h", bytesSent: packets * 500 },
    ];
  }

  async function passed(sec = 5): Promise<StatsSample | undefined> {
    await visit.platform.clock.advance(sec * 1000);
    await settle();
    return samples.at(-1);
  }

  it("shouldTellEvery5SecondsWhatCameInBetween", async () => {
    measured(500, 10);
    expect(await passed()).toMatchObject({
      ...{ intervalMs: 5000, path: "udp", rttMs: 40, receivedBps: 800_000, sentBps: 400_000, jitterMs: 12 },
      lossPercent: 2,
      encodings: [{ source: "camera", rid: "h", bps: 400_000 }],
    });
    measured(750, 10);
    const sample = await passed();
    expect(sample).toMatchObject({ receivedBps: 400_000, sentBps: 200_000, lossPercent: 0 });
    expect(sample?.slots.find(({ mid }) => mid === VIDEO_MID)).toMatchObject({
      ...{ bps: 400_000, delayMs: 50, frozenMs: 250 },
    });
    expect(visit.room.lastStats).toBe(sample);
    expect(samples).toHaveLength(2);
  });

  it.each([
    [0, 0.04, "excellent"],
    [10, 0.04, "good"],
    [0, 0.5, "poor"],
    [60, 0.04, "poor"],
    [200, 0.9, "bad"],
  ])("shouldEstimateWith %i Lost Of 500 And A Round Trip Of %d s %s", async (lost, rttSec, name) => {
    measured(500, lost, rttSec);
    expect(qualityName((await passed())?.level ?? -1)).toBe(name);
  });

  it("shouldTakeTheServersWordWhileItIsHeard", async () => {
    const id = visit.room.self?.id ?? "";
    measured(500);
    visit.server.emit("quality", { updates: [{ participantId: id, level: 2 }] });
    expect((await passed())?.level).toBe(2);
    visit.server.reachable = false;
    visit.server.drop(1006);
    measured(1000);
    expect((await passed())?.level).toBe(5);
  });

  it("shouldSeeThatNothingComes", async () => {
    visit.server.emit("slots", {
      changes: [{ mid: VIDEO_MID, state: "live", participantId: "pa_b", source: "camera" }],
    });
    expect((await passed())?.level).toBe(0);
  });

  it("shouldCountANewConnectionFromItsBeginning", async () => {
    measured(5000);
    await passed();
    visit.server.emit("server.notice", { kind: "info", action: "rejoin" });
    await settle();
    expect(visit.room.lastStats).toBeUndefined();
    expect(visit.platform.peerConnections).toHaveLength(2);
    visit.connection(1).stats = [
      { id: "i", type: "inbound-rtp", mid: VIDEO_MID, bytesReceived: 5000, packetsReceived: 5 },
    ];
    expect((await passed())?.receivedBps).toBe(8000);
  });

  it("shouldTellTheOperatorEvery10Seconds", async () => {
    measured(500, 10);
    await passed(25);
    const digests = visit.server.of("stats").map(({ data }) => data);
    expect(digests).toHaveLength(2);
    expect(digests[0]).toMatchObject({ path: "udp", rttMs: 40, jitterMs: 12, limitedBy: [] });
    visit.server.reachable = false;
    visit.server.drop(1006);
    await passed(20);
    expect(visit.server.of("stats")).toHaveLength(2);
    expect(samples.length).toBeGreaterThan(7);
  });

  it("shouldEndWithTheVisit", async () => {
    visit.room.leave();
    expect(await passed(20)).toBeUndefined();
    expect(visit.platform.clock.pendingTimers).toBe(0);
  });
});

describe("qualityName", () => {
  it.each([
    [0, "lost"],
    [1, "bad"],
    [2, "poor"],
    [3, "fair"],
    [4, "good"],
    [5, "excellent"],
    [4.4, "good"],
    [-1, "lost"],
    [9, "excellent"],
  ])("shouldCall %d %s", (level, name) => expect(qualityName(level)).toBe(name));
});
