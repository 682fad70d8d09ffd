import { beforeEach, describe, expect, it } from "vitest";
import type { ChatInfo } from "./protocol.js";
import { SfuError } from "./errors.js";
import { settle } from "./testing/fake-platform.js";
import { Visit } from "./testing/visit.js";

const bobs: ChatInfo = {
  msgId: "ms_bob",
  at: "2026-01-02T03:04:04Z",
  from: { participantId: "pa_bob", identity: "bob", displayName: "Bob" },
  text: "hi",
};

describe("Chat", () => {
  let visit: Visit;
  let events: string[];

  beforeEach(async () => {
    visit = new Visit();
    visit.server.chat = [bobs];
    events = [];
    visit.room.chat.on("message", ({ text, state }) => events.push(`${text} ${state}`));
    visit.room.chat.on("history", (messages) => events.push(`history of ${messages.length}`));
    await visit.joined();
    visit.requests();
  });

  const listed = () =>
    visit.room.chat.messages.map(({ text, own, state }) => `${own ? "me" : "they"}: ${text} ${state}`);

  it("shouldBeginWithTheHistory", () => {
    expect(events).toEqual(["history of 1"]);
    expect(visit.room.chat.messages).toMatchObject([
      { key: "ms_bob", atMs: Date.parse(bobs.at), from: { displayName: "Bob" }, own: false },
    ]);
  });

  it("shouldListAMessageOnceFromTheMomentItIsSent", async () => {
    const sent = visit.room.chat.send("hello", { to: "pa_bob" });
    expect(listed()).toEqual(["they: hi sent", "me: hello sending"]);
    const { key } = visit.room.chat.messages[1] ?? {};
    await sent;
    expect(listed()).toEqual(["they: hi sent", "me: hello sent"]);
    expect(visit.room.chat.messages[1]?.key).toBe(key);
    expect(visit.server.of("chat.send")[0]?.data).toEqual({ text: "hello", to: "pa_bob", clientMsgId: key });
    expect(events.slice(1)).toEqual(["hello sending", "hello sent"]);
  });

  it("shouldNotRepeatWhatItHasReceived", () => {
    visit.server.emit("chat.message", bobs);
    visit.server.emit("chat.message", { ...bobs, msgId: "ms_2", text: "again" });
    expect(listed()).toEqual(["they: hi sent", "they: again sent"]);
  });

  it.each(["ignore", "swallow"] as const)("shouldNeitherLoseNorDoubleAMessageOverAResume: %s", async (how) => {
    visit.server[how].add("chat.send");
    const sent = visit.room.chat.send("hello");
    await settle();
    visit.server[how].clear();
    visit.server.drop(1006);
    await visit.platform.clock.advance(0);
    await sent;
    expect(listed()).toEqual(["they: hi sent", "me: hello sent"]);
    expect(visit.server.chat.filter(({ text }) => text === "hello")).toHaveLength(1);
  });

  it.each([
    ["ignore", 1],
    ["swallow", 0],
  ] as const)("shouldNeitherLoseNorDoubleAMessageOverALostSession: %s", async (how, sentAgain) => {
    visit.server[how].add("chat.send");
    const sent = visit.room.chat.send("hello");
    await settle();
    visit.server[how].clear();
    visit.server.forgetSession();
    visit.server.drop(1012);
    visit.requests();
    await visit.platform.clock.advance(0);
    await sent;
    expect(listed()).toEqual(["they: hi sent", "me: hello sent"]);
    expect(visit.server.of("chat.send")).toHaveLength(sentAgain);
    expect(visit.server.chat.filter(({ text }) => text === "hello")).toHaveLength(1);
  });

  it("shouldSendAfterTheResumeWhatWasWrittenMeanwhile", async () => {
    visit.server.drop(1006);
    const sent = visit.room.chat.send("hello");
    await visit.platform.clock.advance(0);
    await sent;
    expect(listed().at(-1)).toBe("me: hello sent");
  });

  it("shouldKeepARefusedMessageAsFailed", async () => {
    visit.server.refuse.set("chat.send", { code: "forbidden" });
    await expect(visit.room.chat.send("hello")).rejects.toMatchObject({ code: "forbidden" });
    expect(listed().at(-1)).toBe("me: hello failed");
  });

  it("shouldNotFollowIntoAnotherRoom", async () => {
    visit.server.chat = [];
    await visit.room.switchTo("red");
    expect(visit.room.chat.messages).toEqual([]);
    expect(events.at(-1)).toBe("history of 0");
  });

  it("shouldRejectWhatIsUnsentAtTheEnd", async () => {
    visit.server.ignore.add("chat.send");
    const sent = visit.room.chat.send("hello").catch((thrown: unknown) => SfuError.from(thrown).code);
    await settle();
    visit.server.reachable = false;
    visit.server.drop(1006);
    await visit.platform.clock.advance(60_000);
    expect(await sent).toBe("connection_lost");
  });
});
