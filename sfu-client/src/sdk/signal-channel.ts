import { closeMeaning, type CloseMeaning } from "./close-codes.js";
import { Emitter } from "./emitter.js";
import { SfuError } from "./errors.js";
import type { LogSink } from "./log.js";
import type { LogGuard } from "./log-guard.js";
import { PendingRequests } from "./pending-requests.js";
import type { Cancel, Platform, Socket } from "./platform.js";
import {
  isKnownEvent,
  PROTOCOL_VERSION,
  SUBPROTOCOL,
  type HelloData,
  type HelloReply,
  type Requests,
  type ServerEvent,
} from "./protocol.js";
import type { RetryPolicy } from "./retry-policy.js";
import { RoundTrip } from "./round-trip.js";
import { SDK_NAME, SDK_VERSION } from "./version.js";

/** The token for `hello`: fixed, or asked for before each connection. */
export type TokenSource = string | (() => string | Promise<string>);

/** What continues a session: over another connection, and in the same tab after a reload. */
export interface ResumeData {
  readonly sessionId: string;
  readonly resumeToken: string;
  readonly lastSeq: number;
  /** The server remembers ids: a page that goes on with the session must not use them again. */
  readonly nextId: number;
  /** The newest token of the server, when it has sent one. */
  readonly token: string | undefined;
}

export interface SignalOptions {
  readonly url: string;
  readonly resume?: ResumeData | undefined;
  readonly token: TokenSource | undefined;
  /** The first connection. */
  readonly connect: RetryPolicy;
  readonly reconnect: RetryPolicy;
  readonly platform: Platform;
  /** Is told each secret before it can get into a line. */
  readonly guard: LogGuard;
}

export interface SignalEvents {
  /** `hello` succeeded, the first time and after each reconnection. */
  welcome: HelloReply;
  /** The connection is gone and attempt `attempt` of `maxAttempts` is on its way. */
  reconnecting: { attempt: number; maxAttempts: number; error: SfuError };
  event: ServerEvent;
  /** A connection that was doubted is alive. */
  alive: undefined;
  /** The channel is over; `undefined` when this side closed it. */
  closed: SfuError | undefined;
}

/** What became of this client's WebSockets. `created` minus `destroyed` is the number open now: 0 or 1. */
export interface ConnectionMetrics {
  connectionsCreated: number;
  connectionsDestroyed: number;
  reconnectAttempts: number;
  /** Events that were skipped, and that came twice: both 0, or the server has a fault. */
  eventsMissed: number;
  eventsRepeated: number;
  lastError: SfuError | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 10_000;
const DEFAULT_PING = { intervalMs: 10_000, timeoutMs: 15_000 };
/** How long a socket may stay silent on another network before it counts as dead: replacing one that lives costs little. */
const CHANGED_TIMEOUT_MS = 500;
/** The same after media stopped, which has other causes too. */
const SUSPECTED_TIMEOUT_MS = 1_000;
/** On a slow network the reply takes longer. */
const PROBE_ROUND_TRIPS = 4;
/** A connection shorter than this does not reset the attempts: a server that accepts and drops is not hammered. */
const STABLE_AFTER_MS = 5_000;
const RATE_LIMITED_WAIT_MS = 5_000;
const CLOSED_BY_CLIENT = 1000;
const HEARTBEAT_LOST = 4009;
/** Tells the server that this page is left: it comes back soon, or not at all. Scripts may not send 1001. */
const PAGE_LEFT = 3001;

/**
 * One session over one WebSocket at a time: requests with replies, events in order, heartbeat, and reconnection with
 * resume. A request that may be said twice waits for the connection and is repeated under its id; any other one fails with
 * `connection_lost`, and is for the caller to say again, since only the caller knows its latest wish.
 */
export class SignalChannel {
  readonly #options: SignalOptions;
  readonly #log: LogSink;
  readonly #events = new Emitter<SignalEvents>();
  readonly #requests: PendingRequests;
  readonly #stopWatchingNetwork: Cancel;
  #state: "idle" | "connecting" | "open" | "waiting" | "closed" = "idle";
  #socket: Socket | undefined;
  /** Calls back from a socket that was given up are told apart by it. */
  #generation = 0;
  #lastSeq: number;
  #resume: { sessionId: string; resumeToken: string } | undefined;
  #attempt = 0;
  #everOpened = false;
  #tokenRefused = false;
  #freshToken: string | undefined;
  /** Where the server said to go; the next connection goes there. */
  #url: string;
  #openedAtMs = 0;
  #heardAtMs = 0;
  /** While a sign of life is asked for. */
  #stopProbe: Cancel | undefined;
  #retryAfterMs = 0;
  #roundTrip = new RoundTrip();
  #timers: Cancel[] = [];
  #stopWaiting: Cancel | undefined;
  #opening: { resolve: () => void; reject: (error: SfuError) => void } | undefined;
  #hello: HelloReply | undefined;
  #iceServers: RTCIceServer[] = [];
  readonly metrics: ConnectionMetrics = {
    connectionsCreated: 0,
    connectionsDestroyed: 0,
    reconnectAttempts: 0,
    eventsMissed: 0,
    eventsRepeated: 0,
    lastError: undefined,
  };

