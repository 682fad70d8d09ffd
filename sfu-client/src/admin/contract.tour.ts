import { expect, inject, it } from "vitest";
import { adminClient } from "./client.js";

declare module "vitest" {
  interface ProvidedContext {
    admin: string;
  }
}

/**
 * Does everything that the contract names, once and for real, on a live server. People come to the room
 * `tour` by themselves as soon as it is open: two find a seat, the others wait. What the contract names and this does not
 * visit is a failure.
 */
const LONGEST_MS = 60_000;
const ROOM = { params: { path: { room: "tour" } } };
const QUIET = { params: { path: { room: "quiet" } } };

const visited = new Set<string>();
const client = adminClient({ baseUrl: inject("admin") });
client.use({
  onResponse({ request, schemaPath, response }) {
    if (response.ok) visited.add(`${request.method} ${schemaPath}`);
  },
});

/** Answers what was asked for; a refusal ends the tour. */
async function done<T>(
  answer: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<NonNullable<T> & { response: Response }> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${JSON.stringify(error)}`);
  return { ...data, response } as NonNullable<T> & { response: Response };
}

/** Asks again and again until it is as wanted. */
async function until<T>(what: string, ask: () => Promise<T>, wanted: (found: T) => boolean): Promise<T> {
  const deadline = Date.now() + LONGEST_MS / 2;
  for (;;) {
    const found = await ask();
    if (wanted(found)) return found;
    if (Date.now() > deadline) throw new Error(`${what} has not come: ${JSON.stringify(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const participants = async () => (await done(client.GET("/v1/rooms/{room}/participants", ROOM))).participants;
const tickets = async () => (await done(client.GET("/v1/rooms/{room}/queue", ROOM))).tickets;

function first<T>(items: T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error("nobody is there");
  return item;
}

/** The endpoint `tour` is that of the test around this one. */
async function webhooks(): Promise<void> {
  const TOUR = { params: { path: { webhook: "tour" } } };
  expect((await done(client.GET("/v1/webhooks"))).webhooks.map(({ name }) => name)).toEqual(["tour"]);
  expect((await done(client.POST("/v1/webhooks/{webhook}:test", TOUR))).status).toBe(204);
  await done(client.POST("/v1/webhooks/{webhook}:pause", TOUR));
  expect((await done(client.GET("/v1/webhooks/{webhook}", TOUR))).state).toBe("paused");
  await done(client.POST("/v1/webhooks/{webhook}:resume", TOUR));
  await until(
    "what was delivered",
    async () => (await done(client.GET("/v1/webhooks/{webhook}/deliveries", TOUR))).deliveries,
    (all) => all.some(({ state }) => state === "delivered"),
  );
  await done(client.POST("/v1/webhooks/{webhook}:replay", { ...TOUR, body: { since: new Date(0).toISOString() } }));
}

/** What is over by the end of the tour. */
async function past(): Promise<void> {
  const room = { params: { query: { room: "tour" } } };
  const visits = await until(
    "a visit that has ended",
    async () => (await done(client.GET("/v1/history/visits", room))).visits,
    (all) => all.some(({ leftAt }) => leftAt !== null),
  );
  const visit = first(visits.filter(({ leftAt }) => leftAt !== null));
  const whole = await done(client.GET("/v1/history/visits/{visit}", { params: { path: { visit: visit.visitId } } }));
  expect(whole.identity).toBe(visit.identity);
  expect((await done(client.GET("/v1/history/rooms"))).rooms.length).toBeGreaterThan(0);
  expect((await done(client.GET("/v1/history/events", room))).events.length).toBeGreaterThan(0);
  expect((await done(client.GET("/v1/history/audit"))).audit.length).toBeGreaterThan(0);
  expect((await done(client.GET("/v1/history/queue", room))).queue.length).toBeGreaterThan(0);
  const csv = { params: { query: { format: "csv" as const } }, parseAs: "text" as const };
  for (const list of ["visits", "rooms", "events", "audit", "queue"] as const) {
    const { data, response } = await client.GET(`/v1/history/${list}:export`, csv);
    expect([response.status, String(data).split("\n").length > 1]).toEqual([200, true]);
  }
  const { reports } = await done(client.GET("/v1/diagnostics"));
  await done(client.GET("/v1/diagnostics/{report}", { params: { path: { report: first(reports).reportId } } }));
  await done(client.POST("/v1/history:forget", { body: { identity: visit.identity } }));
}

it(
  "visits every operation of the contract",
  async () => {
    const contract = (await done(client.GET("/v1/openapi.json"))) as unknown as {
      paths: Record<string, Record<string, unknown>>;
    };
    expect((await done(client.GET("/v1/server"))).ready).toBe(true);

    const events = await client.GET("/v1/events", { params: { query: { room: "tour" } }, parseAs: "stream" });
    const stream = (events.data as unknown as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream());
    const reader = stream.getReader();
    let told = "";
    const listening = (async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) told += part.value;
    })();

    // Nobody comes here, who would start the timer.
    await done(client.POST("/v1/rooms", { body: { name: "quiet" } }));
    await done(client.POST("/v1/rooms/{room}/timer:set", { ...QUIET, body: { durationSec: 600 } }));
    expect((await done(client.POST("/v1/rooms/{room}/timer:start", QUIET))).state).toBe("running");
    expect((await done(client.POST("/v1/rooms/{room}/timer:pause", QUIET))).state).toBe("paused");
    expect((await done(client.POST("/v1/rooms/{room}/timer:resume", QUIET))).state).toBe("running");
    const longer = await done(client.POST("/v1/rooms/{room}/timer:extend", { ...QUIET, body: { sec: 60 } }));
    expect(longer.extendedSec).toBe(60);
    await done(client.POST("/v1/rooms/{room}/timer:stop", QUIET));
    expect((await done(client.GET("/v1/rooms/{room}/timer", QUIET))).state).not.toBe("running");

    await done(
      client.POST("/v1/rooms", {
        body: { name: "tour", keepSec: 600, settings: { maxParticipants: 2, queue: { enabled: true } } },
      }),
    );
    expect((await done(client.GET("/v1/rooms"))).rooms.map(({ name }) => name)).toContain("tour");
    const { response } = await done(client.GET("/v1/rooms/{room}", ROOM));
    const tag = response.headers.get("ETag") ?? "";
    const change = (header: string) =>
      client.PATCH("/v1/rooms/{room}", {
        params: { path: { room: "tour" }, header: { "If-Match": header } },
        body: { settings: { queue: { message: "Soon!" } } },
      });
    await done(change(tag));
    const stale = await change(tag);
    expect([stale.response.status, stale.error?.status]).toEqual([412, 412]);

    const inside = await until("two people inside", participants, (all) => {
      return all.filter(({ phase, csrc }) => phase === "inside" && csrc > 0).length === 2;
    });
    const somebody = { params: { path: { room: "tour", participant: first(inside).participantId } } };
    await until("three who wait", tickets, (all) => all.length >= 3);
    const seen = await done(client.GET("/v1/rooms/{room}/participants/{participant}", somebody));
    expect(seen.participantId).toBe(somebody.params.path.participant);

    await until(
      "the quality of somebody",
      async () => (await done(client.GET("/v1/rooms/{room}/quality", ROOM))).participants,
      (all) => all.some(({ level }) => level !== undefined),
    );
    const timeline = await done(client.GET("/v1/rooms/{room}/participants/{participant}/timeline", somebody));
    expect(timeline.participantId).toBe(somebody.params.path.participant);
    const why = await done(client.GET("/v1/rooms/{room}/participants/{participant}/diagnosis", somebody));
    expect(["unknown", "good", "fair", "bad"]).toContain(why.verdict);
    const captured = await done(
      client.POST("/v1/rooms/{room}/participants/{participant}:capture", {
        ...somebody,
        body: { sec: 1 },
        parseAs: "blob",
      }),
    );
    expect(captured.response.headers.get("content-type")).toBe("application/vnd.tcpdump.pcap");
    // Bots do not follow; people's pages do.
    await done(
      client.POST("/v1/rooms/{room}/participants/{participant}:move", { ...somebody, body: { room: "quiet" } }),
    );

    await done(client.POST("/v1/rooms/{room}:message", { ...ROOM, body: { text: "Welcome!" } }));
    await done(client.POST("/v1/rooms/{room}:muteAll", { ...ROOM, body: { source: "camera" } }));
    await done(client.POST("/v1/rooms/{room}/participants/{participant}:mute", { ...somebody, body: {} }));
    await done(client.POST("/v1/rooms/{room}:lock", ROOM));
    expect((await done(client.GET("/v1/rooms/{room}", ROOM))).locked).toBe(true);
    await done(client.POST("/v1/rooms/{room}:unlock", ROOM));

    await done(client.POST("/v1/rooms/{room}/queue:pause", ROOM));
    expect((await done(client.GET("/v1/rooms/{room}", ROOM))).queueClosed).toBe(true);
    await done(client.POST("/v1/rooms/{room}/queue:resume", ROOM));
    const waiting = (await tickets()).filter(({ state }) => state === "waiting");
    const last = waiting[waiting.length - 1]?.ticketId ?? "";
    const ticket = { params: { path: { room: "tour", ticket: last } } };
    await done(client.POST("/v1/rooms/{room}/queue/{ticket}:move", { ...ticket, body: { position: 1 } }));
    await until("the head of the queue", tickets, (all) => all[0]?.ticketId === last);
    await done(client.POST("/v1/rooms/{room}/queue:admit", { ...ROOM, body: { ticketId: last } }));
    const unlucky = waiting[0]?.ticketId ?? "";
    await done(
      client.POST("/v1/rooms/{room}/queue/{ticket}:deny", {
        params: { path: { room: "tour", ticket: unlucky } },
        body: { text: "Not today." },
      }),
    );
    await until("one who was denied", tickets, (all) => all.every(({ ticketId }) => ticketId !== unlucky));

    await done(
      client.POST("/v1/rooms/{room}/participants/{participant}:toQueue", { ...somebody, body: { head: false } }),
    );
    const next = await until("somebody else inside", participants, (all) => {
      return all.some(({ phase, participantId }) => {
        return phase === "inside" && participantId !== somebody.params.path.participant;
      });
    });
    const other = next.find(({ participantId }) => participantId !== somebody.params.path.participant);
    await done(
      client.POST("/v1/rooms/{room}/participants/{participant}:kick", {
        params: { path: { room: "tour", participant: other?.participantId ?? "" } },
        body: { reason: "The tour is over." },
      }),
    );
    expect((await done(client.GET("/v1/sessions"))).sessions.length).toBeGreaterThan(0);
    // Not one of those who were sent away, whose sessions are listed until they have ended.
    const stays = ({ phase, participantId }: { phase: string; participantId: string }) =>
      phase === "inside" && participantId !== other?.participantId;
    const staying = await until("somebody who stays", participants, (all) => all.some(stays));
    const session = staying.find(stays)?.sessionId ?? "";
    await done(client.POST("/v1/sessions/{session}:end", { params: { path: { session } }, body: {} }));

    const minted = await done(client.POST("/v1/tokens", { body: { identity: "ann", rooms: ["tour"], role: "host" } }));
    expect(minted.token.split(".")).toHaveLength(3);
    expect((await done(client.POST("/v1/iceServers", { body: { owner: "ann" } }))).iceServers).toBeDefined();

    await webhooks();

    await done(client.POST("/v1/server:drain"));
    expect((await done(client.GET("/v1/server"))).draining).toBe(true);
    await done(client.POST("/v1/server:resume"));
    await done(client.POST("/v1/rooms/{room}:end", { ...ROOM, body: { reason: "The tour is over." } }));
    await until(
      "the events",
      () => Promise.resolve(told),
      (text) => {
        return ["room.opened", "participant.joined", "queue.joined", "queue.denied", "room.closed"].every((type) => {
          return text.includes(`event: ${type}`);
        });
      },
    );
    await reader.cancel();
    await listening;
    await past();

    const named = Object.entries(contract.paths).flatMap(([path, methods]) => {
      return Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`);
    });
    expect(named.filter((operation) => !visited.has(operation))).toEqual([]);
    expect(named.length).toBeGreaterThan(30);
  },
  LONGEST_MS,
);
