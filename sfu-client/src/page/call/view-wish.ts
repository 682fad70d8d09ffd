import type { ViewData } from "../../sdk/index.js";
import type { Rect } from "./layout.js";
import type { TileIdentity } from "./tile.js";

/** A tile as far as it matters for what to ask the server for. */
export interface WishedTile {
  readonly identity: TileIdentity;
  /** Where it stands on the stage; `undefined` for one that is out of sight. */
  readonly rect: Rect | undefined;
  /** Whether there is a picture to ask for. */
  readonly published: boolean;
  readonly focused: boolean;
  readonly pinned: boolean;
  /** Grows from speaker to speaker; 0 for somebody who has not spoken yet. */
  readonly lastSpoke: number;
}

export interface Viewport {
  readonly pixelRatio: number;
  /** How many pictures can be received at once. */
  readonly places: number;
}

const PINNED = 2;
const FOCUSED = 1;
const OTHER = 0;
/** For a picture whose tile is not there yet. */
const DEFAULT_HEIGHT = 360;

/** Of a page that nobody has looked at for a while: sound only. */
export const HIDDEN: ViewData = { layout: "none", video: [], defaultHeight: 0, maxVideo: 0, audio: "auto" };

/**
 * What the page wants to see: the others' tiles that are in sight, in the pixels they take up, the most important ones
 * first; of too many, those that have a picture, then shared screens, then who spoke last.
 */
export function viewWish(tiles: readonly WishedTile[], viewport: Viewport): ViewData {
  const others = tiles.filter(({ identity }) => !identity.own);
  const seen = others.flatMap(({ rect, ...tile }) => (rect === undefined ? [] : [{ ...tile, rect }]));
  const sorted = seen.length > viewport.places ? seen.sort(byImportance) : seen;
  const video = sorted.slice(0, viewport.places).map(({ identity: { participantId, source }, rect, ...tile }) => ({
    participantId,
    source,
    width: Math.round(rect.width * viewport.pixelRatio),
    height: Math.round(rect.height * viewport.pixelRatio),
    priority: tile.pinned ? PINNED : tile.focused ? FOCUSED : OTHER,
    pinned: tile.pinned,
  }));
  const heights = video.filter(({ priority }) => priority === OTHER).map(({ height }) => height);
  return {
    layout: tiles.some(({ focused }) => focused) ? "speaker" : "grid",
    video,
    defaultHeight: heights.length === 0 ? DEFAULT_HEIGHT : Math.min(...heights),
    // While all are in sight the server may fill what is left: somebody who comes is seen at once.
    maxVideo: seen.length === others.length ? viewport.places : video.length,
    audio: "auto",
  };
}

function byImportance(a: WishedTile, b: WishedTile): number {
  return (
    Number(b.pinned) - Number(a.pinned) ||
    Number(b.focused) - Number(a.focused) ||
    Number(b.published) - Number(a.published) ||
    Number(b.identity.source === "screen") - Number(a.identity.source === "screen") ||
    b.lastSpoke - a.lastSpoke
  );
}