  constructor(options: SignalOptions) {
    const { resume } = options;
    this.#options = options;
    this.#log = options.guard.log;
    options.guard.hide(resume?.resumeToken);
    options.guard.hide(resume?.token);
    this.#url = options.url;
    this.#resume = resume && { sessionId: resume.sessionId, resumeToken: resume.resumeToken };
    this.#lastSeq = resume?.lastSeq ?? 0;
    this.#freshToken = resume?.token;
    this.#requests = new PendingRequests(options.platform.clock, resume?.nextId ?? 1);
    this.#stopWatchingNetwork = options.platform.network.watch((online) => this.#networkChanged(online));
  }

  on<K extends keyof SignalEvents>(type: K, listener: (payload: SignalEvents[K]) => void): Cancel {
    return this.#events.on(type, listener);
  }

  get open(): boolean {
    return this.#state === "open";
  }

  /** Whether the connection may be dead: it is being asked for a sign of life. */
  get doubted(): boolean {
    return this.#stopProbe !== undefined;
  }

  get sessionId(): string | undefined {
    return this.#hello?.sessionId;
  }

  get iceServers(): RTCIceServer[] {
    return this.#iceServers;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get rttMs(): number | undefined {
    return this.#roundTrip.rttMs;
  }

  get clockOffsetMs(): number | undefined {
    return this.#roundTrip.offsetMs;
  }

  /** Resolves after the first `hello`, rejects when the server refuses or cannot be reached. */
  connect(): Promise<void> {
    if (this.#state !== "idle") throw new Error(`connect() in state ${this.#state}: a channel connects once.`);
    return new Promise((resolve, reject) => {
      this.#opening = { resolve, reject };
      this.#start();
    });
  }

  request<T extends keyof Requests>(
    type: T,
    data: Requests[T]["data"],
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<Requests[T]["reply"]> {
    if (!this.open && this.#resume && this.#state !== "closed" && PendingRequests.repeatable(type)) {
      return this.#requests.add(type, data, timeoutMs, undefined);
    }
    if (!this.open) {
      return Promise.reject(
        new SfuError("connection_lost", `${type} was not sent: there is no connection.`, { retryable: true }),
      );
    }
    return this.#send(type, data, timeoutMs);
  }

  /** Says `bye`, so that the server keeps nothing, and closes for good. */
  close(): void {
    if (this.#state === "closed") return;
    if (this.open) this.#send("bye", {}, REQUEST_TIMEOUT_MS).catch(() => undefined);
    this.#dropSocket(CLOSED_BY_CLIENT, "bye");
    this.#finish(undefined);
  }

  /** Ends here without `bye`: the server keeps the place for whoever comes back with the result. */
  suspend(): ResumeData | undefined {
    const resume = this.#state === "closed" ? undefined : this.#resume;
    this.#dropSocket(PAGE_LEFT, "suspended");
    this.#finish(undefined);
    return resume && { ...resume, lastSeq: this.#lastSeq, nextId: this.#requests.nextId, token: this.#freshToken };
  }

  #start(): void {
    const { platform } = this.#options;
    const url = this.#url;
    this.#state = "connecting";
    this.#stopWaiting = undefined;
    this.#retryAfterMs = 0;
    const generation = ++this.#generation;
    const current = () => generation === this.#generation;
    this.metrics.connectionsCreated++;
    this.#log("info", "signal.connecting", { attempt: this.#attempt, resume: this.#resume !== undefined });
    try {
      this.#socket = platform.openSocket(url, SUBPROTOCOL, {
        opened: () => {
          if (current()) void this.#greet(generation);
        },
        received: (text) => {
          if (current()) this.#receive(text);
        },
        closed: (code, reason) => {
          if (current()) this.#closed(closeMeaning(code, reason));
        },
      });
    } catch (thrown) {
      // A URL the browser refuses: no later attempt can do better.
      this.metrics.connectionsDestroyed++;
      this.#finish(SfuError.from(thrown));
      return;
    }
    this.#timer(CONNECT_TIMEOUT_MS, () => {
      if (this.#state !== "connecting") return;
      this.#dropSocket(HEARTBEAT_LOST, "connect timeout");
      this.#lost(new SfuError("connect_timeout", `No connection to ${url} within ${CONNECT_TIMEOUT_MS} ms.`));
    });
  }

