import type { Cancel } from "./platform.js";
import type { TrackSource, ViewData } from "./protocol.js";
import type { Room } from "./room.js";
import { browserSight, type Seen, type Sight } from "./sight.js";

/** Whose picture an element shows. */
export interface Tile {
  readonly participantId: string;
  readonly source: Extract<TrackSource, "camera" | "screen">;
  /** Higher is more important when not all can be had; 0 when not given. */
  readonly priority?: number;
  /** The most important of all: it keeps its size when the network is bad. */
  readonly pinned?: boolean;
}

interface Watched {
  readonly tile: Tile;
  seen: Seen | undefined;
  readonly stop: Cancel;
}

/** What an adaptive view looks with. */
export interface AdaptiveViewOptions {
  /** The browser's when not given. */
  readonly sight?: Sight;
}

/** A page that is hidden for less keeps its pictures, which saves a wait on coming back. */
const HIDDEN_AFTER_MS = 5000;
/** For people who come: as large as the smallest tile, or this without any. */
const DEFAULT_HEIGHT = 360;
const PINNED = 1000;

const NOTHING: ViewData = { layout: "none", video: [], defaultHeight: 0, maxVideo: 0, audio: "auto" };

/**
 * Asks the server for what is in sight, in the pixels it takes up: elements are watched for size and visibility, and what
 * changes goes out after 250 ms of rest. Of a page hidden for 5 s only the sound is wanted.
 */
export class AdaptiveView {
  readonly #room: Pick<Room, "view" | "slotCounts" | "on">;
  readonly #sight: Sight;
  readonly #tiles = new Set<Watched>();
  readonly #stops: Cancel[];
  #hidden = false;
  #stopHiding: Cancel | undefined;

  constructor(room: Pick<Room, "view" | "slotCounts" | "on">, { sight = browserSight() }: AdaptiveViewOptions = {}) {
    this.#room = room;
    this.#sight = sight;
    this.#stops = [
      sight.watchPage(() => this.#pageChanged()),
      // The wish of before was forgotten with the room, or with the place in it.
      room.on("switched", () => this.#askAgain()),
      room.on("joined", () => this.#askAgain()),
      room.on("left", () => this.close()),
    ];
  }

  /**
   * Shows a picture in an element from now on.
   *
   * @returns the way to stop: the element went away, or shows somebody else
   */
  watch(element: Element, tile: Tile): Cancel {
    const watched: Watched = {
      tile,
      seen: undefined,
      stop: this.#sight.watch(element, (seen) => {
        watched.seen = seen;
        this.#ask();
      }),
    };
    this.#tiles.add(watched);
    return () => {
      watched.stop();
      if (this.#tiles.delete(watched)) this.#ask();
    };
  }

  /** Stops all; the server keeps the last wish. */
  close(): void {
    this.#stopHiding?.();
    for (const stop of this.#stops.splice(0)) stop();
    for (const { stop } of this.#tiles) stop();
    this.#tiles.clear();
  }

  #pageChanged(): void {
    this.#stopHiding?.();
    if (this.#sight.pageVisible) {
      this.#hidden = false;
      this.#ask();
      return;
    }
    this.#stopHiding = this.#sight.after(HIDDEN_AFTER_MS, () => {
      this.#hidden = true;
      this.#ask();
    });
  }

  /** Without any tile the choice is the server's. */
  #askAgain(): void {
    if (this.#tiles.size > 0) this.#ask();
  }

  #ask(): void {
    this.#room.view(this.#hidden ? NOTHING : this.#wish());
  }

  #wish(): ViewData {
    const places = this.#room.slotCounts.video;
    const { pixelRatio } = this.#sight;
    const inSight = [...this.#tiles].flatMap(({ tile, seen }) =>
      seen?.visible === true && seen.width * seen.height > 0 ? [{ tile, seen }] : [],
    );
    const video = inSight
      .sort((a, b) => weight(b) - weight(a) || b.seen.width * b.seen.height - a.seen.width * a.seen.height)
      .slice(0, places)
      .map(({ tile: { participantId, source, priority = 0, pinned = false }, seen: { width, height } }) => ({
        ...{ participantId, source, priority, pinned },
        width: Math.round(width * pixelRatio),
        height: Math.round(height * pixelRatio),
      }));
    return {
      layout: video.some(({ pinned }) => pinned) ? "speaker" : "grid",
      video,
      defaultHeight: video.length === 0 ? DEFAULT_HEIGHT : Math.min(...video.map(({ height }) => height)),
      // While all tiles are in sight the server may fill what is left: who comes is seen at once.
      maxVideo: inSight.length === this.#tiles.size ? places : video.length,
      audio: "auto",
    };
  }
}

function weight({ tile: { priority = 0, pinned = false } }: { tile: Tile }): number {
  return priority + (pinned ? PINNED : 0);
}
