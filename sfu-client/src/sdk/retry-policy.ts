import type { SfuError } from "./errors.js";

/** Says how long to wait before an attempt. Attempts count from 1. */
export interface RetryPolicy {
  /** For people to read, as in "attempt 2 of 10"; `Infinity` where there is no end. */
  readonly maxAttempts: number;
  /**
   * The time before this attempt in ms; `undefined` gives up.
   *
   * @param random gives numbers from 0 up to 1, for jitter
   * @param error what made this attempt necessary
   */
  delayMs(attempt: number, random: () => number, error?: SfuError): number | undefined;
}

/** When to try again, by what failed. What is not given stays as it is. */
export interface RetryPolicies {
  /** The first connection: 3 attempts in 2 s. */
  readonly connect?: RetryPolicy;
  /** A lost WebSocket: 10 attempts in about 50 s. */
  readonly reconnect?: RetryPolicy;
  /** A place that was lost and that the server refuses to give for now: without end, every 30 s at last. */
  readonly rejoin?: RetryPolicy;
  /** ICE restarts that did not help: without end, every 30 s at last. */
  readonly media?: RetryPolicy;
}

const JITTER_MS = 1000;

/**
 * Waits the listed delays. All but a delay of 0 get up to a second of jitter, so that the clients of a server that came
 * back do not arrive in one instant, while a lone dropped socket is replaced at once.
 *
 * @param options `repeatLast` never gives up: the last delay repeats
 */
export function listedDelays(delaysMs: readonly number[], options: { repeatLast?: boolean } = {}): RetryPolicy {
  const endless = options.repeatLast === true;
  return {
    maxAttempts: endless ? Infinity : delaysMs.length,
    delayMs(attempt, random) {
      const delay = delaysMs[endless ? Math.min(attempt, delaysMs.length) - 1 : attempt - 1];
      return delay === undefined || delay === 0 ? delay : delay + Math.floor(random() * JITTER_MS);
    },
  };
}

/** What is used where nothing else is wished. */
export const DEFAULT_RETRY: Required<RetryPolicies> = {
  // There is no seat to save yet: say early that the server cannot be reached.
  connect: listedDelays([0, 300, 1000]),
  // The server keeps the seat for 60 s.
  reconnect: listedDelays([0, 300, 1000, 2000, 4000, 4000, 8000, 8000, 8000, 8000]),
  rejoin: listedDelays([0, 1000, 4000, 10_000, 30_000], { repeatLast: true }),
  media: listedDelays([0, 1000, 4000, 10_000, 30_000], { repeatLast: true }),
};