  async #greet(generation: number): Promise<void> {
    try {
      const { token, platform, guard } = this.#options;
      const value = typeof token === "function" ? await token() : (this.#freshToken ?? token);
      if (generation !== this.#generation) return;
      const data: HelloData = {
        versions: [PROTOCOL_VERSION],
        client: { sdk: SDK_NAME, version: SDK_VERSION, platform: platform.name, mobile: platform.mobile },
      };
      guard.hide(value);
      if (value !== undefined) data.token = value;
      if (this.#resume) data.resume = { ...this.#resume, lastSeq: this.#lastSeq };
      const sentMs = platform.clock.nowMs();
      const reply = await this.#send("hello", data, CONNECT_TIMEOUT_MS);
      if (generation !== this.#generation) return;
      const serverTimeMs = reply.server?.timeMs;
      if (serverTimeMs !== undefined) this.#roundTrip.add(sentMs, platform.clock.nowMs(), serverTimeMs);
      this.#welcome(reply);
    } catch (thrown) {
      if (generation === this.#generation) this.#refused(SfuError.from(thrown), generation);
    }
  }

  #welcome(hello: HelloReply): void {
    const { clock } = this.#options.platform;
    const first = !this.#everOpened;
    this.#everOpened = true;
    this.#tokenRefused = false;
    this.#state = "open";
    this.#hello = hello;
    this.#options.guard.hide(hello.resumeToken);
    this.#useServers(hello.iceServers ?? []);
    this.#openedAtMs = clock.nowMs();
    if (!hello.resumed) this.#lastSeq = 0;
    this.#resume = { sessionId: hello.sessionId, resumeToken: hello.resumeToken };
    this.#log("info", "signal.open", { session: hello.sessionId, resumed: hello.resumed });
    const { intervalMs, timeoutMs } = hello.ping ?? DEFAULT_PING;
    this.#stopTimers();
    this.#pingEvery(intervalMs, timeoutMs);
    this.#dieAfterSilence(intervalMs + timeoutMs);
    if (hello.resumed) this.#requests.repeat((frame) => this.#socket?.send(frame));
    else this.#requests.forget(new SfuError("connection_lost", "The session is a new one.", { retryable: true }));
    if (first) {
      this.#opening?.resolve();
      this.#opening = undefined;
    }
    this.#events.emit("welcome", hello);
  }

  #refused(error: SfuError, generation: number): void {
    if (error.code === "session_not_found" && this.#resume) {
      this.#log("warn", "signal.session_lost", {});
      this.#resume = undefined;
      void this.#greet(generation);
      return;
    }
    this.#dropSocket(CLOSED_BY_CLIENT, "hello refused");
    if (!error.retryable) {
      this.#finish(error);
      return;
    }
    this.#retryAfterMs = error.retryAfterMs ?? 0;
    this.#lost(error);
  }

  #receive(text: string): void {
    this.#heardAtMs = this.#options.platform.clock.nowMs();
    if (this.doubted) {
      this.#endProbe();
      this.#events.emit("alive", undefined);
    }
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      this.#log("warn", "signal.bad_frame", { length: text.length });
      return;
    }
    if (typeof message !== "object" || message === null) return;
    const { type, id, seq, data, error } = message as Record<string, unknown>;
    if (type === "ok" || type === "error") this.#settle(type, id, data, error);
    else if (typeof type === "string") this.#event(type, seq, data);
  }

