import type { Cancel, Clock } from "./platform.js";

const LOOK_EVERY_MS = 250;
/** Streams of which a packet is due every 20 to 40 ms do not pause for so long. */
const STALLED_AFTER_MS = 1_000;

/**
 * Notices that everything that was received stops at once, seconds before ICE does: on another network, or when the others
 * stopped sending. So it is a suspicion only.
 */
export class StallWatch {
  readonly #clock: Clock;
  readonly #lastHeardMs: () => number | undefined;
  readonly #changed: (stalled: boolean) => void;
  #heardMs: number | undefined;
  #changedMs = 0;
  #flowing = false;
  #stopTimer: Cancel | undefined;

  /** @param lastHeardMs when the newest packet of anybody came, by whatever clock; `undefined` before the first */
  constructor(clock: Clock, lastHeardMs: () => number | undefined, changed: (stalled: boolean) => void) {
    this.#clock = clock;
    this.#lastHeardMs = lastHeardMs;
    this.#changed = changed;
  }

  /** Whether nothing is received where something was. */
  get stalled(): boolean {
    return !this.#flowing && this.#heardMs !== undefined;
  }

  start(): void {
    this.stop();
    this.#look();
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #look(): void {
    this.#stopTimer = this.#clock.after(LOOK_EVERY_MS, () => this.#look());
    const nowMs = this.#clock.nowMs();
    const heardMs = this.#lastHeardMs();
    if (heardMs !== undefined && heardMs !== this.#heardMs) {
      this.#changedMs = nowMs;
      const wasStalled = this.stalled;
      this.#heardMs = heardMs;
      this.#flowing = true;
      if (wasStalled) this.#changed(false);
    } else if (this.#flowing && nowMs - this.#changedMs >= STALLED_AFTER_MS) {
      this.#flowing = false;
      this.#changed(true);
    }
  }
}
