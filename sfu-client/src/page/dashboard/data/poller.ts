import { ApiError, isAbort } from "./api-error.js";

/** Whether anybody looks. */
export interface Sight {
  readonly hidden: () => boolean;
  /** @returns how to hear no more of it */
  readonly onChange: (changed: () => void) => () => void;
}

export const pageInSight: Sight = {
  hidden: () => document.hidden,
  onChange: (changed) => {
    document.addEventListener("visibilitychange", changed);
    return () => document.removeEventListener("visibilitychange", changed);
  },
};

export interface Polled<T> {
  /** The last that was read; stays when a later reading fails. */
  readonly data: T | undefined;
  readonly error: ApiError | undefined;
}

/** Reads something again and again while the page is in sight, one reading at a time, until it is stopped. */
export class Poller<T> {
  readonly #load: (signal: AbortSignal) => Promise<T>;
  readonly #everyMs: number;
  readonly #tell: (polled: Polled<T>) => void;
  readonly #sight: Sight;
  readonly #stopping = new AbortController();
  readonly #forget: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = false;
  #again = false;
  #last: T | undefined;

  constructor(
    load: (signal: AbortSignal) => Promise<T>,
    everyMs: number,
    tell: (polled: Polled<T>) => void,
    sight: Sight = pageInSight,
  ) {
    this.#load = load;
    this.#everyMs = everyMs;
    this.#tell = tell;
    this.#sight = sight;
    this.#forget = sight.onChange(() => {
      if (sight.hidden()) clearTimeout(this.#timer);
      else this.now();
    });
    void this.#read();
  }

  /** Reads at once, or as soon as the reading that is under way has ended; while the page is out of sight, once it is back. */
  now(): void {
    if (this.#sight.hidden()) return;
    this.#again = this.#reading;
    if (!this.#reading) void this.#read();
  }

  stop(): void {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    this.#forget();
  }

  async #read(): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) return;
    clearTimeout(this.#timer);
    this.#reading = true;
    const polled = await this.#attempt(signal);
    this.#reading = false;
    // Stopping may have come meanwhile.
    if (this.#stopping.signal.aborted) return;
    if (polled) this.#tell(polled);
    const again = this.#again;
    this.#again = false;
    if (this.#sight.hidden()) return;
    if (again) void this.#read();
    else this.#timer = setTimeout(() => void this.#read(), this.#everyMs);
  }

  async #attempt(signal: AbortSignal): Promise<Polled<T> | undefined> {
    try {
      this.#last = await this.#load(signal);
      return { data: this.#last, error: undefined };
    } catch (failure) {
      return isAbort(failure) ? undefined : { data: this.#last, error: ApiError.of(failure) };
    }
  }
}
