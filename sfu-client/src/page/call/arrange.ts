import { focusLayout, gridCapacity, gridLayout, type Rect } from "./layout.js";

export interface Plan {
  /** One for each tile, in order; `undefined` for one that is on another page, or found no room beside the large one. */
  readonly rects: readonly (Rect | undefined)[];
  readonly page: number;
  /** At least 1. */
  readonly pages: number;
}

export interface Space {
  readonly width: number;
  readonly height: number;
  /** The large tile's index, or -1. */
  readonly focused: number;
  readonly page: number;
  /** On one page, oneself included. */
  readonly most: number;
  readonly stripHidden: boolean;
}

/**
 * Places tiles: around the focused one, or in a grid as large as they can be. A grid that does not fit has pages; one's own
 * camera, the last tile, is on each of them.
 */
export function arrange(tiles: readonly { own: boolean; source: string }[], space: Space): Plan {
  const { width, height, focused, most, stripHidden } = space;
  const count = tiles.length;
  if (count === 0 || width === 0 || height === 0) return { rects: tiles.map(() => undefined), page: 0, pages: 1 };
  if (focused >= 0) {
    const rects = stripHidden
      ? tiles.map((_, index) => (index === focused ? { x: 0, y: 0, width, height } : undefined))
      : focusLayout(count, focused, width, height);
    return { rects, page: 0, pages: 1 };
  }
  const capacity = Math.min(most, gridCapacity(width, height));
  if (count <= capacity) return { rects: gridLayout(count, width, height), page: 0, pages: 1 };
  const last = tiles.at(-1);
  const always = last?.own === true && last.source === "camera" ? 1 : 0;
  const perPage = Math.max(1, capacity - always);
  const turning = count - always;
  const pages = Math.ceil(turning / perPage);
  const page = Math.min(space.page, pages - 1);
  const from = page * perPage;
  const shown = Math.min(perPage, turning - from);
  const placed = gridLayout(shown + always, width, height);
  const rects = tiles.map((_, index) => {
    if (index >= turning) return placed[shown];
    return index >= from && index < from + shown ? placed[index - from] : undefined;
  });
  return { rects, page, pages };
}
