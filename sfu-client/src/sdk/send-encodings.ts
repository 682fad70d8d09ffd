import { activeEncodings, fitted, worthwhile, type Limits, type Size, type VideoSource } from "./encodings.js";
import { SfuError } from "./errors.js";
import type { LogSink } from "./log.js";
import type { Cancel, Clock } from "./platform.js";

/** A shared window is resized and a phone is turned without any event: so often the picture's size is looked at. */
const FIT_EVERY_MS = 3000;

/**
 * The encodings of one send section while the visit lasts: fitted to the picture's size, and sent as far as the server
 * wants them. All changes go through here one after the other, as a browser refuses parameters that are not its newest.
 */
export class SendEncodings {
  readonly #source: VideoSource;
  readonly #sender: RTCRtpSender;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #log: LogSink;
  /** The change under way, and those that wait for it. */
  #changes: Promise<void> = Promise.resolve();
  #negotiated = false;
  #track: MediaStreamTrack | null = null;
  #size: Size | undefined;
  /** `undefined`: the server has not said, and all are sent. */
  #wanted: readonly string[] | undefined;
  #stopTimer: Cancel | undefined;

  constructor(source: VideoSource, sender: RTCRtpSender, limits: Limits, clock: Clock, log: LogSink) {
    this.#source = source;
    this.#limits = limits;
    this.#sender = sender;
    this.#clock = clock;
    this.#log = log;
  }

  /** The answer is in: it may have left fewer encodings than were offered. Earlier changes would be in the offer. */
  negotiated(): Promise<void> {
    this.#negotiated = true;
    return this.#change();
  }

  /** Fits to a track about to be sent. What the server wanted of the picture before says nothing about a new one. */
  fit(track: MediaStreamTrack | null): Promise<void> {
    if (this.#track === null) this.#wanted = undefined;
    this.#track = track;
    this.#stopTimer?.();
    if (track === null) return this.#changes;
    this.#size = sizeOf(track);
    this.#watch(track);
    return this.#change();
  }

  /** The server's `layers` event. */
  want(rids: readonly string[]): Promise<void> {
    this.#wanted = rids;
    return this.#change();
  }

  close(): void {
    this.#negotiated = false;
    this.#stopTimer?.();
  }

  #watch(track: MediaStreamTrack): void {
    this.#stopTimer = this.#clock.after(FIT_EVERY_MS, () => {
      const size = sizeOf(track);
      if (size?.width !== this.#size?.width || size?.height !== this.#size?.height) {
        this.#size = size;
        void this.#change();
      }
      this.#watch(track);
    });
  }

  #change(): Promise<void> {
    this.#changes = this.#changes.then(() => this.#apply());
    return this.#changes;
  }

  /** Sending more or less than is wanted is no reason to end a call: a refusal is logged. */
  async #apply(): Promise<void> {
    if (!this.#negotiated || this.#track === null) return;
    try {
      const parameters = this.#sender.getParameters();
      if (this.#fitTo(parameters.encodings)) await this.#sender.setParameters(parameters);
    } catch (thrown) {
      const { message } = SfuError.from(thrown);
      this.#log("warn", "media.encodings_refused", { source: this.#source, message });
    }
  }

  /** @returns whether anything changed */
  #fitTo(encodings: RTCRtpEncodingParameters[]): boolean {
    const count = worthwhile(this.#source, this.#size, encodings.length);
    const active = activeEncodings(
      encodings.map(({ rid }) => rid),
      count,
      this.#wanted,
    );
    let changed = false;
    for (const [index, encoding] of encodings.entries()) {
      const next: RTCRtpEncodingParameters = {
        ...encoding,
        ...fitted(this.#source, this.#size, index, encodings.length, this.#limits),
        active: active[index] ?? true,
      };
      changed ||= KEYS.some((key) => encoding[key] !== next[key]);
      encodings[index] = next;
    }
    return changed;
  }
}

const KEYS = ["active", "maxBitrate", "maxFramerate", "scaleResolutionDownBy"] as const;

function sizeOf(track: MediaStreamTrack): Size | undefined {
  const { width, height } = track.getSettings();
  return width === undefined || height === undefined || width * height === 0 ? undefined : { width, height };
}
