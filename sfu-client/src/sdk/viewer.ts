import type { Cancel, Clock } from "./platform.js";
import type { ViewData } from "./protocol.js";

const DEBOUNCE_MS = 200;

/**
 * What the viewer wants to see. A layout in motion changes its wish many times a second: only the last one is sent, and
 * the same one again after a join, where the server knows none. Without any wish the server decides.
 */
export class Viewer {
  readonly #clock: Clock;
  readonly #send: (wish: ViewData) => Promise<unknown>;
  #wish: ViewData | undefined;
  #stopTimer: Cancel | undefined;

  constructor(clock: Clock, send: (wish: ViewData) => Promise<unknown>) {
    this.#clock = clock;
    this.#send = send;
  }

  want(wish: ViewData): void {
    this.#wish = wish;
    this.#stopTimer?.();
    this.#stopTimer = this.#clock.after(DEBOUNCE_MS, () => void this.resend());
  }

  async resend(): Promise<void> {
    this.stop();
    if (this.#wish) await this.#send(this.#wish);
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }
}
