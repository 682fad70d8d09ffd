import { beforeEach, describe, expect, it } from "vitest";
import { ConnectionCheck, type CheckReport, type ConnectionCheckOptions } from "./connection-check.js";
import { SfuError } from "./errors.js";
import { FakeTrack, type FakePeerConnection } from "./testing/fake-peer-connection.js";
import { FakePlatform } from "./testing/fake-platform.js";
import { FakeServer } from "./testing/fake-server.js";
import { FakeSurroundings } from "./testing/fake-surroundings.js";

const UDP = "a=candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host";
const TCP = "a=candidate:2 1 tcp 1671430143 192.0.2.1 10000 typ host tcptype passive";
const SECRET = "hush-hush";

/** Whether a connection with these settings and this answer comes about. */
type Network = (configuration: RTCConfiguration, answer: string) => boolean;

describe("ConnectionCheck", () => {
  let platform: FakePlatform;
  let server: FakeServer;
  let surroundings: FakeSurroundings;
  let network: Network;

  beforeEach(() => {
    platform = new FakePlatform();
    server = new FakeServer(platform);
    server.answer = ["v=0", UDP, TCP, ""].join("\r\n");
    surroundings = new FakeSurroundings();
    network = () => true;
  });

  function newCheck(options: Partial<ConnectionCheckOptions> = {}): ConnectionCheck {
    return new ConnectionCheck({ url: "wss://192.0.2.9/v1/signal", platform, surroundings, token: SECRET, ...options });
  }

  /** Lets time pass until the check is through; connections come about as the network lets them. */
  async function through(check: ConnectionCheck, signal?: AbortSignal): Promise<CheckReport> {
    let report: CheckReport | undefined;
    void check.run(signal).then((made) => (report = made));
    for (let i = 0; report === undefined && i < 1000; i++) {
      for (const connection of platform.peerConnections) carry(connection);
      await platform.clock.advance(100);
    }
    if (!report) throw new Error("The check never ends.");
    return report;
  }

  function carry(connection: FakePeerConnection): void {
    const { remoteDescription, closed, configuration } = connection;
    if (closed || !remoteDescription) return;
    if (connection.connectionState === "new" && network(configuration, remoteDescription.sdp ?? "")) {
      connection.become("connected");
    }
    const packets = Math.round(platform.clock.nowMs() / 10);
    connection.stats = [
      { id: "t", type: "transport", selectedCandidatePairId: "p" },
      { id: "p", type: "candidate-pair", localCandidateId: "l", remoteCandidateId: "r", currentRoundTripTime: 0.02 },
      { id: "l", candidateType: "host", protocol: remoteDescription.sdp?.includes(UDP) ? "udp" : "tcp" },
      { id: "r", candidateType: "host" },
      { id: "o", type: "outbound-rtp", bytesSent: packets * 1000 },
      { id: "i", type: "inbound-rtp", bytesReceived: packets * 1000, packetsReceived: packets, jitter: 0.001 },
    ];
  }

  const verdicts = (report: CheckReport) =>
    Object.fromEntries(report.checks.map(({ id, verdict }) => [id, verdict] as const));

  const check = (report: CheckReport, id: string) => {
    const found = report.checks.find((one) => one.id === id);
    if (!found) throw new Error(`no check ${id}`);
    return found;
  };

  it("shouldFindNothingWrongWhereEverythingWorks", async () => {
    const report = await through(newCheck());
    expect(verdicts(report)).toEqual({
      ...{ browser: "ok", microphone: "skipped", camera: "skipped", speaker: "skipped", websocket: "ok" },
      ...{ clock: "ok", resume: "ok", udp: "ok", tcp: "ok" },
      ...{ relayUdp: "skipped", relayTcp: "skipped", relayTls: "skipped", call: "ok" },
    });
    expect(report.verdict).toBe("ok");
    expect(check(report, "udp").details).toMatchObject({ path: "udp", roundTripMs: 20 });
    expect(check(report, "tcp").details).toMatchObject({ path: "tcp" });
    expect(check(report, "call").details).toMatchObject({ lossPercent: 0, jitterMs: 1, path: "udp" });
    expect(check(report, "clock").details).toEqual({ offsetMs: 500 });
  });

  it("shouldTellEachStepAsItComes", async () => {
    const steps: string[] = [];
    const running = newCheck();
    running.on("started", ({ id }) => steps.push(`${id}…`));
    running.on("finished", ({ id, verdict }) => steps.push(`${id} ${verdict}`));
    await through(running);
    expect(steps.slice(0, 6)).toEqual([
      ...["browser…", "browser ok", "microphone…", "microphone skipped", "camera…", "camera skipped"],
    ]);
    expect(steps).toHaveLength(26);
  });

  it("shouldHoldNoSecretAndNoAddressInTheReport", async () => {
    server.iceServers = [{ urls: "turn:198.51.100.7:3478", username: "1:se_1", credential: SECRET }];
    network = () => false;
    const text = JSON.stringify(await through(newCheck()));
    expect(text).not.toContain(SECRET);
    expect(text).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
    expect(text).toContain("se_1");
  });

  it("shouldLeaveNothingOpen", async () => {
    await through(newCheck());
    expect(platform.peerConnections).toHaveLength(3);
    expect(platform.peerConnections.every(({ closed }) => closed)).toBe(true);
    expect(surroundings.pictures.map(({ readyState }) => readyState)).toEqual(["ended"]);
    expect(server.of("join").map(({ data }) => String(data["room"]).slice(0, 5))).toEqual(["echo-", "echo-", "echo-"]);
    expect(server.of("leave")).toHaveLength(3);
    expect(server.of("bye")).toHaveLength(1);
    // Two sockets, as one was given up on purpose to be resumed.
    expect(platform.sockets.map(({ closedWith }) => closedWith?.code)).toEqual([3001, 1000]);
    expect(platform.clock.pendingTimers).toBe(0);
  });

  it("shouldOfferOneWayAtATime", async () => {
    server.iceServers = [
      { urls: ["turn:relay.example", "turns:relay.example"], username: "1:se_1", credential: SECRET },
    ];
    await through(newCheck());
    const tried = platform.peerConnections.map(({ configuration, remoteDescription }) => [
      configuration.iceTransportPolicy,
      configuration.iceServers?.flatMap(({ urls }) => urls),
      remoteDescription?.sdp?.includes(UDP),
      remoteDescription?.sdp?.includes(TCP),
    ]);
    expect(tried).toEqual([
      ["all", [], true, false],
      ["all", [], false, true],
      ["relay", ["turn:relay.example"], true, true],
      ["relay", ["turns:relay.example"], true, true],
      ["all", ["turn:relay.example", "turns:relay.example"], true, true],
    ]);
  });

  it("shouldSayThatUdpIsBlockedAndACallPossible", async () => {
    network = (_, answer) => answer.includes(TCP);
    const report = await through(newCheck());
    expect(check(report, "udp")).toMatchObject({ verdict: "failed", details: { code: "media_timeout" } });
    expect(check(report, "udp").cause).toContain("UDP does not get through");
    expect(check(report, "udp").advice).toContain("TCP");
    expect(verdicts(report)).toMatchObject({ tcp: "ok", call: "ok" });
    expect(report.verdict).toBe("warning");
  });

  it("shouldFailWhereNoWayLeadsToTheServer", async () => {
    network = () => false;
    const report = await through(newCheck());
    expect(verdicts(report)).toMatchObject({ websocket: "ok", udp: "failed", tcp: "failed", call: "failed" });
    expect(report.verdict).toBe("failed");
  });

  it("shouldSkipWhatTheServerDoesNotOffer", async () => {
    server.answer = ["v=0", UDP, ""].join("\r\n");
    const report = await through(newCheck());
    expect(check(report, "tcp")).toMatchObject({ verdict: "skipped", cause: "The server offers no TCP address." });
    expect(report.verdict).toBe("ok");
  });

  it("shouldSkipAllThatNeedsAServerWhereThereIsNone", async () => {
    server.reachable = false;
    const report = await through(newCheck());
    expect(check(report, "websocket")).toMatchObject({ verdict: "failed", details: { code: "connection_lost" } });
    expect(check(report, "call")).toMatchObject({
      verdict: "skipped",
      cause: "There is no connection to the server.",
    });
    expect(platform.sockets).toHaveLength(1);
    expect(report.verdict).toBe("failed");
    expect(report.sessionId).toBeUndefined();
  });

  it("shouldTellARefusedInvitationFromAServerThatIsNotThere", async () => {
    server.refuse.set("hello", { code: "token_expired" });
    const { cause, details } = check(await through(newCheck()), "websocket");
    expect(cause).toContain("does not take this invitation");
    expect(details).toEqual({ code: "token_expired" });
  });

  it("shouldNotTakeAFullServerForABrokenNetwork", async () => {
    server.refuse.set("join", { code: "server_full", retryable: true });
    expect(verdicts(await through(newCheck()))).toMatchObject({ udp: "skipped", tcp: "skipped", call: "skipped" });
  });

  it("shouldGoOnWithANewConnectionWhenOneIsLost", async () => {
    const running = newCheck();
    running.on("started", ({ id }) => {
      if (id === "tcp") server.drop(1006);
    });
    const report = await through(running);
    expect(verdicts(report)).toMatchObject({ tcp: "ok", call: "ok" });
  });

  it("shouldWarnOfAClockThatIsWrong", async () => {
    server.clockOffsetMs = -90_000;
    const { verdict, cause } = check(await through(newCheck()), "clock");
    expect(verdict).toBe("warning");
    expect(cause).toBe("This device's clock is 90 s ahead of the server's.");
  });

  describe("of devices", () => {
    const devices = { microphone: true, camera: true };
    let microphone: FakeTrack;
    let camera: FakeTrack;

    beforeEach(() => {
      microphone = new FakeTrack("audio");
      camera = new FakeTrack("video", { width: 1280, height: 720 });
      surroundings.devices = { microphone: microphone.asTrack, camera: camera.asTrack, errors: {} };
    });

    it("shouldListenAndLook", async () => {
      const running = newCheck({ devices });
      const levels: number[] = [];
      running.on("level", (level) => levels.push(level));
      const report = await through(running);
      expect(check(report, "microphone")).toMatchObject({
        verdict: "ok",
        details: { microphones: 1, levelPercent: 60 },
      });
      expect(check(report, "camera")).toMatchObject({
        verdict: "ok",
        details: { cameras: 2, cameraWidth: 1280, cameraHeight: 720, fps: 30, brightnessPercent: 47 },
      });
      expect(levels).toEqual([0.6]);
      expect([microphone.readyState, camera.readyState]).toEqual(["ended", "ended"]);
      expect(surroundings.watching).toBe(0);
      // Whoever speaks is not kept waiting.
      expect(check(report, "microphone").durationMs).toBeLessThan(1000);
    });

    it.each([
      [{ level: 0 }, "microphone", "failed", "microphone_silent"],
      [{ level: 0.1 }, "microphone", "warning", "microphone_quiet"],
      [{ picture: { frames: 0, brightness: 0 } }, "camera", "failed", "camera_frozen"],
      [{ picture: { frames: 60, brightness: 1 } }, "camera", "warning", "camera_dark"],
    ])("shouldSeeWhatIsWrongWith %o", async (wrong, id, verdict, reason) => {
      Object.assign(surroundings, wrong);
      const found = check(await through(newCheck({ devices })), id);
      expect([found.verdict, found.reasons]).toEqual([verdict, [reason]]);
      expect(found.cause).not.toBe("");
      expect(found.advice).toBeDefined();
    });

    it.each([
      ["permission_denied", "failed", "camera_denied"],
      ["device_not_found", "warning", "camera_missing"],
      ["device_busy", "failed", "camera_busy"],
      ["capture_failed", "failed", "camera_busy"],
      ["insecure_context", "failed", "insecure_page"],
      ["capture_unsupported", "failed", "devices_unsupported"],
    ] as const)("shouldTellOf %s And Go On", async (code, verdict, reason) => {
      surroundings.devices = { microphone: microphone.asTrack, errors: { camera: new SfuError(code, "none") } };
      const report = await through(newCheck({ devices }));
      expect(verdicts(report)).toMatchObject({ microphone: "ok", camera: verdict, call: "ok" });
      expect(check(report, "camera").reasons).toEqual([reason]);
    });

    it.each([
      [true, "ok", []],
      [false, "failed", ["tone_not_heard"]],
    ])("shouldAskWhetherTheToneIsHeard: %o", async (heard, verdict, reasons) => {
      const askHeard = () => new Promise<boolean>((resolve) => platform.clock.after(3000, () => resolve(heard)));
      const speaker = check(await through(newCheck({ askHeard })), "speaker");
      expect(speaker).toMatchObject({ verdict, reasons, details: { speakers: 1 } });
      expect(surroundings.tones).toBe(1);
      expect(surroundings.watching).toBe(0);
    });

    it("shouldNotWaitForAnAnswerWhenStopped", async () => {
      const controller = new AbortController();
      platform.clock.after(1000, () => controller.abort());
      const report = await through(newCheck({ askHeard: () => new Promise(() => undefined) }), controller.signal);
      expect(check(report, "speaker")).toMatchObject({ verdict: "skipped", reasons: ["stopped"] });
      expect(surroundings.watching).toBe(0);
    });

    it("shouldCloseThemWhenStopped", async () => {
      surroundings.level = 0;
      const controller = new AbortController();
      platform.clock.after(1000, () => controller.abort());
      await through(newCheck({ devices }), controller.signal);
      expect([microphone.readyState, camera.readyState]).toEqual(["ended", "ended"]);
      expect(surroundings.watching).toBe(0);
    });

    it("shouldBeTriedOnlyWhenAsked", async () => {
      expect(verdicts(await through(newCheck()))).toMatchObject({
        ...{ microphone: "skipped", camera: "skipped", speaker: "skipped" },
      });
    });
  });

  it.each([
    ["no WebRTC", { peerConnection: false }, "failed", "failed"],
    ["no secure page", { secureContext: false }, "warning", "warning"],
  ])("shouldSeeABrowserWith %s", async (_, missing, verdict, whole) => {
    Object.assign(surroundings, missing);
    const report = await through(newCheck());
    expect(check(report, "browser").verdict).toBe(verdict);
    expect(report.verdict).toBe(whole);
  });

  it("shouldStopWhenTold", async () => {
    const controller = new AbortController();
    const running = newCheck();
    network = () => false;
    running.on("started", ({ id }) => {
      if (id === "udp") platform.clock.after(1000, () => controller.abort());
    });
    const report = await through(running, controller.signal);
    expect(verdicts(report)).toMatchObject({ websocket: "ok", udp: "skipped", tcp: "skipped", call: "skipped" });
    expect(check(report, "udp").durationMs).toBeLessThan(2000);
    expect(platform.peerConnections.map(({ closed }) => closed)).toEqual([true]);
    expect(platform.clock.pendingTimers).toBe(0);
  });

  it("shouldRunOnce", async () => {
    const running = newCheck();
    await through(running);
    await expect(running.run()).rejects.toThrow("runs once");
  });
});
