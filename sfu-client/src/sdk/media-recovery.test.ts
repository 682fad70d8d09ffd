import { beforeEach, describe, expect, it } from "vitest";
import { settle } from "./testing/fake-platform.js";
import { FakeTrack } from "./testing/fake-peer-connection.js";
import { Visit } from "./testing/visit.js";

const TURN: RTCIceServer[] = [{ urls: ["stun:s.example", "turn:t.example"], username: "u", credential: "c" }];
const ANSWER = "v=0\r\nm=audio 9 X 111\r\na=ice-ufrag:s1\r\na=ice-pwd:old\r\na=candidate:1 1 udp\r\n";

describe("Media recovery", () => {
  let visit: Visit;

  beforeEach(async () => {
    visit = new Visit({ state: ({ state }) => state, joined: ({ again }) => (again ? "joined again" : "joined") });
    visit.server.answer = ANSWER;
    visit.server.iceServers = TURN;
    await visit.joined();
    visit.requests();
  });

  const restarts = () => visit.server.of("ice.restart");
  const policy = (index = 0) => visit.connection(index).configuration.iceTransportPolicy;

  it("shouldRestartWithoutAnOfferToTheServer", async () => {
    visit.connection().become("failed");
    await visit.platform.clock.advance(0);
    expect(restarts()[0]?.data).toEqual({ gen: 1, ufrag: "u2", pwd: "p".repeat(22) });
    expect(visit.connection().remoteDescription).toEqual({
      type: "answer",
      sdp: `v=0\r\nm=audio 9 X 111\r\na=ice-ufrag:s2\r\na=ice-pwd:${"s".repeat(22)}\r\na=candidate:2 1 udp\r\n`,
    });
    visit.connection().become("connected");
    await visit.platform.clock.advance(60_000);
    expect(visit.requests()).toEqual(["ice.restart"]);
    expect(visit.room.diagnostics()).toMatchObject({ offersCreated: 1, peerConnectionsCreated: 1, iceRestarts: 1 });
    expect(visit.seen).toEqual([]);
  });

  it("shouldPatchTheLastAnswerWithEachRestart", async () => {
    for (const expected of ["s2", "s3"]) {
      visit.connection().become("failed");
      await visit.platform.clock.advance(0);
      expect(visit.connection().remoteDescription?.sdp).toContain(`a=ice-ufrag:${expected}\r\n`);
      visit.connection().become("connected");
    }
    expect(restarts().map(({ data }) => [data["gen"], data["ufrag"]])).toEqual([
      [1, "u2"],
      [2, "u3"],
    ]);
  });

  it("shouldGiveAnInterruptionThreeSecondsToHeal", async () => {
    visit.connection().become("disconnected");
    await visit.platform.clock.advance(2999);
    visit.connection().become("connected");
    await visit.platform.clock.advance(5000);
    expect(restarts()).toEqual([]);
    visit.connection().become("disconnected");
    await visit.platform.clock.advance(3000);
    expect(restarts()).toHaveLength(1);
  });

  it("shouldRestartAsSoonAsTheSignallingIsBackThatStoppedWithTheMedia", async () => {
    visit.server.silent = true;
    visit.connection().become("disconnected");
    await visit.platform.clock.advance(999);
    visit.server.silent = false;
    expect(restarts()).toEqual([]);
    await visit.platform.clock.advance(1);
    expect(restarts()).toHaveLength(1);
  });

  it("shouldRestartWhereMediaAndSignallingStoppedThoughIceSaysNothing", async () => {
    const slot = visit.connection().transceivers.at(-1);
    for (let i = 0; i < 10; i++) {
      if (slot) slot.heardMs = i;
      await visit.platform.clock.advance(100);
    }
    visit.server.silent = true;
    await visit.platform.clock.advance(1900);
    visit.server.silent = false;
    await visit.platform.clock.advance(1000);
    expect(visit.room.state).toBe("joined");
    expect(restarts()).toHaveLength(1);
  });

  it("shouldRestartWhereMediaStoppedRightAfterTheSignalling", async () => {
    const slot = visit.connection().transceivers.at(-1);
    for (let i = 0; i < 10; i++) {
      if (slot) slot.heardMs = i;
      await visit.platform.clock.advance(100);
    }
    visit.server.drop(1006);
    await visit.platform.clock.advance(900);
    expect(restarts()).toEqual([]);
    await visit.platform.clock.advance(1000);
    expect(restarts()).toHaveLength(1);
  });

  it("shouldRestartAtOnceOnAnotherNetwork", async () => {
    visit.platform.network.become(true);
    await settle();
    expect(restarts()).toHaveLength(1);
    await visit.platform.clock.advance(60_000);
    expect(restarts()).toHaveLength(1);
  });

  it("shouldFirstFindAServerThatAnswersOnAnotherNetwork", async () => {
    visit.server.silent = true;
    visit.platform.network.become(true);
    await visit.platform.clock.advance(499);
    expect(restarts()).toEqual([]);
    visit.server.silent = false;
    await visit.platform.clock.advance(1);
    expect(restarts()).toHaveLength(1);
  });

  it("shouldSoonRestartAgainWhereNothingIsHeardThoughTheBrowserCallsItConnected", async () => {
    const slot = visit.connection().transceivers.at(-1);
    for (let i = 0; i < 10; i++) {
      if (slot) slot.heardMs = i;
      await visit.platform.clock.advance(100);
    }
    visit.platform.network.become(true);
    await visit.platform.clock.advance(2499);
    expect(restarts()).toHaveLength(1);
    await visit.platform.clock.advance(1);
    expect(restarts()).toHaveLength(2);
  });

  it("shouldRestartOnceMoreWhenTheNetworkChangesDuringARestart", async () => {
    visit.platform.network.become(true);
    await settle();
    visit.platform.network.become(true);
    await settle();
    expect(restarts()).toHaveLength(1);
    await visit.platform.clock.advance(10_000);
    expect(restarts()).toHaveLength(2);
    await visit.platform.clock.advance(60_000);
    expect(restarts()).toHaveLength(2);
  });

  it("shouldTryRelaysOnlyAfterTwoRestartsAndThenANewConnection", async () => {
    const tried: (string | undefined)[] = [];
    const { network } = visit.platform;
    const startMs = visit.platform.clock.nowMs();
    visit.connection().become("failed");
    for (let second = 0; second < 60 && visit.platform.peerConnections.length < 2; second++) {
      const before = restarts().length;
      await visit.platform.clock.advance(1000);
      if (restarts().length > before) tried.push(policy());
    }
    expect(tried).toEqual(["all", "all", "relay"]);
    // 2.5, 5 and 10 s to judge each, none, 1.5 and 4.5 s between.
    expect(visit.platform.clock.nowMs() - startMs).toBe(24_000);
    expect(visit.requests()).toEqual(["ice.restart", "ice.restart", "ice.restart", "join"]);
    expect(visit.room.state).toBe("joined");
    visit.connection(1).become("connected");
    network.become(true);
    await settle();
    expect(policy(1)).toBe("all");
  });

  it("shouldGoOnWithAllCandidatesWhereThereIsNoRelay", async () => {
    visit.server.emit("ice.servers", { iceServers: [{ urls: "stun:s.example" }] });
    visit.connection().become("failed");
    await visit.platform.clock.advance(30_000);
    expect(restarts()).toHaveLength(3);
    expect(policy()).toBe("all");
  });

  it("shouldUseFreshRelaysInTheNextRestart", async () => {
    const fresh = [{ urls: "turn:t.example", username: "later", credential: "c" }];
    visit.server.emit("ice.servers", { iceServers: fresh });
    expect(visit.connection().configuration.iceServers).toEqual(fresh);
    visit.server.forgetSession();
    visit.server.iceServers = fresh;
    visit.server.drop(1012);
    await visit.platform.clock.advance(0);
    expect(visit.connection(1).configuration.iceServers).toEqual(fresh);
  });

  it.each(["stale_generation", "not_in_room", "unknown_type"])(
    "shouldReplaceTheConnectionWhenTheServerRefuses: %s",
    async (code) => {
      const camera = new FakeTrack("video");
      await visit.room.publish("camera", camera.asTrack);
      visit.server.refuse.set("ice.restart", { code });
      visit.connection().become("failed");
      await visit.platform.clock.advance(0);
      expect(visit.requests()).toEqual(["track.update", "ice.restart", "join"]);
      expect(visit.connection(0).closed).toBe(true);
      expect(visit.connection(1).transceivers[1]?.sender.track).toBe(camera);
      expect(visit.seen).toEqual(["joined again"]);
    },
  );

  it("shouldReplaceTheConnectionWhenItsEncryptionFailed", async () => {
    visit.connection().iceConnectionState = "connected";
    visit.connection().become("failed");
    expect(visit.room.metrics.lastError?.code).toBe("dtls_failed");
    await visit.platform.clock.advance(0);
    expect(visit.requests()).toEqual(["join"]);
  });

  it("shouldJoinAgainWhenTheServerSaysThatItClosedTheMedia", async () => {
    visit.server.emit("server.notice", { kind: "info", action: "rejoin" });
    await settle();
    expect(visit.requests()).toEqual(["join"]);
    expect(visit.platform.peerConnections).toHaveLength(2);
  });

  it("shouldResumeFirstAndThenRestartWhenBothAreLost", async () => {
    visit.server.reachable = false;
    visit.connection().become("disconnected");
    visit.server.drop(1006);
    await visit.platform.clock.advance(5000);
    visit.connection().become("failed");
    expect(restarts()).toEqual([]);
    visit.server.reachable = true;
    await visit.platform.clock.advance(5000);
    expect(visit.requests()).toEqual(["hello", "ice.restart"]);
    expect(visit.platform.peerConnections).toHaveLength(1);
  });

  it("shouldRestartAgainWhenTheSocketIsLostDuringARestart", async () => {
    visit.server.ignore.add("ice.restart");
    visit.connection().become("failed");
    await visit.platform.clock.advance(0);
    visit.server.ignore.clear();
    visit.server.drop(1006);
    await visit.platform.clock.advance(0);
    expect(visit.requests()).toEqual(["ice.restart", "hello", "ice.restart"]);
    visit.connection().become("connected");
    expect(visit.room.metrics).toMatchObject({ iceRestarts: 2, reconnectAttempts: 1, connectionsCreated: 2 });
  });

  it("shouldStayInTheRoomWithoutMedia", async () => {
    visit.server.ignore.add("ice.restart");
    visit.connection().become("failed");
    await visit.platform.clock.advance(300_000);
    visit.server.emit("participant.joined", { participant: { id: "pa_b", csrc: 2, displayName: "Bob" } });
    expect(visit.room.participants).toHaveLength(1);
    await visit.room.chat.send("still here");
    expect(visit.room.state).toBe("joined");
    visit.room.leave();
    await settle();
    expect(visit.platform.clock.pendingTimers).toBe(0);
  });
});
