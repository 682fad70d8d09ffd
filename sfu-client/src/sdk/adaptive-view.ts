import type { Cancel } from "./platform.js";
import type { ViewData } from "./protocol.js";
import type { Room } from "./room.js";
import { browserSight, watchHidden, type Seen, type Sight } from "./sight.js";
import { SOUND_ONLY, viewOf, type Tile } from "./view-of.js";

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
const PINNED = 1000;

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

  constructor(room: Pick<Room, "view" | "slotCounts" | "on">, { sight = browserSight() }: AdaptiveViewOptions = {}) {
    this.#room = room;
    this.#sight = sight;
    this.#stops = [
      watchHidden(sight, HIDDEN_AFTER_MS, (hidden) => {
        this.#hidden = hidden;
        this.#ask();
      }),
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
    for (const stop of this.#stops.splice(0)) stop();
    for (const { stop } of this.#tiles) stop();
    this.#tiles.clear();
  }

  /** Without any tile the choice is the server's. */
  #askAgain(): void {
    if (this.#tiles.size > 0) this.#ask();
  }

  #ask(): void {
    this.#room.view(this.#hidden ? SOUND_ONLY : this.#wish());
  }

  #wish(): ViewData {
    const inSight = [...this.#tiles].flatMap(({ tile, seen }) =>
      seen?.visible === true && seen.width * seen.height > 0
        ? [{ ...tile, width: seen.width, height: seen.height }]
        : [],
    );
    const sorted = inSight.sort((a, b) => weight(b) - weight(a) || b.width * b.height - a.width * a.height);
    return viewOf(sorted, {
      pixelRatio: this.#sight.pixelRatio,
      places: this.#room.slotCounts.video,
      outOfSight: this.#tiles.size - inSight.length,
    });
  }
}

function weight({ priority = 0, pinned = false }: Tile): number {
  return priority + (pinned ? PINNED : 0);
}
