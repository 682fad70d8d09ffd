import { beforeEach, describe, expect, it } from "vitest";
import { abortable } from "./abort.js";
import { fitted, offeredEncodings } from "./encodings.js";
import { listedDelays, type RetryPolicy } from "./retry-policy.js";
import { FakeTrack } from "./testing/fake-peer-connection.js";
import { settle } from "./testing/fake-platform.js";
import { Visit } from "./testing/visit.js";

describe("An aborted call", () => {
  let visit: Visit;
  let controller: AbortController;

  beforeEach(() => {
    visit = new Visit();
    controller = new AbortController();
  });

  it("shouldEndTheVisitWhileJoining", async () => {
    visit.server.silent = true;
    const joining = visit.room.join({ signal: controller.signal });
    await settle();
    controller.abort("changed my mind");
    await expect(joining).rejects.toMatchObject({ code: "aborted", cause: "changed my mind", retryable: false });
    expect(visit.room.state).toBe("left");
    expect(visit.platform.sockets.map(({ closedWith }) => closedWith?.code)).toEqual([1000]);
    expect(visit.platform.clock.pendingTimers).toBe(0);
  });

  it("shouldGiveUpAPlaceInTheQueue", async () => {
    visit.server.queue = { ticket: { ticketId: "qt_1", state: "waiting", position: 1 } };
    const joining = visit.room.join({ signal: controller.signal });
    await settle();
    expect(visit.room.state).toBe("waiting");
    controller.abort();
    await expect(joining).rejects.toMatchObject({ code: "aborted" });
    expect(visit.requests()).toContain("bye");
  });

  it("shouldNotBeMadeAtAllWithASignalOfBefore", async () => {
    controller.abort();
    await expect(visit.room.join({ signal: controller.signal })).rejects.toMatchObject({ code: "aborted" });
    expect(visit.platform.sockets).toEqual([]);
    expect(visit.room.state).toBe("idle");
  });

  it("shouldTakeATrackBack", async () => {
    await visit.joined();
    visit.server.ignore.add("track.update");
    const track = new FakeTrack("video");
    const publishing = visit.room.publish("camera", track.asTrack, { signal: controller.signal });
    await settle();
    controller.abort();
    await expect(publishing).rejects.toMatchObject({ code: "aborted" });
    expect(track.readyState).toBe("ended");
    expect(visit.room.publications).toEqual([]);
  });

  it("shouldStayInTheRoomWhereASwitchIsGivenUp", async () => {
    await visit.joined();
    visit.server.queue = { ticket: { ticketId: "qt_1", state: "waiting", position: 1 } };
    const switching = visit.room.switchTo("red", { signal: controller.signal });
    await settle();
    expect(visit.room.waiting).toBeDefined();
    controller.abort();
    await expect(switching).rejects.toMatchObject({ code: "aborted" });
    expect([visit.room.waiting, visit.room.state, visit.room.name]).toEqual([undefined, "joined", "blue"]);
  });

  it("shouldNotConcernACallThatIsOver", async () => {
    await visit.room.join({ signal: controller.signal });
    controller.abort();
    await settle();
    expect(visit.room.state).toBe("joined");
    await expect(abortable(Promise.reject(new Error("first")), controller.signal, () => undefined)).rejects.toThrow();
  });
});

describe("A retry policy of one's own", () => {
  it("shouldDecideAboutReconnectingByWhatWentWrong", async () => {
    const asked: string[] = [];
    const reconnect: RetryPolicy = {
      maxAttempts: 5,
      delayMs: (attempt, _, error) => {
        asked.push(`${attempt} ${error?.code ?? "?"}`);
        return error?.code === "connection_lost" && attempt < 3 ? 100 : undefined;
      },
    };
    const visit = new Visit({ state: ({ state }) => state }, { retry: { reconnect } });
    await visit.joined();
    visit.server.reachable = false;
    visit.server.drop(1012);
    await visit.platform.clock.advance(1000);
    expect(asked).toEqual(["1 server_restart"]);
    expect(visit.seen).toEqual(["left"]);
  });

  it("shouldEndWhatWouldRejoinForEver", async () => {
    const rejoin = listedDelays([0, 100]);
    const visit = new Visit({ left: ({ error }) => error?.code ?? "" }, { retry: { rejoin } });
    await visit.joined();
    visit.server.refuse.set("join", { code: "server_full", retryable: true });
    visit.server.forgetSession();
    visit.server.drop(1012);
    await visit.platform.clock.advance(5000);
    expect(visit.server.of("join")).toHaveLength(4);
    expect(visit.seen).toEqual(["server_full"]);
  });

  it("shouldLeaveMediaAsItIsWhenItGivesUp", async () => {
    const visit = new Visit({}, { retry: { media: listedDelays([0]) } });
    await visit.joined();
    visit.connection().become("failed");
    await visit.platform.clock.advance(120_000);
    expect(visit.room.metrics.iceRestarts).toBe(1);
    expect(visit.room.state).toBe("joined");
    visit.room.restartIce();
    await settle();
    expect(visit.room.metrics.iceRestarts).toBe(2);
  });

  it("shouldRepeatTheLastDelayWhereWished", () => {
    const policy = listedDelays([0, 500], { repeatLast: true });
    expect([1, 2, 3, 100].map((attempt) => policy.delayMs(attempt, () => 0))).toEqual([0, 500, 500, 500]);
    expect(listedDelays([0, 500]).delayMs(3, () => 0)).toBeUndefined();
  });
});

describe("Presets", () => {
  it("shouldLimitWhatACameraCosts", async () => {
    const visit = new Visit({}, { camera: "economy" });
    await visit.joined();
    await visit.room.turnOn("camera");
    expect(visit.platform.devices.asked[0]?.video).toMatchObject({ height: { ideal: 360 }, frameRate: { max: 20 } });
    expect(offeredEncodings("camera", { camera: "economy" }).map(({ maxBitrate }) => maxBitrate)).toEqual([
      150_000, 500_000, 500_000,
    ]);
  });

  it("shouldLetAScreenMove", () => {
    const size = { width: 1920, height: 1080 };
    const limits = { fps: 30, mostBps: 4_000_000 };
    expect(fitted("screen", size, 1, 2, limits)).toMatchObject({ maxFramerate: 30, maxBitrate: 4_000_000 });
    expect(fitted("screen", size, 1, 2)).toMatchObject({ maxFramerate: 15, maxBitrate: 2_500_000 });
  });
});