  #settle(type: "ok" | "error", id: unknown, data: unknown, error: unknown): void {
    const failure = type === "error" ? SfuError.fromWire(error) : undefined;
    // A rate limit names its wait in an error and then closes with 4008.
    if (failure?.retryAfterMs !== undefined) this.#retryAfterMs = failure.retryAfterMs;
    if (this.#requests.settle(id, data, failure) || !failure) return;
    this.#log("warn", "signal.error", { code: failure.code, message: failure.message });
  }

  #event(type: string, seq: unknown, data: unknown): void {
    if (typeof seq === "number") {
      // A resume may send again what had arrived just before the loss.
      if (seq <= this.#lastSeq) {
        this.metrics.eventsRepeated++;
        return;
      }
      if (seq !== this.#lastSeq + 1) {
        this.metrics.eventsMissed += seq - this.#lastSeq - 1;
        this.#log("warn", "signal.gap", { expected: this.#lastSeq + 1, received: seq });
      }
      this.#lastSeq = seq;
    }
    if (!isKnownEvent(type)) return;
    const event = { type, data } as ServerEvent;
    this.#note(event);
    this.#events.emit("event", event);
  }

  /** What concerns the connection itself. */
  #note({ type, data }: ServerEvent): void {
    if (type === "token.refresh") {
      this.#freshToken = data.token;
      this.#options.guard.hide(data.token);
    } else if (type === "ice.servers") this.#useServers(data.iceServers);
    else if (type === "server.notice" && data.url !== undefined && /^wss?:/.test(data.url)) this.#url = data.url;
  }

  #useServers(servers: RTCIceServer[]): void {
    this.#options.guard.hideServers(servers);
    this.#iceServers = servers;
  }

  #send<T extends keyof Requests>(
    type: T,
    data: Requests[T]["data"],
    timeoutMs: number,
  ): Promise<Requests[T]["reply"]> {
    return this.#requests.add(type, data, timeoutMs, (frame) => {
      this.#log("debug", "signal.request", { type });
      this.#socket?.send(frame);
    });
  }

  #pingEvery(intervalMs: number, timeoutMs: number): void {
    this.#timer(intervalMs, () => {
      this.#ping(timeoutMs);
      this.#pingEvery(intervalMs, timeoutMs);
    });
  }

  #ping(timeoutMs: number): void {
    const { clock } = this.#options.platform;
    const sentMs = clock.nowMs();
    this.#send("ping", { t: Math.round(sentMs) }, timeoutMs).then(
      ({ serverTimeMs }) => this.#roundTrip.add(sentMs, clock.nowMs(), serverTimeMs),
      // Silence is judged by dieAfterSilence: any frame counts as a sign of life, not only this reply.
      (error: unknown) => this.#log("debug", "signal.ping_failed", { code: SfuError.from(error).code }),
    );
  }

  #dieAfterSilence(limitMs: number): void {
    const silentMs = this.#options.platform.clock.nowMs() - this.#heardAtMs;
    if (silentMs >= limitMs) {
      this.#dropSocket(HEARTBEAT_LOST, "heartbeat lost");
      this.#lost(new SfuError("heartbeat_lost", `The server was silent for ${Math.round(silentMs)} ms.`));
      return;
    }
    this.#timer(limitMs - silentMs, () => this.#dieAfterSilence(limitMs));
  }

  #networkChanged(online: boolean): void {
    this.#log("info", "network.changed", { online });
    if (this.#state === "waiting") {
      this.#stopWaiting?.();
      this.#stopWaiting = undefined;
      if (online) this.#start();
      return;
    }
    if (!online || this.#state !== "open") return;
    // The way out may be another one now, and the old socket dead without a sign. The failures of before say nothing of it.
    this.#attempt = 0;
    this.#probe(CHANGED_TIMEOUT_MS);
  }

  /** Media stopped, and this connection may have with it: looks now instead of at the next ping. */
  suspect(): void {
    // One that is doubted already is judged no later for it.
    if (this.#state === "open" && !this.doubted) this.#probe(SUSPECTED_TIMEOUT_MS);
  }

  #probe(leastMs: number): void {
    const timeoutMs = Math.max(leastMs, PROBE_ROUND_TRIPS * (this.rttMs ?? 0));
    this.#endProbe();
    this.#ping(timeoutMs);
    this.#stopProbe = this.#options.platform.clock.after(timeoutMs, () => this.#dieAfterSilence(0));
  }

  #endProbe(): void {
    this.#stopProbe?.();
    this.#stopProbe = undefined;
  }

  #closed(meaning: CloseMeaning): void {
    const wasOpen = this.#state === "open";
    this.#forgetSocket(meaning.error);
    switch (meaning.action) {
      case "stop":
        this.#finish(meaning.error);
        return;
      case "token":
        if (typeof this.#options.token !== "function" || this.#tokenRefused) {
          this.#finish(meaning.error);
          return;
        }
        this.#tokenRefused = true;
        break;
      case "wait":
        this.#retryAfterMs ||= RATE_LIMITED_WAIT_MS;
        break;
      case "fresh":
        this.#resume = undefined;
        break;
      case "resume":
        break;
    }
    this.#log("warn", "signal.lost", { code: meaning.error.code, wasOpen });
    this.#lost(meaning.error);
  }

  /** The connection is gone: plan the next attempt or give up. */
  #lost(error: SfuError): void {
    const { platform, connect, reconnect } = this.#options;
    this.metrics.lastError = error;
    if (this.#openedAtMs > 0 && platform.clock.nowMs() - this.#openedAtMs >= STABLE_AFTER_MS) this.#attempt = 0;
    this.#openedAtMs = 0;
    const policy = this.#everOpened ? reconnect : connect;
    const delayMs = policy.delayMs(++this.#attempt, () => platform.random(), error);
    if (delayMs === undefined) {
      this.#finish(
        new SfuError("connection_lost", `No connection after ${policy.maxAttempts} attempts: ${error.message}`, {
          retryable: true,
          cause: error,
        }),
      );
      return;
    }
    this.#state = "waiting";
    this.metrics.reconnectAttempts++;
    this.#events.emit("reconnecting", { attempt: this.#attempt, maxAttempts: policy.maxAttempts, error });
    // Offline, the clock stands: networkChanged goes on from here.
    if (platform.network.online) {
      this.#stopWaiting = platform.clock.after(Math.max(delayMs, this.#retryAfterMs), () => this.#start());
    }
  }

  #finish(error: SfuError | undefined): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#generation++;
    this.#stopTimers();
    this.#stopWaiting?.();
    this.#stopWatchingNetwork();
    if (error) this.metrics.lastError = error;
    this.#requests.forget(error ?? new SfuError("left", "The connection was closed."));
    this.#log(error ? "error" : "info", "signal.closed", { code: error?.code, message: error?.message });
    this.#opening?.reject(error ?? new SfuError("left", "Closed before the connection was made."));
    this.#opening = undefined;
    this.#events.emit("closed", error);
  }

  #dropSocket(code: number, reason: string): void {
    this.#socket?.close(code, reason);
    this.#forgetSocket(new SfuError("connection_lost", `The connection was closed: ${reason}.`, { retryable: true }));
  }

  #forgetSocket(error: SfuError): void {
    if (!this.#socket) return;
    this.#socket = undefined;
    this.#endProbe();
    this.#generation++;
    this.metrics.connectionsDestroyed++;
    this.#stopTimers();
    this.#requests.lost(error);
  }

  #timer(delayMs: number, run: () => void): void {
    this.#timers.push(this.#options.platform.clock.after(delayMs, run));
  }

  #stopTimers(): void {
    for (const stop of this.#timers) stop();
    this.#timers = [];
  }
}
