import type { Clock } from "./platform.js";
import type { TimerInfo } from "./protocol.js";

/** The session's time, as of the moment it was read. */
export interface TimerView {
  readonly state: TimerInfo["state"];
  /** Never below 0; stands still unless `running` or `overtime`. */
  readonly remainingMs: number;
  readonly extendedSec: number;
}

/** The server's deadline by the local clock: it ticks without a message a second. */
export class SessionTimer {
  readonly #clock: Clock;
  readonly #offsetMs: () => number | undefined;
  #info: TimerInfo | undefined;
  #receivedAtMs = 0;

  /** @param offsetMs server clock minus local clock, once it is known */
  constructor(clock: Clock, offsetMs: () => number | undefined) {
    this.#clock = clock;
    this.#offsetMs = offsetMs;
  }

  set(info: TimerInfo | null | undefined): void {
    this.#info = info ?? undefined;
    this.#receivedAtMs = this.#clock.nowMs();
  }

  /** `undefined` in a room without a timer. */
  view(): TimerView | undefined {
    if (!this.#info) return undefined;
    const { state, extendedSec = 0 } = this.#info;
    return { state, remainingMs: Math.max(0, Math.round(this.#remainingMs(this.#info))), extendedSec };
  }

  #remainingMs({ state, remainingMs, serverTimeMs }: TimerInfo): number {
    if (state !== "running" && state !== "overtime") return remainingMs;
    // With the offset, the time that the message was on its way counts as well.
    const offsetMs = this.#offsetMs() ?? serverTimeMs - this.#receivedAtMs;
    return serverTimeMs + remainingMs - (this.#clock.nowMs() + offsetMs);
  }
}
