import { beforeEach, describe, expect, it, vi } from "vitest";
import { settle } from "../../sdk/testing/fake-platform.js";
import { Visit } from "../../sdk/testing/visit.js";
import { Notices } from "../app/notices.js";
import { messageFor } from "../i18n/errors.js";
import { TEXTS } from "../i18n/language.js";
import { Door } from "./door.js";

describe("The door to another room", () => {
  let visit: Visit;
  let notices: Notices;
  let passwords: Map<string, string>;
  let door: Door;
  const refuse = (code: string) => visit.server.refuse.set("room.switch", { code });
  const said = () => notices.all.value.map(({ words }) => words(TEXTS.en, "en").title);
  const tried = () => visit.server.of("room.switch").map(({ data }) => data["password"]);

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    visit = new Visit();
    await visit.joined();
    notices = new Notices();
    passwords = new Map();
    door = new Door(visit.room, notices, passwords);
    return () => vi.useRealTimers();
  });

  it("shouldAskUntilThePasswordIsRightAndNeverAgain", async () => {
    refuse("wrong_password");
    await door.goTo("red");
    expect(door.question.value).toEqual({ room: "red", error: undefined });
    await door.answer("guessed");
    expect(door.question.value?.error?.code).toBe("wrong_password");
    expect(visit.room.name).toBe("blue");
    visit.server.refuse.clear();
    await door.answer("open sesame");
    expect(door.question.value).toBeUndefined();
    expect(visit.room.name).toBe("red");
    await door.goTo("blue");
    await door.goTo("red");
    expect(tried()).toEqual([undefined, "guessed", "open sesame", undefined, "open sesame"]);
    expect(said()).toEqual([]);
  });

  it("shouldAskAnewWhenAPasswordWasChanged", async () => {
    passwords.set("red", "of yesterday");
    refuse("wrong_password");
    await door.goTo("red");
    expect(door.question.value).toEqual({ room: "red", error: undefined });
  });

  it("shouldSayWhatElseIsInTheWay", async () => {
    refuse("room_locked");
    await door.goTo("red");
    expect(door.question.value).toBeUndefined();
    expect(said()).toEqual([messageFor({ code: "room_locked" }, "en").title]);
  });

  it("shouldStayAndSayNothingWhenThePersonGivesUp", async () => {
    refuse("wrong_password");
    await door.goTo("red");
    visit.server.refuse.clear();
    visit.server.ignore.add("room.switch");
    const answered = door.answer("open sesame");
    await settle();
    expect(door.trying.value).toBe(true);
    door.giveUp();
    await answered;
    expect(door.trying.value).toBe(false);
    expect(door.question.value).toBeUndefined();
    expect(visit.room.name).toBe("blue");
    expect(said()).toEqual([]);
  });

  it("shouldNotAskAnyMoreOnceTheOtherRoomsQueueHoldsAPlace", async () => {
    refuse("wrong_password");
    await door.goTo("red");
    visit.server.refuse.clear();
    visit.server.queue = { ticket: { ticketId: "qt_1", state: "waiting", position: 1 } };
    visit.room.on("waiting", (waiting) => waiting && door.queued());
    const answered = door.answer("open sesame");
    await settle();
    expect(door.question.value).toBeUndefined();
    visit.server.queue = undefined;
    visit.server.emit("queue.admitted", { admitToken: "at_1", windowMs: 30_000 });
    await answered;
    expect(visit.room.name).toBe("red");
    expect(passwords.get("red")).toBe("open sesame");
  });
});
