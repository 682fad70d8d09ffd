import { adminClient, type AdminClient, type AdminClientOptions } from "../../../admin/client.js";
import { ApiError, isAbort } from "./api-error.js";
import type {
  AuditEntry,
  Diagnosis,
  Page,
  PastEvent,
  Participant,
  ParticipantDetails,
  QueueWait,
  ReportEntry,
  Room,
  RoomQuality,
  RoomSession,
  ServerState,
  Source,
  Ticket,
  Timeline,
  Timer,
  Visit,
  VisitDetails,
} from "./types.js";

/** What openapi-fetch answers. */
interface Answered<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

interface Init {
  readonly params: { readonly path: object; readonly header: object };
  readonly body: object;
}

/** The client for paths that are put together here. */
interface AnyPath {
  POST(path: string, init: Init): Promise<Answered<unknown>>;
}

export interface OperatorApiOptions extends AdminClientOptions {
  /** The token is wrong, or one is needed. */
  readonly refused?: (withToken: boolean) => void;
}

/** Bytes since the server began. */
export interface Traffic {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

export interface HistoryQuery {
  readonly room?: string | undefined;
  readonly roomId?: string | undefined;
  readonly identity?: string | undefined;
  readonly by?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export type Exported = "visits" | "rooms" | "events" | "audit" | "queue";

export interface NewRoom {
  readonly name: string;
  readonly keepSec?: number;
  readonly settings?: {
    readonly preset?: "open" | "consultation";
    readonly password?: string;
    readonly maxParticipants?: number;
  };
}

const MOST = 1000;
const HISTORY_PAGE = 50;

/** The operator's interface, for pages: answers what was asked for, or throws an {@link ApiError}. */
export class OperatorApi {
  readonly #client: AdminClient;
  readonly #options: OperatorApiOptions;

  constructor(options: OperatorApiOptions = {}) {
    this.#options = options;
    const { baseUrl, token, fetch } = options;
    this.#client = adminClient({
      ...(baseUrl !== undefined && { baseUrl }),
      ...(token && { token }),
      ...(fetch && { fetch }),
    });
  }

  server(signal?: AbortSignal): Promise<ServerState> {
    return this.#got(this.#client.GET("/v1/server", { ...stoppedBy(signal) }));
  }

  drain(): Promise<void> {
    return this.#post("/v1/server:drain", {});
  }

  resume(): Promise<void> {
    return this.#post("/v1/server:resume", {});
  }

  /** What went over the network, from `/metrics`. */
  async traffic(signal?: AbortSignal): Promise<Traffic> {
    const fetched = this.#client.GET("/metrics" as never, { ...stoppedBy(signal), parseAs: "text" } as never);
    const text = await this.#got<string>(fetched);
    return trafficOf(text);
  }

