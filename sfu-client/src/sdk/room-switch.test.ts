import { beforeEach, describe, expect, it } from "vitest";
import { SfuError } from "./errors.js";
import { settle } from "./testing/fake-platform.js";
import { FakeTrack } from "./testing/fake-peer-connection.js";
import { Visit } from "./testing/visit.js";

const code = (thrown: unknown) => SfuError.from(thrown).code;

describe("Switching rooms", () => {
  let visit: Visit;
  const microphone = () => visit.server.of("room.switch").at(-1)?.data;

  beforeEach(async () => {
    visit = new Visit({
      switched: ({ room }) => `in ${room}`,
      joined: () => "joined event",
      state: ({ state }) => state,
      waiting: (waiting) => `at ${String(waiting?.ticket.position)}`,
    });
    visit.server.participants = [{ id: "pa_bob", csrc: 2, displayName: "Bob" }];
    await visit.joined();
    visit.server.emit("slots", { changes: [{ mid: "7", state: "live", participantId: "pa_bob", source: "camera" }] });
    visit.requests();
  });

  it("shouldReplaceRosterAndSlotsAndKeepEverythingElse", async () => {
    const track = new FakeTrack("audio");
    await visit.room.publish("microphone", track.asTrack, { muted: true });
    const streams = visit.room.slots.map(({ stream }) => stream);
    visit.server.participants = [{ id: "pa_eve", csrc: 3, displayName: "Eve" }];
    await visit.room.switchTo("red");
    expect(microphone()).toEqual({
      room: "red",
      displayName: "Ann",
      attributes: {},
      tracks: [{ mid: "0", source: "microphone", muted: true, label: "" }],
      slots: { audio: 3, video: 9 },
    });
    expect(visit.seen).toEqual(["in red"]);
    expect(visit.room.name).toBe("red");
    expect(visit.room.self?.id).toBe("pa_self2");
    expect(visit.room.participants.map(({ displayName }) => displayName)).toEqual(["Eve"]);
    expect(visit.room.slots.map(({ stream }) => stream)).toEqual(streams);
    expect(visit.room.slots.filter(({ state }) => state !== "empty")).toEqual([]);
    expect(visit.connection().transceivers[0]?.sender.track).toBe(track);
    await visit.room.mute("microphone", false);
    expect(visit.requests()).toEqual(["track.update", "room.switch", "track.update"]);
  });

  it("shouldGoWhereAnOperatorMovesIt", async () => {
    const moves: unknown[] = [];
    visit.room.on("moving", (move) => moves.push(move));
    visit.server.emit("room.move", { room: "red", text: "The other doctor is free." });
    await settle();
    expect(moves).toEqual([{ room: "red", text: "The other doctor is free." }]);
    expect(visit.room).toMatchObject({ name: "red", state: "joined" });
    visit.server.refuse.set("room.switch", { code: "room_full" });
    visit.server.emit("room.move", { room: "green" });
    await settle();
    expect(visit.room).toMatchObject({ name: "red", state: "joined" });
  });

  it("shouldOpenNothingInTenSwitches", async () => {
    for (let i = 0; i < 10; i++) await visit.room.switchTo(`room-${i}`);
    expect(visit.room.diagnostics()).toMatchObject({
      connectionsCreated: 1,
      peerConnectionsCreated: 1,
      offersCreated: 1,
      switches: 10,
    });
  });

  it("shouldTellTheOtherRoomWhatChangedOnTheWay", async () => {
    await visit.room.publish("microphone", new FakeTrack("audio").asTrack);
    visit.server.ignore.add("room.switch").add("track.update");
    const switched = visit.room.switchTo("red");
    await settle();
    const muted = visit.room.mute("microphone", true);
    await settle();
    visit.server.ignore.clear();
    visit.server.drop(1006);
    await visit.platform.clock.advance(0);
    await Promise.all([switched, muted]);
    expect(visit.server.of("track.update").at(-1)?.data).toMatchObject({ mid: "0", muted: true });
    expect(new Set(visit.requests().slice(-2))).toEqual(new Set(["track.update"]));
    expect(visit.room.publication("microphone")?.muted).toBe(true);
  });

  it("shouldStayWhereItIsWhenTheOtherRoomRefuses", async () => {
    visit.server.refuse.set("room.switch", { code: "room_locked" });
    expect(await visit.room.switchTo("red").catch(code)).toBe("room_locked");
    expect(visit.room).toMatchObject({ name: "blue", state: "joined" });
    expect(visit.room.participants).toHaveLength(1);
    visit.server.refuse.clear();
    await visit.room.switchTo("red");
    expect(visit.room.name).toBe("red");
  });

  it("shouldStayWhereItIsWhileTheOtherRoomHasAQueue", async () => {
    visit.server.queue = { ticket: { ticketId: "qt_1", state: "waiting", position: 3 } };
    const switched = visit.room.switchTo("red");
    await settle();
    visit.server.emit("queue.update", { ticket: { ticketId: "qt_1", state: "waiting", position: 1 } });
    expect(visit.seen).toEqual(["at 3", "at 1"]);
    expect(visit.room).toMatchObject({ name: "blue", state: "joined" });
    visit.server.emit("queue.admitted", { admitToken: "at_1", windowMs: 30_000 });
    await switched;
    expect(microphone()).toMatchObject({ room: "red", admitToken: "at_1" });
    expect(new Set(visit.seen.slice(2))).toEqual(new Set(["at undefined", "in red"]));
  });

  it("shouldStayWhenTheOtherRoomsQueueSaysNo", async () => {
    visit.server.queue = { ticket: { ticketId: "qt_1", state: "waiting", position: 3 } };
    const switched = visit.room.switchTo("red").catch(code);
    await settle();
    visit.server.emit("queue.denied", { ticketId: "qt_1" });
    expect(await switched).toBe("queue_denied");
    expect(visit.room.waiting).toBeUndefined();
    expect(visit.room.state).toBe("joined");
  });

  it("shouldBeOneAtATime", async () => {
    visit.server.ignore.add("room.switch");
    const first = visit.room.switchTo("red").catch(code);
    expect(await visit.room.switchTo("green").catch(code)).toBe("already_joined");
    visit.room.leave();
    expect(await first).toBe("left");
  });

  it("shouldJoinTheNewRoomAgainAfterALostSession", async () => {
    await visit.room.switchTo("red");
    visit.server.forgetSession();
    visit.server.drop(1012);
    await visit.platform.clock.advance(0);
    expect(visit.server.of("join").at(-1)?.data["room"]).toBe("red");
  });

  it("shouldOpenTheDoorAgainWithThePasswordOfTheRoomItIsIn", async () => {
    const lastJoin = async () => {
      visit.server.forgetSession();
      visit.server.drop(1012);
      await visit.platform.clock.advance(2000);
      return visit.server.of("join").at(-1)?.data;
    };
    await visit.room.switchTo("red", { password: "open sesame" });
    expect(await lastJoin()).toMatchObject({ room: "red", password: "open sesame" });
    visit.connection(1).become("connected");
    await visit.room.switchTo("green");
    expect(await lastJoin()).not.toHaveProperty("password");
  });

  it("shouldKeepThePasswordOutOfTheLog", async () => {
    const lines: string[] = [];
    visit = new Visit({}, { log: (_, event, fields) => lines.push(`${event} ${JSON.stringify(fields)}`) });
    await visit.joined();
    await visit.room.switchTo("red", { password: "open sesame" });
    visit.server.emit("server.notice", { kind: "info", action: "none", text: "got open sesame" });
    visit.server.refuse.set("view", { code: "forbidden", message: "got open sesame" });
    visit.room.view({ layout: "none", video: [], defaultHeight: 0, maxVideo: 0, audio: "auto" });
    await visit.platform.clock.advance(1000);
    expect(lines.join("\n")).toContain("[hidden]");
    expect(lines.join("\n")).not.toContain("open sesame");
  });
});
