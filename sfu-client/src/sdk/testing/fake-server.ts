import type {
  ChatInfo,
  EventData,
  HelloReply,
  ParticipantInfo,
  QueueUpdate,
  TimerInfo,
  TrackInfo,
} from "../protocol.js";
import { settle, type FakePlatform, type FakeSocket } from "./fake-platform.js";

type Message = { type: string; id: number; data: Record<string, unknown> };
type WireError = { code: string; message?: string; retryable?: boolean; retryAfterMs?: number };

/** The server's side of `sfu.v1` as far as a client can see it: one session, its buffered events, and one room. */
export class FakeServer {
  readonly requests: Message[] = [];
  /** Requests of these types are answered with an error, until taken out. */
  readonly refuse = new Map<string, WireError>();
  /** Requests of these types get lost. */
  readonly ignore = new Set<string>();
  /** Requests of these types are carried out, and their replies get lost. */
  readonly swallow = new Set<string>();
  /** How often each type was carried out. */
  readonly carriedOut = new Map<string, number>();
  participants: ParticipantInfo[] = [];
  reachable = true;
  silent = false;
  answer = "answer";
  limits: HelloReply["limits"];
  iceServers: RTCIceServer[] = [];
  /** Whoever enters without `admitToken` is told this. */
  queue: QueueUpdate | undefined;
  timer: TimerInfo | null = null;
  chat: ChatInfo[] = [];
  ownTracks: TrackInfo[] = [];
  permissions: string[] = [];
  gen = 1;
  /** Server clock minus client clock. */
  clockOffsetMs = 500;
  #sessions = 0;
  #joins = 0;
  #session:
    { id: string; events: { type: string; seq: number; data: unknown }[]; replies: Map<number, unknown> } | undefined;
  #socket: FakeSocket | undefined;

  constructor(readonly platform: FakePlatform) {
    platform.server = this;
  }

  opened(socket: FakeSocket): void {
    if (socket.closedWith) return;
    if (!this.reachable) {
      socket.drop(1006);
      return;
    }
    this.#socket = socket;
    socket.listener.opened();
  }

  received(socket: FakeSocket, message: Message): void {
    this.requests.push(message);
    if (this.silent || this.ignore.has(message.type)) return;
    const refusal = this.refuse.get(message.type);
    if (refusal) {
      socket.deliver({ type: "error", id: message.id, error: refusal });
      return;
    }
    if (message.type === "hello") this.#greet(socket, message);
    else {
      const reply = { type: "ok", id: message.id, data: this.#replyOnce(message) };
      if (!this.swallow.has(message.type)) socket.deliver(reply);
    }
  }

  of(type: string): Message[] {
    return this.requests.filter((request) => request.type === type);
  }

  emit<T extends keyof EventData>(type: T, data: EventData[T]): void {
    if (!this.#session) throw new Error("no session");
    const event = { type, seq: this.#session.events.length + 1, data };
    this.#session.events.push(event);
    this.#socket?.deliver(event);
  }

  drop(code: number, reason = ""): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.drop(code, reason);
  }

  forgetSession(): void {
    this.#session = undefined;
  }

  #greet(socket: FakeSocket, { id, data }: Message): void {
    const resume = data["resume"] as { sessionId: string; lastSeq: number } | undefined;
    if (resume && resume.sessionId !== this.#session?.id) {
      socket.deliver({ type: "error", id, error: { code: "session_not_found", message: "gone" } });
      return;
    }
    this.#session =
      resume && this.#session ? this.#session : { id: `se_${++this.#sessions}`, events: [], replies: new Map() };
    socket.deliver({
      type: "ok",
      id,
      data: {
        version: 1,
        sessionId: this.#session.id,
        resumeToken: `secret-${this.#session.id}`,
        resumed: resume !== undefined,
        ping: { intervalMs: 10_000, timeoutMs: 15_000 },
        iceServers: this.iceServers,
        limits: this.limits,
      },
    });
    const missed = resume ? this.#session.events.slice(resume.lastSeq) : [];
    // A browser hands over each frame in a task of its own.
    void settle(10).then(() => missed.forEach((event) => socket.deliver(event)));
  }

  #replyOnce(message: Message): unknown {
    const { type, id } = message;
    const replies = this.#session?.replies ?? new Map<number, unknown>();
    if (!replies.has(id)) {
      this.carriedOut.set(type, (this.carriedOut.get(type) ?? 0) + 1);
      replies.set(id, this.#reply(message));
    }
    return replies.get(id);
  }

  #reply({ type, data }: Message): unknown {
    switch (type) {
      case "ping":
        return { t: data["t"], serverTimeMs: this.platform.clock.nowMs() + this.clockOffsetMs };
      case "join":
        return this.#enter(data) ?? { ...this.#entered(data), sdp: this.answer };
      case "room.switch":
        return this.#enter(data) ?? this.#entered(data);
      case "track.update":
        return { trackId: `tr_${String(data["mid"])}` };
      case "ice.restart":
        return { gen: ++this.gen, ufrag: `s${this.gen}`, pwd: "s".repeat(22), candidates: [`${this.gen} 1 udp`] };
      case "chat.send":
        return this.#chat(data);
      default:
        return {};
    }
  }

  #enter(data: Message["data"]): unknown {
    return this.queue && data["admitToken"] === undefined ? { status: "queued", ...this.queue } : undefined;
  }

  #entered(data: Message["data"]): object {
    return {
      status: "joined",
      room: { id: `rm_${String(data["room"])}`, name: data["room"], locked: false },
      self: {
        id: `pa_self${++this.#joins}`,
        csrc: 1,
        role: "participant",
        displayName: data["displayName"],
        permissions: this.permissions,
        tracks: this.ownTracks,
      },
      participants: this.participants,
      gen: this.gen,
      slots: [],
      timer: this.timer,
      chat: this.chat,
    };
  }

  #chat(data: Message["data"]): unknown {
    const message: ChatInfo = {
      msgId: `ms_${this.chat.length + 1}`,
      at: "2026-01-02T03:04:05Z",
      from: { participantId: `pa_self${this.#joins}`, identity: "ann", displayName: "Ann" },
      text: String(data["text"]),
      clientMsgId: String(data["clientMsgId"]),
    };
    this.chat = [...this.chat, message];
    this.emit("chat.message", message);
    return { msgId: message.msgId, at: message.at };
  }
}
