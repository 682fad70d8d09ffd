import { beforeEach, describe, expect, it } from "vitest";
import type { TimerInfo } from "./protocol.js";
import { settle } from "./testing/fake-platform.js";
import { FakeTrack } from "./testing/fake-peer-connection.js";
import { Visit } from "./testing/visit.js";

describe("In the room", () => {
  let visit: Visit;

  beforeEach(async () => {
    visit = new Visit({
      room: ({ locked }) => `locked ${String(locked)}`,
      self: ({ role }) => `now ${role}`,
      queue: (tickets) => tickets.map(({ displayName }) => displayName).join(),
      data: ({ from, topic, payload }) => `${from} ${String(topic)} ${JSON.stringify(payload)}`,
      reaction: ({ participantId, emoji }) => `${participantId} ${emoji}`,
      local: ({ source, mutedByOther }) => `${source}${mutedByOther ? " by other" : ""}`,
      quality: (updates) => updates.map(({ participantId, level }) => `${participantId} ${level}`).join(),
      timeAsked: ({ participantId, sec }) => `${participantId} wants ${sec} s`,
      timerWarning: ({ remainingSec }) => `${remainingSec} s left`,
      timerEnded: ({ action }) => `then ${action}`,
    });
    visit.server.permissions = ["publish", "moderate"];
    visit.server.ownTracks = [{ trackId: "tr_mic", source: "microphone", kind: "audio", muted: false }];
    await visit.room.publish("microphone", new FakeTrack("audio").asTrack);
    await visit.joined();
    visit.requests();
  });

  const running = (more: Partial<TimerInfo> = {}): TimerInfo => ({
    state: "running",
    remainingMs: 60_000,
    serverTimeMs: visit.platform.clock.nowMs() + 500,
    ...more,
  });

  it("shouldKnowHowGoodConnectionsAre", () => {
    expect(visit.room.qualityOf("pa_bob")).toBeUndefined();
    visit.server.emit("quality", { updates: [{ participantId: "pa_bob", level: 3 }] });
    expect(visit.room.qualityOf("pa_bob")).toBe(3);
    expect(visit.seen).toEqual(["pa_bob 3"]);
    visit.server.emit("participant.left", { participantId: "pa_bob", reason: "left" });
    expect(visit.room.qualityOf("pa_bob")).toBeUndefined();
  });

  it("shouldAskForTimeAndHearOfIt", async () => {
    await visit.room.askForTime(300, "one more question");
    expect(visit.server.of("timer.ask")[0]?.data).toEqual({ sec: 300, text: "one more question" });
    visit.server.emit("timer.asked", { participantId: "pa_bob", sec: 60 });
    expect(visit.seen).toEqual(["pa_bob wants 60 s"]);
  });

  describe("the timer", () => {
    it("shouldNotBeThereWithoutOne", () => {
      expect(visit.room.timer).toBeUndefined();
    });

    it("shouldTickByItselfAndStopAtZero", async () => {
      visit.server.emit("timer.state", running());
      await visit.platform.clock.advance(59_000);
      expect(visit.room.timer).toEqual({ state: "running", remainingMs: 1000, extendedSec: 0 });
      await visit.platform.clock.advance(5_000);
      expect(visit.room.timer?.remainingMs).toBe(0);
    });

    it("shouldStandStillWhilePaused", async () => {
      visit.server.emit("timer.state", running({ state: "paused", extendedSec: 60 }));
      await visit.platform.clock.advance(20_000);
      expect(visit.room.timer).toEqual({ state: "paused", remainingMs: 60_000, extendedSec: 60 });
    });

    it("shouldCountTheTimeThatAMessageWasOnItsWay", async () => {
      await visit.platform.clock.advance(10_000);
      // The pings have told an offset of 500 ms, so this was written 2 s ago.
      visit.server.emit("timer.state", running({ serverTimeMs: visit.platform.clock.nowMs() - 1500 }));
      expect(visit.room.timer?.remainingMs).toBe(58_000);
    });

    it("shouldComeWithTheJoinAndTellItsWarningsAndEnd", async () => {
      visit.server.timer = running();
      await visit.room.switchTo("red");
      expect(visit.room.timer?.state).toBe("running");
      visit.server.emit("timer.warning", { remainingSec: 10 });
      visit.server.emit("timer.ended", { action: "end" });
      expect(visit.seen.slice(-2)).toEqual(["10 s left", "then end"]);
    });
  });

  it("shouldFollowTheLockAndOnesOwnRole", () => {
    expect(visit.room.moderates).toBe(true);
    visit.server.emit("room.updated", { locked: true });
    visit.server.emit("participant.updated", {
      participant: { id: "pa_self1", csrc: 1, displayName: "Anna", role: "host" },
    });
    expect(visit.seen).toEqual(["locked true", "now host"]);
    expect(visit.room).toMatchObject({ locked: true, displayName: "Anna", participants: [] });
  });

  it("shouldKnowWhoWaits", () => {
    visit.server.emit("queue.list", { tickets: [{ ticketId: "qt_1", state: "waiting", displayName: "Eve" }] });
    expect(visit.seen).toEqual(["Eve"]);
    expect(visit.room.queue).toHaveLength(1);
  });

  it("shouldMuteItselfWhenAModeratorMutedIt", async () => {
    visit.server.emit("track.muted", { participantId: "pa_self1", trackId: "tr_mic", muted: true });
    visit.server.emit("track.muted", { participantId: "pa_self1", trackId: "tr_other", muted: true });
    await settle();
    expect(visit.seen).toEqual(["microphone by other"]);
    expect(visit.room.publication("microphone")).toMatchObject({ muted: true, track: { enabled: false } });
    visit.server.emit("track.muted", { participantId: "pa_self1", trackId: "tr_mic", muted: false });
    expect(visit.room.publication("microphone")?.muted).toBe(true);
    await visit.room.mute("microphone", false);
    expect(visit.room.publication("microphone")?.muted).toBe(false);
  });

  it("shouldLearnTheIdsOfTracksPublishedLater", async () => {
    await visit.room.publish("camera", new FakeTrack("video").asTrack);
    visit.server.emit("track.muted", { participantId: "pa_self1", trackId: "tr_1", muted: true });
    expect(visit.room.publication("camera")?.muted).toBe(true);
  });

  it("shouldExchangeDataAndReactions", async () => {
    await visit.room.sendData({ x: 1 }, { to: "pa_bob", topic: "game" });
    await visit.room.react("👍");
    visit.server.emit("data.message", { from: "pa_bob", topic: "game", payload: [2] });
    visit.server.emit("data.message", { from: "pa_bob", topic: "reaction", payload: { emoji: "🎉" } });
    visit.server.emit("data.message", { from: "pa_bob", topic: "reaction", payload: "nonsense" });
    expect(visit.server.of("data.send").map(({ data }) => data)).toEqual([
      { payload: { x: 1 }, to: "pa_bob", topic: "game" },
      { payload: { emoji: "👍" }, topic: "reaction" },
    ]);
    expect(visit.seen).toEqual(["pa_self1 👍", "pa_bob game [2]", "pa_bob 🎉"]);
  });

  it("shouldRaiseAndLowerTheHandAndKeepTheOtherAttributes", async () => {
    await visit.room.update({ attributes: { team: "red" } });
    await visit.room.raiseHand(true);
    await visit.room.raiseHand(false);
    const sent = visit.server.of("participant.update").map(({ data }) => data["attributes"] as { hand?: string });
    expect(sent[1]).toEqual({ team: "red", hand: String(visit.platform.clock.nowMs()) });
    expect(sent[2]).toEqual({ team: "red", hand: "" });
  });

  it("shouldAskAsTheContractSays", async () => {
    const { moderation } = visit.room;
    await moderation.mute("pa_1", "microphone");
    await moderation.mute("pa_1");
    await moderation.muteAll();
    await moderation.kick("pa_1", { banSec: 60, reason: "r" });
    await moderation.lock(true);
    await moderation.role("pa_1", "moderator");
    await moderation.end("done");
    await moderation.admit({ ticketId: "qt_1" });
    await moderation.admit({ count: 2 });
    await moderation.deny("qt_1", "no");
    await moderation.hold("qt_1", true);
    await moderation.priority("qt_1", 9);
    await moderation.toQueue("pa_1", true);
    await moderation.extendTimer(60);
    await moderation.setTimer(600);
    await moderation.startTimer();
    await moderation.pauseTimer(true);
    expect(visit.server.requests.map(({ type, data }) => `${type} ${JSON.stringify(data)}`)).toEqual([
      'mod.mute {"participantId":"pa_1","source":"microphone"}',
      'mod.mute {"participantId":"pa_1"}',
      "mod.muteAll {}",
      'mod.kick {"participantId":"pa_1","banSec":60,"reason":"r"}',
      'mod.lock {"locked":true}',
      'mod.role {"participantId":"pa_1","role":"moderator"}',
      'mod.end {"reason":"done"}',
      'mod.admit {"ticketId":"qt_1"}',
      'mod.admit {"count":2}',
      'mod.deny {"ticketId":"qt_1","text":"no"}',
      'mod.hold {"ticketId":"qt_1","held":true}',
      'mod.priority {"ticketId":"qt_1","priority":9}',
      'mod.toQueue {"participantId":"pa_1","head":true}',
      'timer.extend {"sec":60}',
      'timer.set {"durationSec":600}',
      "timer.start {}",
      'timer.pause {"paused":true}',
    ]);
  });
});
