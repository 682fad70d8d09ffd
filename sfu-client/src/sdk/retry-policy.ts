/** Says how long to wait before an attempt to reconnect. Attempts count from 1; `undefined` means give up. */
export interface RetryPolicy {
  readonly maxAttempts: number;
  delayMs(attempt: number, random: () => number): number | undefined;
}

const JITTER_MS = 1000;

/**
 * Waits the listed delays. All but a delay of 0 get up to a second of jitter, so that the clients of a server that came
 * back do not arrive in one instant, while a lone dropped socket is replaced at once.
 */
export function listedDelays(delaysMs: readonly number[]): RetryPolicy {
  return {
    maxAttempts: delaysMs.length,
    delayMs(attempt, random) {
      const delay = delaysMs[attempt - 1];
      return delay === undefined || delay === 0 ? delay : delay + Math.floor(random() * JITTER_MS);
    },
  };
}

/** Ten attempts in about 50 s: the server keeps the seat for 60 s. */
export const RECONNECT = listedDelays([0, 300, 1000, 2000, 4000, 4000, 8000, 8000, 8000, 8000]);

/** The first connection has no seat to save: say early that the server cannot be reached. */
export const FIRST_CONNECT = listedDelays([0, 300, 1000]);
