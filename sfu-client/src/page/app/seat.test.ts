import { beforeEach, describe, expect, it } from "vitest";
import type { Invitation } from "./address.js";
import { keepSeat, seated, takeSeat, type Seat } from "./seat.js";

const seat: Seat = {
  room: "blue",
  name: "Ann",
  audio: true,
  microphoneMuted: true,
  video: false,
  resume: { sessionId: "se_1", resumeToken: "r", lastSeq: 7, nextId: 9, token: undefined },
};

describe("The seat over a reload", () => {
  let items: Map<string, string>;
  let storage: Storage;

  beforeEach(() => {
    items = new Map();
    storage = {
      length: 0,
      clear: () => items.clear(),
      key: () => null,
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
    };
  });

  it("shouldBeGivenOutOnce", () => {
    keepSeat(seat, storage, "");
    expect(takeSeat("blue", storage, "")).toEqual({ ...seat, resume: { ...seat.resume } });
    expect(takeSeat("blue", storage, "")).toBeUndefined();
  });

  it("shouldNotBeTakenForAnotherRoom", () => {
    keepSeat(seat, storage, "");
    expect(takeSeat("red", storage, "")).toBeUndefined();
    expect(items.size).toBe(0);
  });

  it("shouldBeAnotherOneInEachFrameOfATab", () => {
    keepSeat(seat, storage, "left");
    expect(takeSeat("blue", storage, "right")).toBeUndefined();
    expect(takeSeat("blue", storage, "left")?.name).toBe("Ann");
  });

  it.each([
    [undefined, "invited"],
    ["fresh", "fresh"],
  ])("shouldGoOnAsItWasWithTheNewestToken: %s", (token, expected) => {
    const invitation: Invitation = {
      room: "blue",
      name: "",
      joinAtOnce: false,
      audio: true,
      microphoneMuted: false,
      video: true,
      token: "invited",
      password: undefined,
      cameraHeight: 360,
      inBackground: false,
      media: {},
      resume: undefined,
    };
    const resume = { ...seat.resume, token };
    expect(seated(invitation, { ...seat, resume })).toEqual({
      ...invitation,
      name: "Ann",
      joinAtOnce: true,
      audio: true,
      microphoneMuted: true,
      video: false,
      token: expected,
      resume,
    });
  });
});
