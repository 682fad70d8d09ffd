import { beforeEach, describe, expect, it } from "vitest";
import type { MediaOptions } from "./codecs.js";
import { SfuError } from "./errors.js";
import type { ParticipantInfo } from "./protocol.js";
import { Room } from "./room.js";
import type { RoomEvents } from "./room-events.js";
import { FakeTrack, type FakePeerConnection } from "./testing/fake-peer-connection.js";
import { FakePlatform, settle } from "./testing/fake-platform.js";
import { FakeServer } from "./testing/fake-server.js";

const bob: ParticipantInfo = {
  id: "pa_bob",
  csrc: 2,
  displayName: "Bob",
  tracks: [{ trackId: "tr_b1", source: "camera", kind: "video", muted: false }],
};

describe("Room", () => {
  let platform: FakePlatform;
  let server: FakeServer;
  let room: Room;
  let seen: string[];

  beforeEach(() => {
    platform = new FakePlatform();
    server = new FakeServer(platform);
    room = newRoom();
  });

  function newRoom(options: MediaOptions = {}): Room {
    const made = new Room({ url: "ws://server/v1/signal", room: "blue", displayName: "Ann", platform, ...options });
    seen = [];
    const note = <K extends keyof RoomEvents>(type: K, words: (payload: RoomEvents[K]) => string) =>
      made.on(type, (payload) => seen.push(words(payload)));
    note("state", ({ state, attempt }) => (attempt > 0 ? `${state} ${attempt}` : state));
    note("joined", ({ again }) => (again ? "joined again" : "joined event"));
    note("resumed", ({ attempts }) => `resumed after ${attempts}`);
    note("participantJoined", ({ displayName }) => `+${displayName}`);
    note("participantLeft", ({ participant, reason }) => `-${participant.displayName} ${reason}`);
    note("left", ({ error }) => `left: ${error?.code ?? "by us"}`);
    return made;
  }

  function connection(index = 0): FakePeerConnection {
    const found = platform.peerConnections[index];
    if (!found) throw new Error(`no peer connection ${index}`);
    return found;
  }

  const senderTrack = (mid: number, index = 0) => connection(index).transceivers[mid]?.sender.track;

  async function joined(): Promise<void> {
    await room.join();
    connection().become("connected");
    seen = [];
  }

  describe("joining", () => {
    it("shouldOfferSendSectionsFirstThenAudioThenVideoSlots", async () => {
      await room.join();
      expect(
        connection().transceivers.map(({ mid, kind, init }) => `${String(mid)} ${kind} ${String(init.direction)}`),
      ).toEqual([
        "0 audio sendonly",
        "1 video sendonly",
        "2 video sendonly",
        "3 audio sendonly",
        ...[4, 5, 6].map((mid) => `${mid} audio recvonly`),
        ...[7, 8, 9, 10, 11, 12, 13, 14, 15].map((mid) => `${mid} video recvonly`),
      ]);
    });

    it("shouldOfferFourVideoSlotsOnAMobile", async () => {
      platform.mobile = true;
      await newRoom().join();
      expect(connection().transceivers).toHaveLength(11);
      expect(server.of("join")[0]?.data["slots"]).toEqual({ audio: 3, video: 4 });
    });

    it.each([
      { wish: undefined, mobile: false, asked: { audio: 2, video: 6 } },
      { wish: undefined, mobile: true, asked: { audio: 2, video: 4 } },
      { wish: { audio: 1, video: 8 }, mobile: false, asked: { audio: 1, video: 8 } },
      { wish: { audio: 9, video: 25 }, mobile: true, asked: { audio: 5, video: 12 } },
    ])("shouldAskForTheServersSlotsWithinItsLimits: $wish, mobile $mobile", async ({ wish, mobile, asked }) => {
      platform.mobile = mobile;
      server.limits = { audioSlots: { initial: 2, most: 5 }, videoSlots: { initial: 6, most: 12 } };
      const options = wish === undefined ? {} : { slots: wish };
      const visit = new Room({ url: "ws://server/v1/signal", room: "blue", displayName: "Ann", platform, ...options });
      await visit.join();
      expect(server.of("join")[0]?.data["slots"]).toEqual(asked);
      expect(visit.slotCounts).toEqual(asked);
      expect(connection().transceivers).toHaveLength(4 + asked.audio + asked.video);
    });

    it("shouldOfferOnlyCodecsTheServerForwards", async () => {
      await room.join();
      const [audio, video] = connection().transceivers;
      expect(audio?.codecs.map(({ mimeType }) => mimeType)).toEqual(["audio/opus", "audio/red"]);
      expect(video?.codecs.map(({ mimeType }) => mimeType)).toEqual([
        "video/VP8",
        "video/VP9",
        "video/H264",
        "video/AV1",
        "video/rtx",
      ]);
    });

    it("shouldTellWhatIsPublishedFromTheStart", async () => {
      const microphone = new FakeTrack("audio");
      await room.publish("microphone", microphone.asTrack, { muted: true });
      await room.join();
      expect(server.of("join")[0]?.data).toMatchObject({
        room: "blue",
        displayName: "Ann",
        sdp: expect.stringMatching(/^offer with 16 sections\r\n/) as string,
        tracks: [{ mid: "0", source: "microphone", muted: true, label: "" }],
        slots: { audio: 3, video: 9 },
      });
      expect(senderTrack(0)).toBe(microphone);
      expect(microphone.enabled).toBe(false);
      expect(server.of("track.update")).toEqual([]);
    });

    it("shouldKnowTheOthersAndMapSlots", async () => {
      server.participants = [bob];
      await room.join();
      expect(room.participants.map(({ displayName }) => displayName)).toEqual(["Bob"]);
      server.emit("slots", {
        changes: [
          { mid: "7", state: "live", participantId: "pa_bob", trackId: "tr_b1", source: "camera", csrc: 2 },
          { mid: "99", state: "live" },
        ],
      });
      expect(room.slotOf("pa_bob", "camera")).toMatchObject({ mid: "7", state: "live" });
      server.emit("slots", { changes: [{ mid: "7", state: "empty", reason: "left" }] });
      expect(room.slotOf("pa_bob", "camera")).toBeUndefined();
    });

    it("shouldApplyEventsThatOvertakeTheReplyAfterIt", async () => {
      server.ignore.add("join");
      const join = room.join();
      await settle();
      server.emit("participant.joined", { participant: bob });
      expect(seen).toEqual(["joining"]);
      const id = server.of("join")[0]?.id;
      platform.sockets[0]?.deliver({
        type: "ok",
        id,
        data: { status: "joined", room: { id: "rm_1" }, self: { id: "pa_1" }, participants: [], sdp: "answer" },
      });
      await join;
      expect(seen).toEqual(["joining", "joined", "joined event", "+Bob"]);
    });

    it("shouldRejectWithTheServersReasonAndEnd", async () => {
      server.refuse.set("join", { code: "room_full", message: "full", retryable: true, retryAfterMs: 5000 });
      await expect(room.join()).rejects.toMatchObject({ code: "room_full", retryAfterMs: 5000 });
      expect(room.state).toBe("left");
      expect(connection().closed).toBe(true);
      await platform.clock.advance(60_000);
      expect(platform.sockets).toHaveLength(1);
      expect(platform.clock.pendingTimers).toBe(0);
    });

    it("shouldRejectWhenTheAnswerIsRefused", async () => {
      server.answer = "";
      await expect(room.join()).rejects.toMatchObject({ code: "media_failed" });
    });

    it.each(["ignore", "swallow"] as const)("shouldRepeatAJoinWhoseReplyWasLost: %s", async (how) => {
      server[how].add("join");
      const join = room.join();
      await settle();
      server[how].clear();
      server.drop(1006);
      await platform.clock.advance(0);
      await join;
      expect(server.requests.map(({ type }) => type)).toEqual(["hello", "join", "hello", "join"]);
      expect(new Set(server.of("join").map(({ id }) => id)).size).toBe(1);
      expect(server.carriedOut.get("join")).toBe(1);
      expect(room.state).toBe("joined");
      expect(platform.peerConnections).toHaveLength(1);
    });

    it("shouldLeaveFirstWhereTheServerDoesNotReplaceTheMedia", async () => {
      await joined();
      server.refuse.set("join", { code: "already_joined" });
      server.emit("server.notice", { kind: "info", action: "rejoin" });
      await settle();
      server.refuse.clear();
      await platform.clock.advance(0);
      expect(server.requests.slice(-3).map(({ type }) => type)).toEqual(["join", "leave", "join"]);
      expect(room.state).toBe("joined");
    });
  });

  it("shouldPreferTheWishedCodecsOnlyWhereItSends", async () => {
    room = newRoom({ codec: "av1", red: true });
    await joined();
    const first = connection().transceivers.map(({ codecs }) => codecs[0]?.mimeType);
    expect(first.slice(0, 4)).toEqual(["audio/red", "video/AV1", "video/AV1", "audio/red"]);
    expect(new Set(first.slice(4))).toEqual(new Set(["audio/opus", "video/VP8"]));
  });

  it("shouldAskForDtxInTheAnswer", async () => {
    server.answer = "v=0\r\nm=audio 9 X 111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1\r\n";
    room = newRoom({ dtx: true });
    await joined();
    expect(connection().remoteDescription?.sdp).toContain("a=fmtp:111 useinbandfec=1;usedtx=1\r\n");
  });

  describe("the others", () => {
    beforeEach(joined);

    it("shouldFollowTheirComingAndGoing", () => {
      server.emit("participant.joined", { participant: { ...bob, tracks: [] } });
      server.emit("participant.joined", { participant: { ...bob, tracks: [] } });
      server.emit("participant.left", { participantId: "pa_bob", reason: "timeout" });
      server.emit("participant.left", { participantId: "pa_bob", reason: "timeout" });
      expect(seen).toEqual(["+Bob", "-Bob timeout"]);
    });

    it("shouldFollowTheirTracks", () => {
      server.emit("participant.joined", { participant: { ...bob, tracks: [] } });
      server.emit("track.published", {
        participantId: "pa_bob",
        track: { trackId: "tr_1", source: "microphone", kind: "audio", muted: false, label: "" },
      });
      server.emit("track.muted", { participantId: "pa_bob", trackId: "tr_1", muted: true });
      expect(room.participants[0]?.tracks).toMatchObject([{ source: "microphone", muted: true }]);
      server.emit("track.unpublished", { participantId: "pa_bob", trackId: "tr_1" });
      server.emit("track.muted", { participantId: "pa_nobody", trackId: "tr_1", muted: true });
      expect(room.participants[0]?.tracks).toEqual([]);
    });

    it("shouldNotTakeItselfForAnother", () => {
      server.emit("participant.updated", { participant: { id: "pa_self1", csrc: 1, displayName: "Ann" } });
      expect(room.participants).toEqual([]);
    });
  });

  describe("the view", () => {
    const wish = { layout: "grid", video: [], defaultHeight: 180, maxVideo: 9, audio: "auto" } as const;
    beforeEach(joined);

    it("shouldNotBeSentUnlessWished", async () => {
      await platform.clock.advance(5000);
      expect(server.of("view")).toEqual([]);
    });

    it("shouldBeSentOnceForAFlurryOfChanges", async () => {
      for (const defaultHeight of [180, 270, 360]) {
        room.view({ ...wish, video: [], defaultHeight });
        await platform.clock.advance(100);
      }
      await platform.clock.advance(149);
      expect(server.of("view")).toEqual([]);
      await platform.clock.advance(1);
      expect(server.of("view").map(({ data }) => data["defaultHeight"])).toEqual([360]);
    });

    it("shouldBeSentAtOnceWhenTold", () => {
      room.view({ ...wish, video: [], maxVideo: 0 }, { atOnce: true });
      return settle().then(() => expect(server.of("view")).toHaveLength(1));
    });

    it("shouldNotBeSentForSizesThatHardlyDiffer", async () => {
      const bobs = (height: number, pinned = false) => ({
        ...wish,
        video: [{ participantId: "pa_bob", source: "camera" as const, width: 2 * height, height, priority: 0, pinned }],
      });
      for (const height of [300, 320, 328, 335, 330]) {
        room.view(bobs(height));
        await platform.clock.advance(250);
      }
      room.view(bobs(330, true));
      await platform.clock.advance(250);
      // 328 is within a tenth of the 300 that the server knows, 335 is not.
      expect(server.of("view").map(({ data }) => (data["video"] as { height: number }[])[0]?.height)).toEqual([
        300, 335, 330,
      ]);
    });

    it("shouldBeSentAgainAfterARefusalAndAfterAReconnection", async () => {
      server.refuse.set("view", { code: "rate_limited" });
      room.view({ ...wish, video: [] });
      await platform.clock.advance(250);
      server.refuse.clear();
      room.view({ ...wish, video: [] });
      await platform.clock.advance(250);
      expect(server.of("view")).toHaveLength(2);
      server.drop(1006);
      await platform.clock.advance(0);
      expect(server.of("view")).toHaveLength(3);
    });

    it("shouldSurviveARefusal", async () => {
      server.refuse.set("view", { code: "unknown_type" });
      room.view({ ...wish, video: [] });
      await platform.clock.advance(250);
      expect(room.state).toBe("joined");
    });
  });

  describe("recovering", () => {
    beforeEach(async () => {
      server.participants = [bob];
      await room.publish("camera", new FakeTrack("video").asTrack);
      await joined();
    });

    it("shouldKeepMediaWhenOnlySignallingIsLost", async () => {
      server.drop(1006);
      await platform.clock.advance(0);
      expect(seen).toEqual(["reconnecting 1", "joined", "resumed after 1"]);
      expect(room.diagnostics()).toMatchObject({ offersCreated: 1, peerConnectionsClosed: 0, rejoins: 0 });
    });

    it("shouldJoinAgainWhenTheSessionIsGone", async () => {
      server.forgetSession();
      server.participants = [];
      server.drop(1012);
      await platform.clock.advance(0);
      expect(seen).toEqual(["reconnecting 1", "joined", "joined again"]);
      expect(connection(0).closed).toBe(true);
      expect(senderTrack(1, 1)).not.toBeNull();
      expect(server.of("join")[1]?.data["tracks"]).toMatchObject([{ mid: "1", source: "camera" }]);
      expect(room.participants).toEqual([]);
      expect(room.diagnostics()).toMatchObject({ offersCreated: 2, peerConnectionsCreated: 2, rejoins: 1 });
      expect(server.of("leave")).toEqual([]);
    });

    it("shouldSayThatMediaDidNotConnectInTime", async () => {
      const late = newRoom();
      const errors: (string | undefined)[] = [];
      late.on("media", ({ error }) => errors.push(error?.code));
      await late.join();
      await platform.clock.advance(14_999);
      expect(errors).toEqual([]);
      await platform.clock.advance(1);
      expect(errors).toEqual(["media_timeout"]);
    });

    it("shouldEndWhenTheServerCannotBeReachedAnyMore", async () => {
      server.reachable = false;
      server.drop(1006);
      await platform.clock.advance(60_000);
      expect(seen.at(-1)).toBe("left: connection_lost");
      expect(room.publications[0]?.track.readyState).toBe("ended");
    });

    it("shouldEndWhenAModeratorRemovesUs", async () => {
      server.drop(4012);
      await settle();
      expect(seen).toEqual(["left", "left: kicked"]);
    });
  });

  describe("leaving", () => {
    it("shouldSayByeCloseEverythingAndStopTheTracks", async () => {
      const camera = new FakeTrack("video");
      await room.publish("camera", camera.asTrack);
      await joined();
      room.leave();
      room.leave();
      await settle();
      expect(server.requests.at(-1)?.type).toBe("bye");
      expect(connection().closed).toBe(true);
      expect(camera.readyState).toBe("ended");
      expect(seen).toEqual(["left", "left: by us"]);
      expect(platform.clock.pendingTimers).toBe(0);
    });

    it("shouldRejectAJoinThatIsUnderWay", async () => {
      server.ignore.add("join");
      const outcome = room.join().catch((thrown: unknown) => SfuError.from(thrown).code);
      await settle();
      room.leave();
      expect(await outcome).toBe("left");
    });

    it("shouldRefuseToPublishAfterwards", async () => {
      room.leave();
      await expect(room.publish("camera", new FakeTrack("video").asTrack)).rejects.toMatchObject({ code: "left" });
    });
  });

  it("shouldReportTheSelectedCandidatePairWithoutAddresses", async () => {
    await joined();
    connection().stats = [
      { id: "T", type: "transport", selectedCandidatePairId: "P" },
      { id: "P", type: "candidate-pair", localCandidateId: "L", remoteCandidateId: "R", currentRoundTripTime: 0.02 },
      { id: "L", type: "local-candidate", candidateType: "prflx", protocol: "udp", address: "10.0.0.7" },
      { id: "R", type: "remote-candidate", candidateType: "host", protocol: "udp", address: "10.0.0.1" },
    ];
    expect(await room.selectedCandidatePair()).toEqual({
      path: "udp",
      localType: "prflx",
      remoteType: "host",
      rttMs: 20,
    });
  });

  it("shouldTellWhatTheBrowserMeasured", async () => {
    await joined();
    await room.publish("camera", new FakeTrack("video", { width: 1280, height: 720 }).asTrack);
    server.emit("slots", { changes: [{ mid: "7", state: "live", participantId: "pa_bob", source: "camera" }] });
    const lastSlot = connection().transceivers[15];
    connection().stats = [
      { id: "C", type: "codec", mimeType: "video/VP8" },
      { id: "T", type: "transport", selectedCandidatePairId: "P" },
      { id: "P", type: "candidate-pair", availableOutgoingBitrate: 900_000, currentRoundTripTime: 0.02 },
      {
        id: "I7",
        type: "inbound-rtp",
        mid: "7",
        codecId: "C",
        framesDecoded: 120,
        framesPerSecond: 24,
        freezeCount: 1,
        totalFreezesDuration: 0.5,
        frameWidth: 640,
        frameHeight: 360,
        packetsLost: 3,
        retransmittedPacketsReceived: 2,
        jitterBufferDelay: 4.5,
        jitterBufferEmittedCount: 90,
      },
      { id: "I15", type: "inbound-rtp", trackIdentifier: lastSlot?.receiver.track.id, framesDecoded: 5 },
      {
        id: "Oq",
        type: "outbound-rtp",
        mid: "1",
        rid: "q",
        codecId: "C",
        active: true,
        bytesSent: 1000,
        framesPerSecond: 30,
        qualityLimitationReason: "cpu",
        scalabilityMode: "L1T3",
      },
      { id: "Of", type: "outbound-rtp", mid: "1", rid: "f", active: false, bytesSent: 0 },
    ];
    const { slots, encodings, availableOutgoingBps, rttMs } = await room.stats();
    expect(slots).toHaveLength(12);
    expect(slots.find(({ mid }) => mid === "7")).toMatchObject({
      participantId: "pa_bob",
      state: "live",
      codec: "video/VP8",
      framesDecoded: 120,
      fps: 24,
      freezeCount: 1,
      totalFreezesDurationSec: 0.5,
      width: 640,
      height: 360,
      packetsLost: 3,
      retransmittedPackets: 2,
      jitterBufferDelaySec: 4.5,
      jitterBufferEmittedCount: 90,
    });
    // Firefox names the track and not the section.
    expect(slots.find(({ mid }) => mid === "15")).toMatchObject({ state: "empty", framesDecoded: 5 });
    expect(slots.find(({ mid }) => mid === "8")).toMatchObject({ bytes: 0, codec: "" });
    expect(encodings).toMatchObject([
      { source: "camera", rid: "q", active: true, bytes: 1000, fps: 30, qualityLimitationReason: "cpu" },
      { source: "camera", rid: "f", active: false, bytes: 0 },
    ]);
    expect({ availableOutgoingBps, rttMs }).toEqual({ availableOutgoingBps: 900_000, rttMs: 20 });
  });

  it("shouldHaveMeasuredNothingBeforeTheJoin", async () => {
    expect(await room.stats()).toEqual({
      slots: [],
      encodings: [],
      availableOutgoingBps: undefined,
      rttMs: undefined,
    });
  });
});