  /** All of them, by name. */
  rooms(signal?: AbortSignal): Promise<readonly Room[]> {
    return this.#all(async (cursor) => {
      const query = { limit: MOST, ...cursor };
      const { rooms, nextCursor } = await this.#got(
        this.#client.GET("/v1/rooms", { params: { query }, ...stoppedBy(signal) }),
      );
      return { items: rooms, nextCursor };
    });
  }

  room(room: string, signal?: AbortSignal): Promise<Room> {
    return this.#got(this.#client.GET("/v1/rooms/{room}", { params: { path: { room } }, ...stoppedBy(signal) }));
  }

  createRoom(room: NewRoom): Promise<void> {
    return this.#post("/v1/rooms", {}, room);
  }

  endRoom(room: string, reason: string): Promise<void> {
    return this.#post("/v1/rooms/{room}:end", { room }, reason === "" ? {} : { reason });
  }

  lock(room: string, locked: boolean): Promise<void> {
    return this.#post(`/v1/rooms/{room}:${locked ? "lock" : "unlock"}`, { room });
  }

  muteAll(room: string): Promise<void> {
    return this.#post("/v1/rooms/{room}:muteAll", { room }, { source: "microphone" });
  }

  tellRoom(room: string, text: string): Promise<void> {
    return this.#post("/v1/rooms/{room}:message", { room }, { text });
  }

  /** Who judges how good the room's calls are: everybody in it, and who is shown whom. */
  quality(room: string, signal?: AbortSignal): Promise<RoomQuality> {
    return this.#got(
      this.#client.GET("/v1/rooms/{room}/quality", { params: { path: { room } }, ...stoppedBy(signal) }),
    );
  }

  participants(room: string, signal?: AbortSignal): Promise<readonly Participant[]> {
    return this.#all(async (cursor) => {
      const params = { path: { room }, query: { limit: MOST, ...cursor } };
      const { participants, nextCursor } = await this.#got(
        this.#client.GET("/v1/rooms/{room}/participants", { params, ...stoppedBy(signal) }),
      );
      return { items: participants, nextCursor };
    });
  }

  participant(room: string, participant: string, signal?: AbortSignal): Promise<ParticipantDetails> {
    const params = { path: { room, participant } };
    return this.#got(this.#client.GET("/v1/rooms/{room}/participants/{participant}", { params, ...stoppedBy(signal) }));
  }

  timeline(room: string, participant: string, since: string | undefined, signal?: AbortSignal): Promise<Timeline> {
    const params = { path: { room, participant }, query: since === undefined ? {} : { since } };
    return this.#got(
      this.#client.GET("/v1/rooms/{room}/participants/{participant}/timeline", { params, ...stoppedBy(signal) }),
    );
  }

  diagnosis(room: string, participant: string, signal?: AbortSignal): Promise<Diagnosis> {
    const params = { path: { room, participant } };
    return this.#got(
      this.#client.GET("/v1/rooms/{room}/participants/{participant}/diagnosis", { params, ...stoppedBy(signal) }),
    );
  }

  mute(room: string, participant: string, source?: Source): Promise<void> {
    return this.#post(`${ONE}:mute`, { room, participant }, source ? { source } : {});
  }

  kick(room: string, participant: string, banSec: number, reason: string): Promise<void> {
    return this.#post(`${ONE}:kick`, { room, participant }, { banSec, ...(reason !== "" && { reason }) });
  }

  toQueue(room: string, participant: string): Promise<void> {
    return this.#post(`${ONE}:toQueue`, { room, participant });
  }

  move(room: string, participant: string, to: string): Promise<void> {
    return this.#post(`${ONE}:move`, { room, participant }, { room: to });
  }

  /** The headers of the packets of some seconds, as a pcap file; answers when they are over. */
  async capture(room: string, participant: string, sec: number): Promise<Blob> {
    const params = { path: { room, participant } };
    return (await this.#got<unknown>(
      this.#client.POST("/v1/rooms/{room}/participants/{participant}:capture", {
        params,
        body: { sec },
        parseAs: "blob",
      }),
    )) as Blob;
  }

  queue(room: string, signal?: AbortSignal): Promise<readonly Ticket[]> {
    return this.#all(async (cursor) => {
      const params = { path: { room }, query: { limit: MOST, ...cursor } };
      const { tickets, nextCursor } = await this.#got(
        this.#client.GET("/v1/rooms/{room}/queue", { params, ...stoppedBy(signal) }),
      );
      return { items: tickets, nextCursor };
    });
  }

  admit(room: string, whom: { readonly ticketId: string } | { readonly all: true }): Promise<void> {
    return this.#post("/v1/rooms/{room}/queue:admit", { room }, whom);
  }

  deny(room: string, ticket: string): Promise<void> {
    return this.#post("/v1/rooms/{room}/queue/{ticket}:deny", { room, ticket });
  }

  moveTicket(room: string, ticket: string, position: number): Promise<void> {
    return this.#post("/v1/rooms/{room}/queue/{ticket}:move", { room, ticket }, { position });
  }

  pauseQueue(room: string, paused: boolean): Promise<void> {
    return this.#post(`/v1/rooms/{room}/queue:${paused ? "pause" : "resume"}`, { room });
  }

  timer(room: string, signal?: AbortSignal): Promise<Timer> {
    return this.#got(this.#client.GET("/v1/rooms/{room}/timer", { params: { path: { room } }, ...stoppedBy(signal) }));
  }

  controlTimer(room: string, what: "start" | "pause" | "resume" | "stop"): Promise<void> {
    return this.#post(`/v1/rooms/{room}/timer:${what}`, { room });
  }

  setTimer(room: string, durationSec: number): Promise<void> {
    return this.#post("/v1/rooms/{room}/timer:set", { room }, { durationSec });
  }

  extendTimer(room: string, sec: number): Promise<void> {
    return this.#post("/v1/rooms/{room}/timer:extend", { room }, { sec });
  }

  async visits(asked: HistoryQuery, cursor: string | undefined, signal?: AbortSignal): Promise<Page<Visit>> {
    const { visits, nextCursor } = await this.#got(
      this.#client.GET("/v1/history/visits", { params: pageOf(asked, cursor), ...stoppedBy(signal) }),
    );
    return { items: visits, nextCursor };
  }

  visit(visit: string, signal?: AbortSignal): Promise<VisitDetails> {
    const params = { path: { visit } };
    return this.#got(this.#client.GET("/v1/history/visits/{visit}", { params, ...stoppedBy(signal) }));
  }

  async roomSessions(
    asked: HistoryQuery,
    cursor: string | undefined,
    signal?: AbortSignal,
  ): Promise<Page<RoomSession>> {
    const { rooms, nextCursor } = await this.#got(
      this.#client.GET("/v1/history/rooms", { params: pageOf(asked, cursor), ...stoppedBy(signal) }),
    );
    return { items: rooms, nextCursor };
  }

  async pastEvents(asked: HistoryQuery, cursor: string | undefined, signal?: AbortSignal): Promise<Page<PastEvent>> {
    const { events, nextCursor } = await this.#got(
      this.#client.GET("/v1/history/events", { params: pageOf(asked, cursor), ...stoppedBy(signal) }),
    );
    return { items: events, nextCursor };
  }

  async audit(asked: HistoryQuery, cursor: string | undefined, signal?: AbortSignal): Promise<Page<AuditEntry>> {
    const { audit, nextCursor } = await this.#got(
      this.#client.GET("/v1/history/audit", { params: pageOf(asked, cursor), ...stoppedBy(signal) }),
    );
    return { items: audit, nextCursor };
  }

  async waits(asked: HistoryQuery, cursor: string | undefined, signal?: AbortSignal): Promise<Page<QueueWait>> {
    const { queue, nextCursor } = await this.#got(
      this.#client.GET("/v1/history/queue", { params: pageOf(asked, cursor), ...stoppedBy(signal) }),
    );
    return { items: queue, nextCursor };
  }

  async reports(asked: HistoryQuery, cursor: string | undefined, signal?: AbortSignal): Promise<Page<ReportEntry>> {
    const { reports, nextCursor } = await this.#got(
      this.#client.GET("/v1/diagnostics", { params: pageOf(asked, cursor), ...stoppedBy(signal) }),
    );
    return { items: reports, nextCursor };
  }

  async report(report: string, signal?: AbortSignal): Promise<unknown> {
    const params = { path: { report } };
    return (await this.#got(this.#client.GET("/v1/diagnostics/{report}", { params, ...stoppedBy(signal) }))).report;
  }

  /** All that the filter lets through, as a file. */
  async exported(what: Exported, format: "csv" | "json", filter: HistoryQuery): Promise<Blob> {
    const init = { params: { query: { format, ...filled(filter) } }, parseAs: "blob" };
    const fetched = this.#client.GET(`/v1/history/${what}:export` as never, init as never);
    return await this.#got<Blob>(fetched);
  }

  /** Asks once more when no answer came: with the same key nothing is done twice. */
  async #post(path: string, names: object, body: object = {}): Promise<void> {
    const init = { params: { path: names, header: { "Idempotency-Key": newKey() } }, body };
    const send = () => this.#got((this.#client as unknown as AnyPath).POST(path, init));
    try {
      await send();
    } catch (failure) {
      if (ApiError.of(failure).status !== 0) throw failure;
      await send();
    }
  }

  async #all<T>(page: (cursor: { cursor?: string }) => Promise<Page<T>>): Promise<readonly T[]> {
    const found: T[] = [];
    let cursor: { cursor?: string } | undefined = {};
    while (cursor) {
      const { items, nextCursor }: Page<T> = await page(cursor);
      found.push(...items);
      cursor = nextCursor === undefined ? undefined : { cursor: nextCursor };
    }
    return found;
  }

  async #got<T>(asked: Promise<Answered<T>>): Promise<T> {
    let answered: Answered<T>;
    try {
      answered = await asked;
    } catch (failure) {
      throw isAbort(failure) ? failure : ApiError.of(failure);
    }
    const { data, error, response } = answered;
    if (response.ok) return data as T;
    if (response.status === 401) this.#options.refused?.(this.#options.token?.() !== undefined);
    throw ApiError.ofProblem(response.status, error);
  }
}

const ONE = "/v1/rooms/{room}/participants/{participant}";

function stoppedBy(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

/** What narrows a list, and where it goes on. */
function pageOf(asked: HistoryQuery, cursor: string | undefined) {
  return { query: { ...filled(asked), limit: HISTORY_PAGE, ...(cursor !== undefined && { cursor }) } };
}

function filled(asked: HistoryQuery): Record<string, string> {
  return Object.fromEntries(
    Object.entries(asked).flatMap(([name, value]) =>
      typeof value === "string" && value !== "" ? [[name, value]] : [],
    ),
  );
}

/** `crypto.randomUUID` is there on secure pages only. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The sum of a counter over UDP and TCP, of the text that Prometheus reads. */
function trafficOf(metrics: string): Traffic {
  const sum = (...names: readonly string[]) =>
    names.reduce(
      (total, name) => total + Number(new RegExp(`^${name}(?:_total)? (\\S+)`, "m").exec(metrics)?.[1] ?? 0),
      0,
    );
  return {
    receivedBytes: sum("sfu_media_bytes_received", "sfu_media_tcp_bytes_received"),
    sentBytes: sum("sfu_media_bytes_sent", "sfu_media_tcp_bytes_sent"),
  };
}
