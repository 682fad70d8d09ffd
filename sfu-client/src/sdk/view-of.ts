import type { TrackSource, ViewData } from "./protocol.js";

/** Whose picture is shown, and how much it matters. */
export interface Tile {
  readonly participantId: string;
  readonly source: Extract<TrackSource, "camera" | "screen">;
  /** Higher is more important when not all can be had; 0 when not given. */
  readonly priority?: number;
  /** The most important of all: it keeps its size when the network is bad. */
  readonly pinned?: boolean;
}

/** A tile in sight; in CSS pixels. */
export interface PlacedTile extends Tile {
  readonly width: number;
  readonly height: number;
}

/** What a view depends on besides its tiles. */
export interface Viewport {
  readonly pixelRatio: number;
  /** How many pictures can be received at once. */
  readonly places: number;
  /** How many tiles are not in sight. */
  readonly outOfSight: number;
}

/** For a picture whose tile is not there yet, when there is none to go by. */
const DEFAULT_HEIGHT = 360;

/** For a page that nobody looks at. */
export const SOUND_ONLY: ViewData = { layout: "none", video: [], defaultHeight: 0, maxVideo: 0, audio: "auto" };

/**
 * What to ask the server for: the tiles in sight, in the pixels they take up.
 *
 * @param tiles the most important ones first; what is beyond `places` is left out
 */
export function viewOf(tiles: readonly PlacedTile[], { pixelRatio, places, outOfSight }: Viewport): ViewData {
  const video = tiles
    .slice(0, places)
    .map(({ width, height, priority = 0, pinned = false, participantId, source }) => ({
      ...{ participantId, source, priority, pinned },
      width: Math.round(width * pixelRatio),
      height: Math.round(height * pixelRatio),
    }));
  // Whoever comes is shown as most are: not as large as somebody singled out.
  const heights = video.filter(({ priority, pinned }) => priority === 0 && !pinned).map(({ height }) => height);
  return {
    layout: video.some(({ pinned }) => pinned) ? "speaker" : "grid",
    video,
    defaultHeight: heights.length === 0 ? DEFAULT_HEIGHT : Math.min(...heights),
    // While all tiles are in sight the server may fill what is left: who comes is seen at once.
    maxVideo: outOfSight === 0 ? places : video.length,
    audio: "auto",
  };
}
