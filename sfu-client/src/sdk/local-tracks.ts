import { SfuError } from "./errors.js";
import type { LogSink } from "./log.js";
import type { Cancel } from "./platform.js";
import type { TrackInfo, TrackSource } from "./protocol.js";
import { Publisher, type Publication } from "./publisher.js";

/** What happened to what one publishes. */
export interface LocalTrackChange {
  readonly source: TrackSource;
  readonly publication: Publication | undefined;
  /** Its device, or the user's browser, ended it. */
  readonly ended: boolean;
  /** A moderator muted it. */
  readonly mutedByOther: boolean;
}

/** What is done about a track that ended by itself; resolves with whether another one took its place. */
export type Replacement = (publication: Publication) => Promise<boolean>;

/** The tracks that this person publishes: what the publisher is told, and what listeners are told about them. */
export class LocalTracks {
  readonly publisher = new Publisher();
  readonly #log: LogSink;
  readonly #changed: (change: LocalTrackChange) => void;
  readonly #replace: Replacement;
  readonly #ends = new Map<TrackSource, Cancel>();
  readonly #sources = new Map<string, TrackSource>();

  /** @param replace has to be quick to say no; until it has decided, what ended stays published */
  constructor(log: LogSink, changed: (change: LocalTrackChange) => void, replace: Replacement) {
    this.#log = log;
    this.#changed = changed;
    this.#replace = replace;
  }

  async publish(publication: Publication): Promise<void> {
    this.#watchEnd(publication.source, publication.track);
    await this.#change(publication.source, this.publisher.put(publication));
  }

  async mute(source: TrackSource, muted: boolean): Promise<void> {
    const publication = this.publisher.find(source);
    if (!publication || publication.muted === muted) return;
    await this.#change(source, this.publisher.put({ ...publication, muted }));
  }

  async unpublish(source: TrackSource, ended = false): Promise<void> {
    const publication = this.publisher.find(source);
    if (!publication) return;
    this.#ends.get(source)?.();
    this.#ends.delete(source);
    publication.track.stop();
    const removed = this.publisher.remove(source);
    this.#tell(source, { ended });
    await removed;
  }

  /** Brings the server up to date after a join or a resumed connection. */
  settle(): void {
    this.publisher.settleAll().catch((thrown: unknown) => {
      this.#warn("track.update_failed", thrown);
      for (const source of this.#ends.keys()) this.#tell(source);
    });
  }

  /** The server's ids of these tracks. */
  know(trackId: string, source: TrackSource): void {
    this.#sources.set(trackId, source);
  }

  knowAll(tracks: readonly TrackInfo[]): void {
    this.#sources.clear();
    for (const { trackId, source } of tracks) this.know(trackId, source);
  }

  /** The server says that one's own track is muted: a moderator's doing. Un-muting is for oneself. */
  mutedByOther(trackId: string): void {
    const source = this.#sources.get(trackId);
    const publication = source && this.publisher.find(source);
    if (!source || !publication || publication.muted) return;
    this.publisher
      .put({ ...publication, muted: true })
      .catch((thrown: unknown) => this.#warn("track.mute_failed", thrown));
    this.#tell(source, { mutedByOther: true });
  }

  stop(): void {
    for (const cancel of this.#ends.values()) cancel();
    for (const { track } of this.publisher.all()) track.stop();
  }

  async #change(source: TrackSource, change: Promise<void>): Promise<void> {
    this.#tell(source);
    try {
      await change;
    } catch (thrown) {
      this.#tell(source);
      throw thrown;
    }
  }

  #tell(source: TrackSource, what: { ended?: boolean; mutedByOther?: boolean } = {}): void {
    const publication = this.publisher.find(source);
    this.#changed({ source, publication, ended: false, mutedByOther: false, ...what });
  }

  /** A track can end by itself: a device pulled out, or the browser's own "stop sharing". */
  #watchEnd(source: TrackSource, track: MediaStreamTrack): void {
    this.#ends.get(source)?.();
    const ended = () => {
      this.#ended(source, track).catch((thrown: unknown) => this.#warn("track.unpublish_failed", thrown));
    };
    track.addEventListener("ended", ended);
    this.#ends.set(source, () => track.removeEventListener("ended", ended));
  }

  async #ended(source: TrackSource, track: MediaStreamTrack): Promise<void> {
    const publication = this.publisher.find(source);
    if (publication?.track !== track || (await this.#replace(publication))) return;
    if (this.publisher.find(source)?.track === track) await this.unpublish(source, true);
  }

  #warn(event: string, thrown: unknown): void {
    const { code, message } = SfuError.from(thrown);
    this.#log("warn", event, { code, message });
  }
}
