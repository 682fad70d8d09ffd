import { beforeEach, describe, expect, it } from "vitest";
import { FakeTrack, type FakeSender } from "./testing/fake-peer-connection.js";
import { settle } from "./testing/fake-platform.js";
import { Visit } from "./testing/visit.js";

describe("What a room sends", () => {
  let visit: Visit;

  beforeEach(() => {
    visit = new Visit({
      state: ({ state, attempt }) => (attempt > 0 ? `${state} ${attempt}` : state),
      resumed: ({ attempts }) => `resumed after ${attempts}`,
    });
  });

  function sender(mid: number, index = 0): FakeSender {
    const found = visit.connection(index).transceivers[mid]?.sender;
    if (!found) throw new Error(`no section ${mid}`);
    return found;
  }

  /** Such as "q/4": rid and scale of each encoding that is sent. */
  const sent = (mid: number, index = 0) =>
    sender(mid, index)
      .encodings.filter(({ active }) => active)
      .map(({ rid, scaleResolutionDownBy }) => `${rid ?? "-"}/${String(scaleResolutionDownBy)}`);

  const senderTrack = (mid: number, index = 0) => visit.connection(index).transceivers[mid]?.sender.track;

  describe("publishing", () => {
    beforeEach(() => visit.joined());

    it("shouldShareAScreenWithoutAnotherOffer", async () => {
      const screen = new FakeTrack("video", { width: 1920, height: 1080 });
      await visit.room.publish("screen", screen.asTrack);
      expect(senderTrack(2)).toBe(screen);
      expect(visit.server.of("track.update")[0]?.data).toEqual({
        mid: "2",
        active: true,
        muted: false,
        source: "screen",
        label: "",
        width: 1920,
        height: 1080,
      });
      expect(visit.connection().offers).toBe(1);
      expect(visit.room.diagnostics()).toMatchObject({ offersCreated: 1, peerConnectionsCreated: 1 });
    });

    it("shouldMuteWithoutUnpublishing", async () => {
      const microphone = new FakeTrack("audio");
      await visit.room.publish("microphone", microphone.asTrack);
      await visit.room.mute("microphone", true);
      await visit.room.mute("microphone", true);
      expect(microphone.enabled).toBe(false);
      expect(senderTrack(0)).toBe(microphone);
      expect(visit.server.of("track.update").map(({ data }) => [data["active"], data["muted"]])).toEqual([
        [true, false],
        [true, true],
      ]);
    });

    it("shouldUnpublishAndStopTheTrack", async () => {
      const camera = new FakeTrack("video");
      await visit.room.publish("camera", camera.asTrack);
      await visit.room.unpublish("camera");
      expect(senderTrack(1)).toBeNull();
      expect(camera.readyState).toBe("ended");
      expect(visit.server.of("track.update").at(-1)?.data).toMatchObject({ mid: "1", active: false });
    });

    it("shouldUnpublishATrackThatEndsByItself", async () => {
      const screen = new FakeTrack("video");
      await visit.room.publish("screen", screen.asTrack);
      const ended: boolean[] = [];
      visit.room.on("local", (event) => ended.push(event.ended));
      screen.endByItself();
      await settle();
      expect(ended).toEqual([true]);
      expect(visit.server.of("track.update").at(-1)?.data).toMatchObject({ mid: "2", active: false });
    });

    it("shouldTakeBackWhatTheServerRefuses", async () => {
      visit.server.refuse.set("track.update", { code: "forbidden", message: "viewers do not publish" });
      const camera = new FakeTrack("video");
      await expect(visit.room.publish("camera", camera.asTrack)).rejects.toMatchObject({ code: "forbidden" });
      expect(visit.room.publication("camera")).toBeUndefined();
      expect(senderTrack(1)).toBeNull();
      expect(camera.readyState).toBe("ended");
    });

    it("shouldSendOnlyTheLastOfManyChanges", async () => {
      const microphone = new FakeTrack("audio");
      await visit.room.publish("microphone", microphone.asTrack);
      await Promise.all([true, false, true].map((muted) => visit.room.mute("microphone", muted)));
      const updates = visit.server.of("track.update").map(({ data }) => data["muted"]);
      expect(updates.at(-1)).toBe(true);
      expect(updates.length).toBeLessThanOrEqual(3);
    });

    it("shouldTellWhatChangedWhileTheConnectionWasDown", async () => {
      const microphone = new FakeTrack("audio");
      await visit.room.publish("microphone", microphone.asTrack);
      visit.server.drop(1006);
      await visit.room.mute("microphone", true);
      await visit.platform.clock.advance(0);
      expect(visit.seen).toEqual(["reconnecting 1", "joined", "resumed after 1"]);
      expect(visit.server.of("track.update").at(-1)?.data).toMatchObject({ mid: "0", active: true, muted: true });
      expect(visit.connection().offers).toBe(1);
    });

    it("shouldTellAgainAnUpdateWhoseReplyWasLost", async () => {
      visit.server.ignore.add("track.update");
      const published = visit.room.publish("camera", new FakeTrack("video").asTrack);
      await settle();
      visit.server.ignore.clear();
      visit.server.drop(1006);
      await published;
      await visit.platform.clock.advance(0);
      expect(visit.server.of("track.update")).toHaveLength(2);
    });
  });

  describe("the layers of a picture", () => {
    const camera = (width = 1280, height = 720) => new FakeTrack("video", { width, height });
    const modes = (mid: number) =>
      visit
        .connection()
        .transceivers[mid]?.init.sendEncodings?.map(
          (encoding) => (encoding as { scalabilityMode?: string }).scalabilityMode,
        );

    it("shouldBeThreeOfACameraAndTwoOfAScreen", async () => {
      await visit.joined();
      await visit.room.publish("camera", camera().asTrack);
      await visit.room.publish("screen", camera(1920, 1080).asTrack);
      expect(sent(1)).toEqual(["q/4", "h/2", "f/1"]);
      expect(sender(1).encodings.map(({ maxBitrate }) => maxBitrate)).toEqual([150_000, 500_000, 2_500_000]);
      expect(sent(2)).toEqual(["q/2", "f/1"]);
      expect(sender(2).encodings.map(({ maxFramerate }) => maxFramerate)).toEqual([5, 15]);
      expect(modes(1)).toEqual(["L1T3", "L1T3", "L1T3"]);
      expect(visit.connection().offers).toBe(1);
    });

    it("shouldBeFewerForASmallPictureWhichKeepsItsSize", async () => {
      await visit.joined();
      await visit.room.publish("camera", camera(640, 360).asTrack);
      expect(sent(1)).toEqual(["q/2", "h/1"]);
      await visit.room.publish("camera", camera(320, 180).asTrack);
      expect(sent(1)).toEqual(["q/1"]);
    });

    it("shouldNotBeStoppedInTheOfferItself", async () => {
      await visit.room.publish("camera", camera(320, 180).asTrack);
      visit.server.ignore.add("join");
      void visit.room.join();
      await settle();
      expect(sender(1).changes).toEqual([]);
      expect(sent(1)).toEqual(["q/4", "h/2", "f/1"]);
    });

    it("shouldFollowASizeThatChangesWithoutAnyEvent", async () => {
      await visit.joined();
      const window = camera(400, 300);
      await visit.room.publish("screen", window.asTrack);
      expect(sent(2)).toEqual(["q/1"]);
      window.settings = { width: 1600, height: 900 };
      await visit.platform.clock.advance(3000);
      expect(sent(2)).toEqual(["q/2", "f/1"]);
      const changes = sender(2).changes.length;
      await visit.platform.clock.advance(9000);
      expect(sender(2).changes).toHaveLength(changes);
    });

    it("shouldBeOneWhenTheAnswerLeavesOutSimulcast", async () => {
      visit.platform.media.acceptsSimulcast = false;
      await visit.room.publish("camera", camera().asTrack);
      await visit.joined();
      expect(sent(1)).toEqual(["q/1"]);
      expect(sender(1).encodings[0]?.maxBitrate).toBe(2_500_000);
    });

    it("shouldStopWhatNobodyWatches", async () => {
      await visit.joined();
      await visit.room.publish("camera", camera().asTrack);
      for (const [active, expected] of [
        [["q"], ["q/4"]],
        [
          ["q", "f"],
          ["q/4", "f/1"],
        ],
        [[], []],
        [["x", "h"], ["h/2"]],
        [["x"], ["q/4", "h/2", "f/1"]],
      ] as const) {
        visit.server.emit("layers", { mid: "1", active: [...active] });
        await settle();
        expect(sent(1)).toEqual(expected);
      }
      visit.server.emit("layers", { mid: "0", active: [] });
      visit.server.emit("layers", { mid: "99", active: [] });
      await settle();
      expect(visit.room.state).toBe("joined");
    });

    it("shouldSendTheLargestThereIsToWhoeverWantsMore", async () => {
      await visit.joined();
      await visit.room.publish("camera", camera(640, 360).asTrack);
      visit.server.emit("layers", { mid: "1", active: ["f"] });
      await settle();
      expect(sent(1)).toEqual(["h/1"]);
    });

    it("shouldSetOneChangeAfterTheOther", async () => {
      await visit.joined();
      const published = visit.room.publish("camera", camera(640, 360).asTrack);
      for (const active of [["q"], [], ["q", "h", "f"], ["h"]]) visit.server.emit("layers", { mid: "1", active });
      await published;
      await settle();
      expect(sent(1)).toEqual(["h/1"]);
      expect(sender(1).changes.length).toBeGreaterThan(0);
    });

    it("shouldStopAndStartAnUndividedStreamAsAWhole", async () => {
      visit.room = visit.newRoom({ codec: "vp9" });
      await visit.joined();
      await visit.room.publish("camera", camera().asTrack);
      expect(modes(1)).toEqual(["L3T3_KEY"]);
      expect(modes(2)).toEqual(["L1T3"]);
      for (const [active, expected] of [
        [[], []],
        [["0"], ["-/1"]],
        [["q"], ["-/1"]],
      ] as const) {
        visit.server.emit("layers", { mid: "1", active: [...active] });
        await settle();
        expect(sent(1)).toEqual(expected);
      }
    });

    it("shouldAllBeSentAgainAfterARejoinAndForANewPicture", async () => {
      await visit.joined();
      await visit.room.publish("camera", camera().asTrack);
      visit.server.emit("layers", { mid: "1", active: [] });
      await settle();
      await visit.room.unpublish("camera");
      await visit.room.publish("camera", camera().asTrack);
      expect(sent(1)).toEqual(["q/4", "h/2", "f/1"]);
      visit.server.emit("layers", { mid: "1", active: ["q"] });
      visit.server.forgetSession();
      visit.server.drop(1012);
      await visit.platform.clock.advance(0);
      expect(sent(1, 1)).toEqual(["q/4", "h/2", "f/1"]);
    });

    it("shouldStayAsTheyAreOverAResume", async () => {
      await visit.joined();
      await visit.room.publish("camera", camera().asTrack);
      visit.server.emit("layers", { mid: "1", active: ["q"] });
      visit.server.drop(1006);
      visit.server.emit("layers", { mid: "1", active: ["q", "h"] });
      await visit.platform.clock.advance(0);
      await settle();
      expect(visit.room.diagnostics()).toMatchObject({ offersCreated: 1, state: "joined" });
      expect(sent(1)).toEqual(["q/4", "h/2"]);
    });

    it("shouldSurviveABrowserThatRefuses", async () => {
      await visit.joined();
      sender(1).refuses = true;
      await visit.room.publish("camera", camera(320, 180).asTrack);
      expect(senderTrack(1)).not.toBeNull();
      sender(1).refuses = false;
      visit.server.emit("layers", { mid: "1", active: ["q"] });
      await settle();
      expect(sent(1)).toEqual(["q/1"]);
    });

    it("shouldDoWithoutScalabilityModesWhereTheBrowserHasNone", async () => {
      visit.platform.media.scalabilityModes = false;
      await visit.joined();
      expect(modes(1)).toEqual([undefined, undefined, undefined]);
      expect(
        visit
          .connection()
          .transceivers.map(({ init }) => init.direction)
          .slice(0, 5),
      ).toEqual(["sendonly", "sendonly", "sendonly", "sendonly", "recvonly"]);
    });

    it("shouldBeRefusedWhereTheCodecHasNone", () => {
      expect(() => visit.newRoom({ layers: "L3T3" })).toThrow(RangeError);
      expect(() => visit.newRoom({ codec: "h264", layers: "L3T3_KEY" })).toThrow("vp9 or av1, not h264");
    });
  });
});
