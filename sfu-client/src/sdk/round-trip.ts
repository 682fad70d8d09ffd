const KEPT_SAMPLES = 8;

/**
 * Round trip and clock offset from pings. The offset comes from the fastest of the last samples: the less time a ping
 * took, the less its two ways can have differed.
 */
export class RoundTrip {
  #samples: { rttMs: number; offsetMs: number }[] = [];

  add(sentMs: number, receivedMs: number, serverTimeMs: number): void {
    const rttMs = receivedMs - sentMs;
    this.#samples.push({ rttMs, offsetMs: serverTimeMs - (sentMs + rttMs / 2) });
    if (this.#samples.length > KEPT_SAMPLES) this.#samples.shift();
  }

  /** Of the last ping; `undefined` before the first one. */
  get rttMs(): number | undefined {
    return this.#samples.at(-1)?.rttMs;
  }

  /** Server clock minus local clock. */
  get offsetMs(): number | undefined {
    return this.#samples.reduce<{ rttMs: number; offsetMs: number } | undefined>(
      (best, sample) => (best && best.rttMs <= sample.rttMs ? best : sample),
      undefined,
    )?.offsetMs;
  }
}
