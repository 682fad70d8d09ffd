import { beforeEach, describe, expect, it } from "vitest";
import { SfuError } from "./errors.js";
import { settle } from "./testing/fake-platform.js";
import { FakeTrack } from "./testing/fake-peer-connection.js";
import { Visit } from "./testing/visit.js";

const code = (thrown: unknown) => SfuError.from(thrown).code;

describe("Resume", () => {
  let visit: Visit;

  beforeEach(async () => {
    visit = new Visit({
      state: ({ state, attempt }) => (attempt > 0 ? `${state} ${attempt}` : state),
      joined: ({ again }) => (again ? "joined again" : "joined event"),
      resumed: () => "resumed",
      participantJoined: ({ displayName }) => `+${displayName}`,
      token: (token) => token,
    });
    await visit.joined();
    visit.requests();
  });

  const come = (id: string) =>
    visit.server.emit("participant.joined", { participant: { id, csrc: 2, displayName: id } });

  it("shouldMissNothingAndSeeNothingTwice", async () => {
    come("pa_1");
    visit.server.drop(1006);
    for (const id of ["pa_2", "pa_3"]) come(id);
    await visit.platform.clock.advance(0);
    come("pa_4");
    expect(visit.seen).toEqual(["+pa_1", "reconnecting 1", "joined", "resumed", "+pa_2", "+pa_3", "+pa_4"]);
    expect(visit.room.diagnostics()).toMatchObject({ lastSeq: 4, eventsMissed: 0, eventsRepeated: 0 });
  });

  it("shouldCountWhatAFaultyServerSkipsOrRepeats", () => {
    const socket = visit.platform.sockets[0];
    for (const seq of [1, 1, 4]) socket?.deliver({ type: "speakers", seq, data: { list: [] } });
    expect(visit.room.metrics).toMatchObject({ eventsMissed: 2, eventsRepeated: 1 });
  });

  it("shouldRepeatARequestUnderItsIdAndHaveItCarriedOutOnce", async () => {
    visit.server.swallow.add("mod.kick");
    const kicked = visit.room.moderation.kick("pa_1", { banSec: 60 });
    await settle();
    visit.server.swallow.clear();
    visit.server.drop(1006);
    await visit.platform.clock.advance(0);
    await kicked;
    const requests = visit.server.of("mod.kick");
    expect(requests.map(({ data }) => data)).toEqual([
      { participantId: "pa_1", banSec: 60 },
      { participantId: "pa_1", banSec: 60 },
    ]);
    expect(requests[0]?.id).toBe(requests[1]?.id);
    expect(visit.server.carriedOut.get("mod.kick")).toBe(1);
  });

  it("shouldSendAfterTheResumeWhatWasAskedMeanwhile", async () => {
    visit.server.drop(1006);
    const locked = visit.room.moderation.lock(true);
    await visit.platform.clock.advance(0);
    await locked;
    expect(visit.requests()).toEqual(["hello", "mod.lock"]);
  });

  it.each([
    ["data.send", () => visit.room.sendData("x")],
    ["timer.extend", () => visit.room.moderation.extendTimer(60)],
    ["mod.admit", () => visit.room.moderation.admit({ next: true })],
  ])("shouldNotRepeatWhatMayHaveHappened: %s", async (type, ask) => {
    visit.server.swallow.add(type);
    const asked = ask();
    await settle();
    visit.server.drop(1006);
    await expect(asked).rejects.toMatchObject({ code: "connection_lost", retryable: true });
    await visit.platform.clock.advance(0);
    expect(visit.server.of(type)).toHaveLength(1);
  });

  it("shouldGiveUpRepeatableRequestsWithTheSession", async () => {
    visit.server.ignore.add("mod.lock");
    const locked = visit.room.moderation.lock(true).catch(code);
    await settle();
    visit.server.forgetSession();
    visit.server.drop(4010);
    await visit.platform.clock.advance(0);
    expect(await locked).toBe("connection_lost");
    expect(visit.seen.at(-1)).toBe("joined again");
  });

  it("shouldRejectWhatWaitsWhenTheVisitEnds", async () => {
    visit.server.reachable = false;
    visit.server.drop(1006);
    const locked = visit.room.moderation.lock(true).catch(code);
    await visit.platform.clock.advance(60_000);
    expect(await locked).toBe("connection_lost");
    expect(visit.platform.clock.pendingTimers).toBe(0);
  });

  it.each([
    ["the session is gone", 1012],
    ["the server says so", 4010],
  ])("shouldJoinWithANewConnectionWhen %s", async (_, closeCode) => {
    visit.server.forgetSession();
    visit.server.drop(closeCode);
    await visit.platform.clock.advance(0);
    expect(visit.requests().filter((type) => type !== "hello")).toEqual(["join"]);
    expect(visit.connection(0).closed).toBe(true);
    expect(visit.room.state).toBe("joined");
  });

  it("shouldComeBackToItsPlaceAfterAReload", async () => {
    come("pa_1");
    visit.server.emit("token.refresh", { token: "fresh" });
    const camera = new FakeTrack("video");
    await visit.room.publish("camera", camera.asTrack);
    const resume = visit.room.suspend();
    expect(visit.room.state).toBe("left");
    expect(camera.readyState).toBe("ended");
    expect(visit.requests()).not.toContain("bye");
    expect(visit.server.platform.sockets[0]?.closedWith?.code).toBe(3001);
    const reloaded = visit.newRoom({ resume: JSON.parse(JSON.stringify(resume)) as typeof resume });
    await reloaded.join();
    const [hello] = visit.server.of("hello");
    expect(hello?.data).toMatchObject({ token: "fresh", resume: { sessionId: "se_1", lastSeq: 2 } });
    expect(visit.requests()).toEqual(["hello", "join"]);
    expect(visit.server.carriedOut.get("join")).toBe(2);
    expect(reloaded.diagnostics()).toMatchObject({ state: "joined", rejoins: 0, sessionId: "se_1" });
  });

  it("shouldJoinAnewAfterAReloadThatCameTooLate", async () => {
    const resume = visit.room.suspend();
    visit.server.forgetSession();
    const reloaded = visit.newRoom({ resume });
    await reloaded.join();
    expect(visit.requests()).toEqual(["hello", "hello", "join"]);
    expect(reloaded.state).toBe("joined");
  });

  it("shouldHaveNothingToComeBackToBeforeAndAfterTheVisit", () => {
    expect(visit.newRoom().suspend()).toBeUndefined();
    visit.room.leave();
    expect(visit.room.suspend()).toBeUndefined();
  });

  it("shouldUseAFreshTokenForTheNextConnection", async () => {
    visit.server.emit("token.refresh", { token: "fresh" });
    visit.server.drop(1006);
    await visit.platform.clock.advance(0);
    expect(visit.server.of("hello").at(-1)?.data["token"]).toBe("fresh");
    expect(visit.seen[0]).toBe("fresh");
  });

  it("shouldGoWhereADrainingServerSays", async () => {
    visit.server.emit("server.notice", { kind: "draining", action: "resume", url: "ws://other/v1/signal" });
    visit.server.emit("server.notice", { kind: "draining", action: "resume", url: "https://not-a-socket" });
    visit.server.drop(4020);
    await visit.platform.clock.advance(0);
    expect(visit.platform.sockets.map(({ url }) => url)).toEqual(["ws://server/v1/signal", "ws://other/v1/signal"]);
  });

  it.each([
    [4012, "kicked", "Please stay on topic."],
    [4013, "room_ended", "Thanks all"],
    [4014, "time_up", ""],
    [4015, "queue_denied", "Not today"],
    [4011, "replaced", "internal words"],
  ])("shouldEndAfterClose%iWithTheWordsOfAPerson", async (closeCode, expected, text) => {
    const ends: (SfuError | undefined)[] = [];
    visit.room.on("left", ({ error }) => ends.push(error));
    visit.server.drop(closeCode, text);
    await settle();
    const words = closeCode === 4011 || text === "" ? undefined : text;
    expect(ends[0]).toMatchObject({ code: expected, text: words, retryable: false });
  });
});
