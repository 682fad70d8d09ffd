import { SfuError } from "./errors.js";
import type { AnnouncedTrack, TrackSource, TrackUpdateData } from "./protocol.js";

/** What this client sends from one source. */
export interface Publication {
  readonly source: TrackSource;
  readonly track: MediaStreamTrack;
  readonly muted: boolean;
  readonly label: string;
}

/** The way to the server: a media connection and the signalling beside it. */
export interface PublisherWire {
  mid(source: TrackSource): string;
  replaceTrack(source: TrackSource, track: MediaStreamTrack | null): Promise<void>;
  update(data: TrackUpdateData): Promise<unknown>;
}

/**
 * The local tracks: what is wished for on one side, what the server has acknowledged on the other, and one update at a
 * time per source until the two agree. A wish made while the connection is down, or whose reply was lost with it, is
 * sent after the connection is back.
 */
export class Publisher {
  readonly #wished = new Map<TrackSource, Publication>();
  readonly #acknowledged = new Map<TrackSource, Publication>();
  readonly #inDoubt = new Set<TrackSource>();
  readonly #running = new Map<TrackSource, Promise<void>>();
  #wire: PublisherWire | undefined;

  all(): Publication[] {
    return [...this.#wished.values()];
  }

  find(source: TrackSource): Publication | undefined {
    return this.#wished.get(source);
  }

  /** Resolves when the server knows, or at once while there is no connection. Rejects when the server refuses. */
  async put(publication: Publication): Promise<void> {
    publication.track.enabled = !publication.muted;
    this.#wished.set(publication.source, publication);
    await this.#settle(publication.source);
  }

  async remove(source: TrackSource): Promise<void> {
    this.#wished.delete(source);
    await this.#settle(source);
  }

  /** Puts the tracks into a new media connection, before its offer is made. */
  async fill(wire: Pick<PublisherWire, "replaceTrack">): Promise<readonly Publication[]> {
    this.detach();
    const publications = this.all();
    for (const { source, track } of publications) await wire.replaceTrack(source, track);
    return publications;
  }

  /** From now on changes go over this wire; `announced` is what the join request has told already. */
  attach(wire: PublisherWire, announced: readonly Publication[]): void {
    this.#wire = wire;
    this.#acknowledged.clear();
    this.#inDoubt.clear();
    for (const publication of announced) this.#acknowledged.set(publication.source, publication);
  }

  detach(): void {
    this.#wire = undefined;
  }

  /** Sends what is not yet acknowledged: after a join, and after a resumed connection. */
  async settleAll(): Promise<void> {
    const sources = new Set([...this.#wished.keys(), ...this.#acknowledged.keys(), ...this.#inDoubt]);
    await Promise.all([...sources].map((source) => this.#settle(source)));
  }

  #settle(source: TrackSource): Promise<void> {
    const running = this.#running.get(source);
    // The running update looks at the latest wish before it ends.
    if (running) return running;
    const run = this.#run(source).finally(() => this.#running.delete(source));
    this.#running.set(source, run);
    return run;
  }

  async #run(source: TrackSource): Promise<void> {
    for (;;) {
      const wire = this.#wire;
      const wished = this.#wished.get(source);
      const known = this.#acknowledged.get(source);
      if (!wire || (wished === known && !this.#inDoubt.has(source))) return;
      this.#inDoubt.add(source);
      try {
        if (wished?.track !== known?.track) await wire.replaceTrack(source, wished?.track ?? null);
        await wire.update(update(wire.mid(source), source, wished));
      } catch (thrown) {
        if (wire !== this.#wire) continue;
        const error = SfuError.from(thrown);
        if (error.code === "connection_lost" || error.code === "request_timeout") return;
        this.#inDoubt.delete(source);
        if (this.#wished.get(source) !== wished) continue;
        if (!wished) this.#acknowledged.delete(source);
        else if (!known) await this.#giveUp(wished, wire);
        throw error;
      }
      if (wire !== this.#wire) continue;
      this.#inDoubt.delete(source);
      if (wished) this.#acknowledged.set(source, wished);
      else this.#acknowledged.delete(source);
    }
  }

  /** The server refused to publish: nothing is sent from this source. */
  async #giveUp({ source, track }: Publication, wire: PublisherWire): Promise<void> {
    this.#wished.delete(source);
    track.stop();
    await wire.replaceTrack(source, null);
  }
}

export function announcement({ source, muted, label }: Publication, mid: string): AnnouncedTrack {
  return { mid, source, muted, label };
}

function update(mid: string, source: TrackSource, publication: Publication | undefined): TrackUpdateData {
  if (!publication) return { mid, active: false, muted: false, source, label: "" };
  const { width, height } = publication.track.getSettings();
  return {
    mid,
    active: true,
    muted: publication.muted,
    source,
    label: publication.label,
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
  };
}
