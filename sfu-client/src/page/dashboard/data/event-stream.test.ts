import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EventReader, EventStream, type ServerSentEvent } from "./event-stream.js";

describe("What comes as server-sent events", () => {
  const TEXT =
    ': hello\n\nevent: room.opened\ndata: {"a":1}\n\ndata: one\r\ndata: two\r\n\r\nevent: alone\n\ndata:x\n\n';
  const EVENTS: readonly ServerSentEvent[] = [
    { type: "room.opened", data: '{"a":1}' },
    { type: "message", data: "one\ntwo" },
    { type: "message", data: "x" },
  ];

  it.each([1, 2, 3, 7, 1000])("shouldBeReadInPiecesOf %d", (size) => {
    const reader = new EventReader();
    const events: ServerSentEvent[] = [];
    for (let at = 0; at < TEXT.length; at += size) events.push(...reader.read(TEXT.slice(at, at + size)));
    expect(events).toEqual(EVENTS);
  });

  it("shouldWaitForTheEndOfAnEvent", () => {
    const reader = new EventReader();
    expect(reader.read("data: a\n")).toEqual([]);
    expect(reader.read("\n")).toEqual([{ type: "message", data: "a" }]);
  });
});

/** Answers of a server, one for each time it is asked. */
class FakeFeed {
  readonly asked: { readonly url: string; readonly authorization: string | null; readonly signal: AbortSignal }[] = [];
  readonly #pipes: ReadableStreamDefaultController<Uint8Array>[] = [];
  status = 200;

  readonly fetch = (url: string, { headers, signal }: RequestInit): Promise<Response> => {
    if (!signal) throw new Error("nothing would stop it");
    this.asked.push({ url, authorization: new Headers(headers).get("Authorization"), signal });
    const body = new ReadableStream<Uint8Array>({
      start: (pipe) => {
        this.#pipes.push(pipe);
        signal.addEventListener("abort", () => pipe.error(signal.reason));
      },
    });
    return Promise.resolve(new Response(body, { status: this.status }));
  };

  say(text: string): void {
    this.#pipes.at(-1)?.enqueue(new TextEncoder().encode(text));
  }

  end(): void {
    this.#pipes.at(-1)?.close();
  }
}

describe("The stream of events", () => {
  const feed = { current: new FakeFeed() };
  const heard: string[] = [];
  let token: string | undefined;
  let stream: EventStream;

  const open = async () => {
    stream = new EventStream({
      url: "/v1/events?room=blue",
      token: () => token,
      fetch: feed.current.fetch,
      onOpen: () => heard.push("open"),
      onEvent: ({ type, data }) => heard.push(`${type} ${data}`),
      onState: (state) => heard.push(state),
    });
    await vi.advanceTimersByTimeAsync(0);
  };

  beforeEach(() => {
    vi.useFakeTimers();
    feed.current = new FakeFeed();
    heard.length = 0;
    token = "secret";
  });
  afterEach(() => {
    stream.close();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it("shouldSendTheTokenAsAHeaderOnly", async () => {
    await open();
    expect(feed.current.asked).toMatchObject([{ url: "/v1/events?room=blue", authorization: "Bearer secret" }]);
    stream.close();
    token = undefined;
    await open();
    expect(feed.current.asked[1]?.authorization).toBeNull();
  });

  it("shouldTellThatItIsOpenBeforeWhatComes", async () => {
    await open();
    feed.current.say("event: room.opened\ndata: 1\n\n");
    await vi.advanceTimersByTimeAsync(0);
    expect(heard).toEqual(["connecting", "open", "open", "room.opened 1"]);
  });

  it("shouldComeBackAfterAGapAndTellSo", async () => {
    await open();
    feed.current.say(": still here\n\n");
    feed.current.end();
    await vi.advanceTimersByTimeAsync(999);
    expect(feed.current.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(feed.current.asked).toHaveLength(2);
    expect(heard.filter((what) => what === "open")).toHaveLength(4);
  });

  it("shouldWaitLongerEachTimeThatNothingComes", async () => {
    feed.current.status = 503;
    await open();
    const waits = [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000];
    for (const [index, wait] of waits.entries()) {
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(feed.current.asked).toHaveLength(index + 1);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(feed.current.asked).toHaveLength(waits.length + 1);
  });

  it("shouldNotBelieveALongSilence", async () => {
    await open();
    await vi.advanceTimersByTimeAsync(30_000);
    feed.current.say(": still here\n\n");
    await vi.advanceTimersByTimeAsync(39_000);
    expect(heard.at(-1)).toBe("open");
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard.at(-1)).toBe("lost");
    expect(feed.current.asked[0]?.signal.aborted).toBe(true);
  });

  it("shouldLeaveNothingBehind", async () => {
    await open();
    stream.close();
    expect(feed.current.asked[0]?.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(feed.current.asked).toHaveLength(1);
    expect(heard).not.toContain("lost");
  });
});
