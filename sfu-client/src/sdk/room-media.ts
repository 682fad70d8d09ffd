import type { MediaOptions } from "./codecs.js";
import { SfuError } from "./errors.js";
import type { LogGuard } from "./log-guard.js";
import { MediaConnection, type MediaState } from "./media-connection.js";
import { MediaRecovery, type Remedies } from "./media-recovery.js";
import type { Platform } from "./platform.js";
import type { SlotCounts } from "./protocol.js";
import type { RetryPolicy } from "./retry-policy.js";
import type { SignalChannel } from "./signal-channel.js";
import type { Slot } from "./slots.js";
import { NOTHING_RECEIVED, type CandidatePair, type RoomStats } from "./stats.js";
import { digestOf, StatsMonitor, type StatsSample } from "./stats-monitor.js";

/** What a visit's media needs to know of the visit, and tells it. */
export interface MediaSurroundings extends Pick<Remedies, "ready" | "replace"> {
  readonly platform: Platform;
  readonly options: MediaOptions;
  readonly signal: SignalChannel;
  readonly retry: RetryPolicy;
  readonly guard: LogGuard;
  /** Whether a join is under way: its own end comes back to what happens meanwhile. */
  joining(): boolean;
  slots(): readonly Slot[];
  /** Of this side's connection, as the server says. */
  level(): number | undefined;
  changed(state: MediaState, error: SfuError | undefined): void;
  sampled(sample: StatsSample): void;
}

/** The operator is told every 10 s. */
const SAMPLES_BETWEEN_REPORTS = 2;

/** Of a whole visit. */
export interface MediaCounts {
  iceRestarts: number;
  offersCreated: number;
  peerConnectionsCreated: number;
  peerConnectionsClosed: number;
}

/** The media connection of a visit, its repair, and those before it, which are counted. */
export class RoomMedia {
  readonly #parts: MediaSurroundings;
  readonly #recovery: MediaRecovery;
  readonly #monitor: StatsMonitor;
  #current: MediaConnection | undefined;
  #error: SfuError | undefined;
  #samples = 0;
  readonly #counts: MediaCounts = {
    iceRestarts: 0,
    offersCreated: 0,
    peerConnectionsCreated: 0,
    peerConnectionsClosed: 0,
  };

  constructor(parts: MediaSurroundings) {
    this.#parts = parts;
    const { platform, guard, retry } = parts;
    const { log } = guard;
    this.#recovery = new MediaRecovery(
      platform,
      {
        ready: () => parts.ready(),
        state: () => this.#current?.state,
        stalled: () => this.#current?.stalled ?? false,
        restartIce: (relayOnly) => this.#restartIce(relayOnly),
        replace: () => parts.replace(),
      },
      log,
      retry,
    );
    this.#monitor = new StatsMonitor(
      platform.clock,
      {
        read: async () => ({ stats: await this.stats(), pair: await this.candidatePair() }),
        level: () => parts.level(),
      },
      (sample) => this.#sampled(sample),
      log,
    );
  }

  get current(): MediaConnection | undefined {
    return this.#current;
  }

  get counts(): Readonly<MediaCounts> {
    return this.#counts;
  }

  /** Why there is no sound and picture now. */
  get error(): SfuError | undefined {
    return this.#error;
  }

  open(slots: SlotCounts): MediaConnection {
    const { platform, signal, options, guard } = this.#parts;
    const media = new MediaConnection(platform, signal.iceServers, slots, options, guard.log);
    this.#counts.peerConnectionsCreated++;
    this.#current = media;
    media.on("state", ({ state, error }) => {
      if (media !== this.#current) return;
      this.#error = error;
      this.#parts.changed(state, error);
      if (state === "interrupted") signal.suspect();
      if (!this.#parts.joining()) this.#recovery.mediaChanged(state, error);
    });
    media.on("flow", ({ stalled }) => {
      if (media !== this.#current) return;
      if (stalled) signal.suspect();
      this.#recovery.flowChanged(stalled);
    });
    return media;
  }

  async offer(media: MediaConnection): Promise<string> {
    const sdp = await media.offer();
    this.#counts.offersCreated++;
    this.#parts.guard.hideSdp(sdp);
    return sdp;
  }

  async accept(media: MediaConnection, answer: string, gen: number): Promise<void> {
    this.#parts.guard.hideSdp(answer);
    await media.accept(answer, gen);
  }

  close(): void {
    this.#recovery.stop();
    this.#monitor.stop();
    const media = this.#current;
    if (!media) return;
    this.#current = undefined;
    this.#counts.peerConnectionsClosed++;
    media.close();
  }

  /** A join is through: what happened to its media meanwhile counts from now on. */
  settle(media: MediaConnection): void {
    this.#monitor.start();
    this.#recovery.mediaChanged(media.state, undefined);
  }

  signallingBack(): void {
    this.#recovery.signallingBack();
  }

  networkChanged(): void {
    this.#recovery.networkChanged();
  }

  candidatePair(): Promise<CandidatePair | undefined> {
    return this.#current?.selectedCandidatePair() ?? Promise.resolve(undefined);
  }

  get lastSample(): StatsSample | undefined {
    return this.#monitor.last;
  }

  async stats(): Promise<RoomStats> {
    const measured = await this.#current?.stats();
    return {
      slots: this.#parts.slots().map(({ mid, kind, state, participantId, source }) => ({
        ...{ mid, kind, state, participantId, source },
        ...(measured?.received.get(mid) ?? NOTHING_RECEIVED),
      })),
      encodings: measured?.encodings ?? [],
      availableOutgoingBps: measured?.availableOutgoingBps,
      rttMs: measured?.rttMs,
    };
  }

  #sampled(sample: StatsSample): void {
    const { signal, guard } = this.#parts;
    this.#parts.sampled(sample);
    if (++this.#samples % SAMPLES_BETWEEN_REPORTS !== 0 || !signal.open) return;
    signal.request("stats", digestOf(sample)).catch((thrown: unknown) => {
      guard.log("debug", "stats.not_reported", { code: SfuError.from(thrown).code });
    });
  }

  async #restartIce(relayOnly: boolean): Promise<void> {
    this.#counts.iceRestarts++;
    const { guard, signal } = this.#parts;
    await this.#current?.restartIce(relayOnly, async (own) => {
      guard.hide(own.pwd);
      const theirs = await signal.request("ice.restart", own);
      guard.hide(theirs.pwd);
      return theirs;
    });
  }
}
