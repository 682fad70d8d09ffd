import { beforeEach, describe, expect, it } from "vitest";
import { SfuError } from "./errors.js";
import type { Ticket } from "./protocol.js";
import { settle } from "./testing/fake-platform.js";
import { FakeTrack } from "./testing/fake-peer-connection.js";
import { Visit } from "./testing/visit.js";

const ticket: Ticket = {
  ticketId: "qt_1",
  state: "waiting",
  position: 2,
  ahead: 1,
  eta: { lowSec: 60, highSec: 120, basis: "history" },
};

describe("Waiting for a room", () => {
  let visit: Visit;
  let entered: Promise<string>;

  beforeEach(async () => {
    visit = new Visit({
      state: ({ state }) => state,
      waiting: (waiting) => `at ${String(waiting?.ticket.position)}`,
      joined: () => "joined event",
      left: ({ error }) => `left: ${error?.code ?? "by us"}`,
    });
    visit.server.queue = { ticket, message: "Hello" };
    entered = visit.room.join().then(
      () => "entered",
      (thrown: unknown) => SfuError.from(thrown).code,
    );
    await settle();
  });

  const open = () => visit.platform.peerConnections.filter(({ closed }) => !closed);
  const admit = () => visit.server.emit("queue.admitted", { admitToken: "at_1", windowMs: 30_000 });

  it("shouldKeepTheSocketAndNoMedia", () => {
    expect(visit.seen).toEqual(["joining", "at 2", "waiting"]);
    expect(visit.room.waiting).toEqual({ ticket, message: "Hello", paused: false });
    expect(open()).toEqual([]);
    expect(visit.server.of("bye")).toEqual([]);
  });

  it("shouldFollowItsPlaceAndKeepTheHostsMessage", () => {
    visit.server.emit("queue.update", { ticket: { ...ticket, position: 1 }, paused: true });
    expect(visit.room.waiting).toMatchObject({ ticket: { position: 1 }, message: "Hello", paused: true });
  });

  it("shouldEnterByItselfWhenAdmitted", async () => {
    const camera = new FakeTrack("video");
    await visit.room.publish("camera", camera.asTrack);
    admit();
    expect(await entered).toBe("entered");
    expect(visit.server.of("join").at(-1)?.data).toMatchObject({
      admitToken: "at_1",
      sdp: expect.stringContaining("offer") as string,
      tracks: [{ source: "camera" }],
    });
    expect(visit.seen.slice(3)).toEqual(["at undefined", "joined", "joined event"]);
    expect(open()).toHaveLength(1);
    expect(visit.room.diagnostics().rejoins).toBe(0);
  });

  it("shouldEnterWhenItWasAdmittedWhileItsSocketWasLost", async () => {
    visit.server.drop(1006);
    admit();
    await visit.platform.clock.advance(0);
    expect(await entered).toBe("entered");
  });

  it("shouldRepeatTheJoinWhenTheSocketIsLostOnTheWayIn", async () => {
    visit.server.swallow.add("join");
    admit();
    await settle();
    visit.server.swallow.clear();
    visit.server.drop(1006);
    await visit.platform.clock.advance(0);
    expect(await entered).toBe("entered");
    expect(visit.server.carriedOut.get("join")).toBe(2);
  });

  it("shouldGoOnWaitingAfterALostSocketAndAfterALostSession", async () => {
    visit.server.drop(1006);
    await visit.platform.clock.advance(0);
    expect(visit.seen.slice(3)).toEqual(["reconnecting", "waiting"]);
    visit.server.forgetSession();
    visit.server.drop(1012);
    await visit.platform.clock.advance(1000);
    expect(visit.room.state).toBe("waiting");
    expect(visit.server.of("join")).toHaveLength(2);
  });

  it("shouldEndWithTheHostsWordsWhenDenied", async () => {
    const texts: (string | undefined)[] = [];
    visit.room.on("left", ({ error }) => texts.push(error?.text));
    visit.server.emit("queue.denied", { ticketId: "qt_1", text: "Not today" });
    expect(await entered).toBe("queue_denied");
    expect(texts).toEqual(["Not today"]);
    expect(visit.room.state).toBe("left");
  });

  it.each([
    ["queue.denied", { reason: "expired" }],
    ["queue.update", { ticket: { ...ticket, state: "expired" } }],
  ] as const)("shouldEndWhenItsPlaceHasExpired: %s", async (type, data) => {
    visit.server.emit(type, data);
    expect(await entered).toBe("ticket_expired");
  });

  it("shouldTryAgainWhenTheSeatIsNotFreeYet", async () => {
    visit.server.refuse.set("join", { code: "room_full", retryable: true, retryAfterMs: 2000 });
    admit();
    await settle();
    visit.server.refuse.clear();
    await visit.platform.clock.advance(2000);
    expect(await entered).toBe("entered");
  });

  it("shouldLeaveTheQueueByLeaving", async () => {
    visit.room.leave();
    expect(await entered).toBe("left");
    await settle();
    expect(visit.server.requests.at(-1)?.type).toBe("bye");
    expect(visit.platform.clock.pendingTimers).toBe(0);
  });

  it("shouldGoBackToTheQueueWhenAModeratorSaysSo", async () => {
    admit();
    await entered;
    visit.seen = [];
    visit.server.emit("queue.update", { ticket });
    expect(visit.seen).toEqual(["at 2", "waiting"]);
    expect(open()).toEqual([]);
    admit();
    await settle();
    expect(visit.room.state).toBe("joined");
  });

  it("shouldNotTakeTheEndOfItsTicketForAWayBack", async () => {
    admit();
    await entered;
    visit.server.emit("queue.update", { ticket: { ...ticket, state: "joined" } });
    expect(visit.room.state).toBe("joined");
  });
});
