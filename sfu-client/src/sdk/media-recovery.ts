import { SfuError } from "./errors.js";
import type { LogSink } from "./log.js";
import type { MediaState } from "./media-connection.js";
import type { Cancel, Platform } from "./platform.js";
import { DEFAULT_RETRY, type RetryPolicy } from "./retry-policy.js";

/** What can be done about a broken media connection. */
export interface Remedies {
  /** Whether the server can be asked now; if not, {@link MediaRecovery.signallingBack} comes later. */
  ready(): boolean;
  state(): MediaState | undefined;
  /** Whether nothing is received any more, though the state does not say so yet. */
  stalled(): boolean;
  /** Rejects when the server did not take part. */
  restartIce(relayOnly: boolean): Promise<void>;
  /** Replaces the media connection by a new one. */
  replace(): void;
}

/** An interruption often heals by itself. */
const INTERRUPTED_FOR_MS = 3000;
/** How long a restart may take before it counts as failed. */
const RESTART_TIMEOUT_MS = 10_000;
const RESTARTS_BEFORE_RELAY = 2;
/** Every so many failures in a row the whole connection is replaced, in case its trouble is not the path. */
const REPLACE_EVERY = 4;
/** Signalling and media that stop within this time have lost the same network. */
const SAME_CAUSE_MS = 10_000;

/**
 * Decides when to restart ICE: after 3 s of interruption, at once after a failure or on another network. After two restarts
 * that did not help it tries relays only, and then a new connection. The visit goes on meanwhile, without media.
 */
export class MediaRecovery {
  readonly #platform: Platform;
  readonly #log: LogSink;
  readonly #remedies: Remedies;
  readonly #retryPolicy: RetryPolicy;
  #failures = 0;
  #signallingBackMs = -Infinity;
  #running = false;
  /** An attempt that has to wait: for the signalling, or for the answer to the one before. */
  #wanted = false;
  #exchanging = false;
  /** A new path would not help. */
  #pathless = false;
  /** One timer: for the interruption, the delay or the restart under way. */
  #stopTimer: Cancel | undefined;

  constructor(platform: Platform, remedies: Remedies, log: LogSink, retry: RetryPolicy = DEFAULT_RETRY.media) {
    this.#platform = platform;
    this.#remedies = remedies;
    this.#log = log;
    this.#retryPolicy = retry;
  }

  mediaChanged(state: MediaState, error: SfuError | undefined): void {
    this.#pathless = error?.code === "dtls_failed";
    switch (state) {
      case "connected":
        this.#healed();
        break;
      case "interrupted":
        if (!this.#running) this.#after(INTERRUPTED_FOR_MS, () => this.#attempt());
        break;
      case "failed":
        if (this.#running) this.#failed();
        else this.#retry();
        break;
      case "connecting":
      case "closed":
        break;
    }
  }

  /** The path of before may be gone, and relays may not be needed any more. */
  networkChanged(): void {
    const state = this.#remedies.state();
    if (state === undefined || state === "closed" || state === "connecting") return;
    this.#failures = 0;
    if (this.#running) this.#wanted = true;
    else this.#attempt();
  }

  /** All that was received stopped at once, though ICE has not noticed; or something comes again. */
  flowChanged(stalled: boolean): void {
    if (!stalled) {
      if (this.#running && this.#remedies.state() === "connected") this.#healed();
    } else if (this.#platform.clock.nowMs() - this.#signallingBackMs < SAME_CAUSE_MS) this.#attempt();
  }

  signallingBack(): void {
    this.#signallingBackMs = this.#platform.clock.nowMs();
    const state = this.#remedies.state();
    if (this.#wanted || state === "failed" || state === "interrupted" || this.#remedies.stalled()) this.#attempt();
  }

  /** There is another media connection, or none; the count of failures outlives it. */
  stop(): void {
    this.#stopTimer?.();
    this.#running = false;
    this.#wanted = false;
  }

  #healed(): void {
    const again = this.#wanted;
    this.stop();
    this.#failures = 0;
    if (again) this.#attempt();
  }

  #attempt(): void {
    if (this.#running) return;
    this.#stopTimer?.();
    this.#wanted = true;
    if (this.#exchanging || !this.#remedies.ready()) return;
    this.#wanted = false;
    if (this.#pathless || this.#failures % REPLACE_EVERY === REPLACE_EVERY - 1) {
      this.#failures++;
      this.#remedies.replace();
    } else void this.#restart();
  }

  async #restart(): Promise<void> {
    const relayOnly = this.#failures >= RESTARTS_BEFORE_RELAY;
    this.#running = true;
    this.#exchanging = true;
    this.#log("info", "media.ice_restart", { failures: this.#failures, relayOnly });
    this.#after(RESTART_TIMEOUT_MS, () => this.#judge());
    try {
      await this.#remedies.restartIce(relayOnly);
    } catch (thrown) {
      this.#refused(SfuError.from(thrown));
    } finally {
      this.#exchanging = false;
      this.#attemptIfWanted();
    }
  }

  #attemptIfWanted(): void {
    if (this.#wanted && !this.#running) this.#attempt();
  }

  #refused({ code, message }: SfuError): void {
    if (!this.#running) return;
    this.stop();
    this.#log("warn", "media.ice_restart_refused", { code, message });
    if (code === "connection_lost" || code === "request_timeout") this.#wanted = true;
    else this.#remedies.replace();
  }

  #judge(): void {
    if (this.#remedies.state() === "connected") this.#healed();
    else this.#failed();
  }

  #failed(): void {
    this.stop();
    this.#failures++;
    this.#retry();
  }

  #retry(): void {
    const delayMs = this.#retryPolicy.delayMs(this.#failures + 1, () => this.#platform.random());
    if (delayMs === undefined) this.#log("warn", "media.given_up", { failures: this.#failures });
    else this.#after(delayMs, () => this.#attempt());
  }

  #after(delayMs: number, run: () => void): void {
    this.#stopTimer?.();
    this.#stopTimer = this.#platform.clock.after(delayMs, run);
  }
}
