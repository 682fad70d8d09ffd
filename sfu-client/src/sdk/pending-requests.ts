import { SfuError } from "./errors.js";
import type { Cancel, Clock } from "./platform.js";
import type { Requests } from "./protocol.js";

/**
 * Requests that may be said twice: they set something to a value, or carry a key of their own. The server also answers a
 * repeated id from memory, so that one carried out just before the connection broke is not carried out again.
 */
const REPEATABLE: ReadonlySet<keyof Requests> = new Set([
  "join",
  "room.switch",
  "participant.update",
  "chat.send",
  "mod.mute",
  "mod.muteAll",
  "mod.kick",
  "mod.lock",
  "mod.role",
  "mod.end",
  "mod.deny",
  "mod.hold",
  "mod.priority",
  "timer.set",
  "timer.pause",
]);

interface Pending {
  readonly type: keyof Requests;
  readonly frame: string;
  readonly timeoutMs: number;
  readonly resolve: (data: unknown) => void;
  readonly reject: (error: SfuError) => void;
  stopTimer: Cancel;
}

/** The requests that wait for their replies, also over a lost connection. */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #nextId: number;

  /** @param firstId of a continued session: one that the session has not used */
  constructor(clock: Clock, firstId: number) {
    this.#clock = clock;
    this.#nextId = firstId;
  }

  get nextId(): number {
    return this.#nextId;
  }

  static repeatable(type: keyof Requests): boolean {
    return REPEATABLE.has(type);
  }

  /** @param write `undefined` while there is no connection: the request waits for {@link repeat} */
  add<T extends keyof Requests>(
    type: T,
    data: Requests[T]["data"],
    timeoutMs: number,
    write: ((frame: string) => void) | undefined,
  ): Promise<Requests[T]["reply"]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const frame = JSON.stringify({ type, id, data });
      const pending: Pending = { type, frame, timeoutMs, resolve, reject, stopTimer: () => undefined };
      this.#pending.set(id, pending);
      if (!write) return;
      this.#limit(id, pending);
      write(frame);
    });
  }

  /** @returns whether such a request was waiting */
  settle(id: unknown, data: unknown, failure: SfuError | undefined): boolean {
    const pending = typeof id === "number" ? this.#pending.get(id) : undefined;
    if (!pending) return false;
    this.#pending.delete(id as number);
    pending.stopTimer();
    if (failure) pending.reject(failure);
    else pending.resolve(data);
    return true;
  }

  /** The connection is gone: what may be repeated waits, the rest fails. */
  lost(error: SfuError): void {
    for (const { type, stopTimer } of this.#pending.values()) if (REPEATABLE.has(type)) stopTimer();
    this.#fail(error, (type) => !REPEATABLE.has(type));
  }

  /** The session goes on over a new connection. */
  repeat(write: (frame: string) => void): void {
    for (const [id, pending] of this.#pending) {
      this.#limit(id, pending);
      write(pending.frame);
    }
  }

  /** The session is over. */
  forget(error: SfuError): void {
    this.#fail(error, () => true);
  }

  #limit(id: number, pending: Pending): void {
    const { type, timeoutMs } = pending;
    pending.stopTimer = this.#clock.after(timeoutMs, () => {
      this.#pending.delete(id);
      pending.reject(new SfuError("request_timeout", `${type}: no reply within ${timeoutMs} ms.`, { retryable: true }));
    });
  }

  #fail(error: SfuError, which: (type: keyof Requests) => boolean): void {
    for (const [id, { type, reject, stopTimer }] of [...this.#pending]) {
      if (!which(type)) continue;
      this.#pending.delete(id);
      stopTimer();
      reject(new SfuError("connection_lost", `${type}: ${error.message}`, { retryable: true, cause: error }));
    }
  }
}
