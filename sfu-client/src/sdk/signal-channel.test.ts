import { beforeEach, describe, expect, it } from "vitest";
import { SfuError } from "./errors.js";
import { LogGuard } from "./log-guard.js";
import { DEFAULT_RETRY } from "./retry-policy.js";
import { SignalChannel, type TokenSource } from "./signal-channel.js";
import { FakePlatform, settle } from "./testing/fake-platform.js";
import { FakeServer } from "./testing/fake-server.js";

describe("SignalChannel", () => {
  let platform: FakePlatform;
  let server: FakeServer;
  let seen: string[];
  let logged: string;
  let ended: SfuError | undefined;

  beforeEach(() => {
    platform = new FakePlatform();
    server = new FakeServer(platform);
    seen = [];
    logged = "";
    ended = undefined;
  });

  function channel(token?: TokenSource): SignalChannel {
    const made = new SignalChannel({
      url: "ws://server/v1/signal",
      token,
      ...DEFAULT_RETRY,
      platform,
      guard: new LogGuard((level, event, fields) => (logged += `${level} ${event} ${JSON.stringify(fields)}\n`)),
    });
    made.on("welcome", ({ resumed }) => seen.push(resumed ? "resumed" : "welcome"));
    made.on("reconnecting", ({ attempt, maxAttempts }) => seen.push(`reconnecting ${attempt}/${maxAttempts}`));
    made.on("event", ({ type, data }) => seen.push(`${type} ${JSON.stringify(data)}`));
    made.on("closed", (error) => {
      ended = error;
      seen.push(`closed ${error?.code ?? "by us"}`);
    });
    return made;
  }

  const left = (id: string) => ({ participantId: id, reason: "left" });

  it("shouldSayHelloWithTheTokenInTheMessageAndNotInTheUrl", async () => {
    await channel("s3cret").connect();
    expect(platform.sockets[0]?.url).toBe("ws://server/v1/signal");
    expect(platform.sockets[0]?.subprotocol).toBe("sfu.v1");
    expect(server.of("hello")[0]?.data).toMatchObject({ versions: [1], token: "s3cret", client: { mobile: false } });
    expect(logged).not.toContain("s3cret");
  });

  it("shouldMatchRepliesByIdWhateverTheirOrder", async () => {
    const signal = channel();
    await signal.connect();
    server.ignore.add("view").add("leave");
    const view = signal.request("view", { layout: "grid", video: [], defaultHeight: 0, maxVideo: 0, audio: "auto" });
    const leave = signal.request("leave", {});
    await settle();
    const [viewId, leaveId] = [server.of("view")[0]?.id, server.of("leave")[0]?.id];
    platform.sockets[0]?.deliver({ type: "ok", id: leaveId, data: "of leave" });
    platform.sockets[0]?.deliver({ type: "error", id: viewId, error: { code: "forbidden", message: "no" } });
    await expect(leave).resolves.toBe("of leave");
    await expect(view).rejects.toMatchObject({ code: "forbidden", message: "no", retryable: false });
  });

  it("shouldFailARequestThatGetsNoReplyInTime", async () => {
    const signal = channel();
    await signal.connect();
    server.ignore.add("leave");
    const outcome = signal.request("leave", {}).catch((thrown: unknown) => SfuError.from(thrown).code);
    await platform.clock.advance(10_000);
    expect(await outcome).toBe("request_timeout");
  });

  it("shouldFailRequestsAtOnceWhileThereIsNoConnection", async () => {
    const signal = channel();
    await signal.connect();
    server.ignore.add("leave");
    const waiting = signal.request("leave", {});
    server.reachable = false;
    server.drop(1006);
    await expect(waiting).rejects.toMatchObject({ code: "connection_lost", retryable: true });
    await expect(signal.request("leave", {})).rejects.toMatchObject({ code: "connection_lost" });
  });

  it("shouldResumeAtOnceAndGetTheMissedEventsOnce", async () => {
    await channel().connect();
    server.emit("participant.left", left("pa_1"));
    server.drop(1006);
    server.emit("participant.left", left("pa_2"));
    await platform.clock.advance(0);
    platform.sockets[1]?.deliver({ type: "participant.left", seq: 1, data: left("pa_1") });
    expect(server.of("hello")[1]?.data["resume"]).toEqual({
      sessionId: "se_1",
      resumeToken: "secret-se_1",
      lastSeq: 1,
    });
    expect(seen).toEqual([
      "welcome",
      'participant.left {"participantId":"pa_1","reason":"left"}',
      "reconnecting 1/10",
      "resumed",
      'participant.left {"participantId":"pa_2","reason":"left"}',
    ]);
    expect(logged).not.toContain("secret-se_1");
  });

  it("shouldIgnoreUnknownEventsAndBrokenFrames", async () => {
    await channel().connect();
    platform.sockets[0]?.deliver({ type: "weather", seq: 1, data: {} });
    platform.sockets[0]?.listener.received("{");
    platform.sockets[0]?.listener.received("7");
    server.emit("speakers", { list: [] });
    expect(seen).toEqual(["welcome"]);
    server.emit("speakers", { list: [] });
    expect(seen).toEqual(["welcome", 'speakers {"list":[]}']);
  });

  it("shouldGiveUpAfterTenAttemptsInLessThanTheGrace", async () => {
    const signal = channel();
    await signal.connect();
    server.reachable = false;
    const startMs = platform.clock.nowMs();
    const attemptsAtMs: number[] = [];
    signal.on("reconnecting", () => attemptsAtMs.push(platform.clock.nowMs() - startMs));
    server.drop(1006);
    await platform.clock.advance(60_000);
    expect(ended).toMatchObject({ code: "connection_lost", retryable: true });
    // Planned when the attempt before has failed: after 0, 0.3, 1, 2, 4, 4, 8, 8, 8 s and half a second of jitter each.
    expect(attemptsAtMs).toEqual([0, 0, 800, 2300, 4800, 9300, 13_800, 22_300, 30_800, 39_300]);
    expect(signal.metrics).toMatchObject({ connectionsCreated: 11, connectionsDestroyed: 11, reconnectAttempts: 10 });
    expect(platform.clock.pendingTimers).toBe(0);
  });

  it("shouldSayEarlyThatAServerCannotBeReachedAtAll", async () => {
    server.reachable = false;
    const outcome = channel()
      .connect()
      .catch((thrown: unknown) => SfuError.from(thrown).code);
    await platform.clock.advance(3000);
    expect(await outcome).toBe("connection_lost");
  });

  it("shouldStandStillOfflineAndGoOnAtOnceWhenOnline", async () => {
    await channel().connect();
    platform.network.become(false);
    server.drop(1006);
    await platform.clock.advance(300_000);
    expect(platform.sockets).toHaveLength(1);
    platform.network.become(true);
    await settle();
    expect(seen).toEqual(["welcome", "reconnecting 1/10", "resumed"]);
  });

  it("shouldNotWaitForTheDelayWhenTheNetworkComesBack", async () => {
    const signal = channel();
    await signal.connect();
    server.reachable = false;
    server.drop(1006);
    await platform.clock.advance(10_000);
    server.reachable = true;
    platform.network.become(false);
    platform.network.become(true);
    await settle();
    expect(signal.open).toBe(true);
  });

  it("shouldProbeAnOpenSocketWhenTheNetworkChanged", async () => {
    const signal = channel();
    await signal.connect();
    await platform.clock.advance(1000);
    server.silent = true;
    platform.network.become(true);
    expect(signal.doubted).toBe(true);
    await platform.clock.advance(499);
    expect(seen).toEqual(["welcome"]);
    server.silent = false;
    await platform.clock.advance(1);
    expect(seen).toEqual(["welcome", "reconnecting 1/10", "resumed"]);
    platform.network.become(true);
    await platform.clock.advance(9000);
    expect(platform.sockets).toHaveLength(2);
    expect(signal.doubted).toBe(false);
  });

  it("shouldNotDelayAnAttemptOnAnotherNetworkForTheFailuresOfTheOneBefore", async () => {
    await channel().connect();
    for (let i = 0; i < 3; i++) {
      server.silent = true;
      platform.network.become(true);
      await platform.clock.advance(499);
      server.silent = false;
      await platform.clock.advance(1);
    }
    expect(seen.filter((event) => event === "reconnecting 1/10")).toHaveLength(3);
    expect(seen.at(-1)).toBe("resumed");
  });

  it("shouldSoonReplaceASocketThatIsSilentWhenMediaStopped", async () => {
    const signal = channel();
    await signal.connect();
    await platform.clock.advance(1000);
    signal.suspect();
    await platform.clock.advance(5000);
    expect(seen).toEqual(["welcome"]);
    server.silent = true;
    signal.suspect();
    await platform.clock.advance(999);
    expect(seen).toEqual(["welcome"]);
    server.silent = false;
    await platform.clock.advance(1);
    expect(seen).toEqual(["welcome", "reconnecting 1/10", "resumed"]);
  });

  it("shouldNotJudgeAProbeByTheTimeOfTheOneBefore", async () => {
    const signal = channel();
    await signal.connect();
    signal.suspect();
    await settle();
    expect(signal.doubted).toBe(false);
    await platform.clock.advance(900);
    server.silent = true;
    signal.suspect();
    await platform.clock.advance(999);
    expect(seen).toEqual(["welcome"]);
    server.silent = false;
    server.emit("server.notice", { kind: "info", action: "none", text: "here" });
    await platform.clock.advance(1000);
    expect(platform.sockets).toHaveLength(1);
    expect(signal.doubted).toBe(false);
  });

  it("shouldGiveAnUnansweredSocketItsTimeOnAnotherNetwork", async () => {
    const signal = channel();
    await signal.connect();
    server.silent = true;
    signal.suspect();
    await platform.clock.advance(900);
    platform.network.become(true);
    await platform.clock.advance(499);
    expect(seen).toEqual(["welcome"]);
    server.silent = false;
    await platform.clock.advance(1);
    expect(seen).toEqual(["welcome", "reconnecting 1/10", "resumed"]);
    expect(signal.metrics.connectionsCreated).toBe(2);
  });

  it("shouldJudgeADoubtedSocketNoLaterForAnotherDoubt", async () => {
    const signal = channel();
    await signal.connect();
    server.silent = true;
    signal.suspect();
    await platform.clock.advance(900);
    signal.suspect();
    await platform.clock.advance(99);
    server.silent = false;
    await platform.clock.advance(1);
    expect(seen).toEqual(["welcome", "reconnecting 1/10", "resumed"]);
  });

  it("shouldLeaveNoTimerOfAProbeBehind", async () => {
    const signal = channel();
    await signal.connect();
    server.silent = true;
    signal.suspect();
    signal.close();
    expect(platform.clock.pendingTimers).toBe(0);
  });

  it("shouldDeclareAServerDeadThatIsSilentFor25Seconds", async () => {
    const signal = channel();
    await signal.connect();
    await platform.clock.advance(10_000);
    expect(server.of("ping")).toHaveLength(1);
    server.silent = true;
    await platform.clock.advance(24_999);
    expect(seen).toEqual(["welcome"]);
    server.silent = false;
    await platform.clock.advance(1);
    expect(platform.sockets[0]?.closedWith?.code).toBe(4009);
    expect(signal.metrics.lastError?.code).toBe("heartbeat_lost");
    expect(seen).toEqual(["welcome", "reconnecting 1/10", "resumed"]);
  });

  it("shouldLearnTheClockOffsetFromPings", async () => {
    const signal = channel();
    await signal.connect();
    await platform.clock.advance(10_000);
    expect(signal.rttMs).toBe(0);
    expect(signal.clockOffsetMs).toBe(500);
  });

  it("shouldGiveUpASocketThatDoesNotOpenWithinTenSeconds", async () => {
    platform.server = { opened: () => undefined, received: () => undefined };
    void channel().connect();
    await platform.clock.advance(9_999);
    expect(seen).toEqual([]);
    platform.server = server;
    await platform.clock.advance(1);
    expect(seen).toEqual(["reconnecting 1/3", "welcome"]);
  });

  it("shouldOpenAFreshSessionOnTheSameSocketWhenTheServerForgotTheOldOne", async () => {
    await channel().connect();
    server.forgetSession();
    server.drop(1012);
    await platform.clock.advance(0);
    expect(seen).toEqual(["welcome", "reconnecting 1/10", "welcome"]);
    expect(platform.sockets).toHaveLength(2);
    expect(server.of("hello").at(-1)?.data["resume"]).toBeUndefined();
  });

  it.each([
    [1000, "closed_by_server"],
    [4001, "bad_request"],
    [4002, "unsupported_version"],
    [4004, "not_authenticated"],
    [4011, "replaced"],
    [4012, "kicked"],
    [4013, "room_ended"],
    [4014, "time_up"],
    [4015, "queue_denied"],
    [4016, "ticket_expired"],
    [4021, "too_many_connections"],
    [4022, "message_too_big"],
  ])("shouldStopAfterClose%i", async (code, reason) => {
    await channel("fixed").connect();
    server.drop(code);
    await platform.clock.advance(60_000);
    expect(seen).toEqual(["welcome", `closed ${reason}`]);
    expect(platform.sockets).toHaveLength(1);
  });

  it.each([1001, 1006, 1012, 4000, 4003, 4009, 4020, 4023])("shouldResumeAfterClose%i", async (code) => {
    await channel().connect();
    server.drop(code);
    await platform.clock.advance(0);
    expect(seen).toEqual(["welcome", "reconnecting 1/10", "resumed"]);
  });

  it("shouldStartAFreshSessionAfterClose4010", async () => {
    await channel().connect();
    server.drop(4010);
    await platform.clock.advance(0);
    expect(seen).toEqual(["welcome", "reconnecting 1/10", "welcome"]);
  });

  it("shouldAskForANewTokenOnceAfterClose4004", async () => {
    let asked = 0;
    await channel(() => `token-${++asked}`).connect();
    server.drop(4004);
    await platform.clock.advance(0);
    expect(server.of("hello").map(({ data }) => data["token"])).toEqual(["token-1", "token-2"]);
  });

  it("shouldWaitAsLongAsARateLimitSays", async () => {
    await channel().connect();
    platform.sockets[0]?.deliver({
      type: "error",
      error: { code: "rate_limited", retryable: true, retryAfterMs: 7000 },
    });
    server.drop(4008);
    await platform.clock.advance(6999);
    expect(platform.sockets).toHaveLength(1);
    await platform.clock.advance(1);
    expect(seen).toEqual(["welcome", "reconnecting 1/10", "resumed"]);
  });

  it("shouldNotHammerAServerThatAcceptsAndDrops", async () => {
    const signal = channel();
    await signal.connect();
    const dropAgain = () => queueMicrotask(() => server.drop(4000));
    signal.on("welcome", dropAgain);
    dropAgain();
    await platform.clock.advance(120_000);
    expect(ended?.code).toBe("connection_lost");
    expect(platform.sockets).toHaveLength(11);
  });

  it("shouldStopWhenHelloIsRefusedForGood", async () => {
    server.refuse.set("hello", { code: "token_expired", message: "expired" });
    await expect(channel().connect()).rejects.toMatchObject({ code: "token_expired" });
    expect(platform.sockets[0]?.closedWith).toBeDefined();
  });

  it("shouldRetryWhenHelloIsRefusedForNow", async () => {
    server.refuse.set("hello", { code: "server_full", retryable: true, retryAfterMs: 2000 });
    const connected = channel().connect();
    await platform.clock.advance(1999);
    server.refuse.clear();
    await platform.clock.advance(1);
    await connected;
    expect(seen).toEqual(["reconnecting 1/3", "welcome"]);
  });

  it("shouldSayByeAndLeaveNothingBehind", async () => {
    const signal = channel();
    await signal.connect();
    signal.close();
    await settle();
    expect(platform.sockets[0]?.sent.at(-1)?.type).toBe("bye");
    expect(platform.sockets[0]?.closedWith?.code).toBe(1000);
    expect(seen).toEqual(["welcome", "closed by us"]);
    expect(platform.clock.pendingTimers).toBe(0);
    expect(signal.metrics).toMatchObject({ connectionsCreated: 1, connectionsDestroyed: 1, lastError: undefined });
  });
});
