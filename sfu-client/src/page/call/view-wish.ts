import { viewOf, type ViewData, type Viewport } from "../../sdk/index.js";
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

const PINNED = 2;
const FOCUSED = 1;
const OTHER = 0;

/**
 * What the page wants to see: the others' tiles that are in sight, in the pixels they take up, the most important ones
 * first; of too many, those that have a picture, then shared screens, then who spoke last.
 */
export function viewWish(tiles: readonly WishedTile[], viewport: Omit<Viewport, "outOfSight">): ViewData {
  const others = tiles.filter(({ identity }) => !identity.own);
  const seen = others.flatMap(({ rect, ...tile }) => (rect === undefined ? [] : [{ ...tile, rect }]));
  const sorted = seen.length > viewport.places ? seen.sort(byImportance) : seen;
  const placed = sorted.map(({ identity: { participantId, source }, rect: { width, height }, pinned, focused }) => ({
    ...{ participantId, source, width, height, pinned },
    priority: pinned ? PINNED : focused ? FOCUSED : OTHER,
  }));
  return {
    ...viewOf(placed, { ...viewport, outOfSight: others.length - seen.length }),
    layout: tiles.some(({ focused }) => focused) ? "speaker" : "grid",
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
