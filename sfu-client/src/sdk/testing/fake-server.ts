import type { EventData, HelloReply, ParticipantInfo } from "../protocol.js";
import { settle, type FakePlatform, type FakeSocket } from "./fake-platform.js";

type Message = { type: string; id: number; data: Record<string, unknown> };
type WireError = { code: string; message?: string; retryable?: boolean; retryAfterMs?: number };

/** The server's side of `sfu.v1` as far as a client can see it: one session, its buffered events, and one room. */
export class FakeServer {
  readonly requests: Message[] = [];
  /** Requests of these types are answered with an error, until taken out. */
  readonly refuse = new Map<string, WireError>();
  /** Requests of these types get no answer. */
  readonly ignore = new Set<string>();
  participants: ParticipantInfo[] = [];
  reachable = true;
  silent = false;
  answer = "answer";
  limits: HelloReply["limits"];
  #sessions = 0;
  #joins = 0;
  #session: { id: string; events: { type: string; seq: number; data: unknown }[] } | undefined;
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
    else socket.deliver({ type: "ok", id: message.id, data: this.#reply(message) });
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
    this.#session = resume && this.#session ? this.#session : { id: `se_${++this.#sessions}`, events: [] };
    socket.deliver({
      type: "ok",
      id,
      data: {
        version: 1,
        sessionId: this.#session.id,
        resumeToken: `secret-${this.#session.id}`,
        resumed: resume !== undefined,
        ping: { intervalMs: 10_000, timeoutMs: 15_000 },
        iceServers: [],
        limits: this.limits,
      },
    });
    const missed = resume ? this.#session.events.slice(resume.lastSeq) : [];
    // A browser hands over each frame in a task of its own.
    void settle(10).then(() => missed.forEach((event) => socket.deliver(event)));
  }

  #reply({ type, data }: Message): unknown {
    switch (type) {
      case "ping":
        return { t: data["t"], serverTimeMs: this.platform.clock.nowMs() + 500 };
      case "join":
        return {
          status: "joined",
          room: { id: "rm_1", name: data["room"] },
          self: { id: `pa_self${++this.#joins}`, csrc: 1, role: "participant", displayName: data["displayName"] },
          participants: this.participants,
          sdp: this.answer,
          gen: 1,
          slots: [],
        };
      case "track.update":
        return { trackId: `tr_${String(data["mid"])}` };
      default:
        return {};
    }
  }
}
