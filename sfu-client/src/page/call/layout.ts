export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const GAP = 10;
const WIDEST = 16 / 9;
/** A tile may be cut to a square before it gets smaller: people sit in the middle of their pictures. */
const NARROWEST = 1;
const SMALLEST_WIDTH = 128;
const SMALLEST_HEIGHT = 84;

interface Grid {
  readonly columns: number;
  readonly width: number;
  readonly height: number;
}

/** How many tiles of a readable size fit; at least 2. */
export function gridCapacity(width: number, height: number): number {
  let count = 2;
  for (;;) {
    const grid = bestGrid(count + 1, width, height);
    if (grid.width < SMALLEST_WIDTH || grid.height < SMALLEST_HEIGHT) return count;
    count++;
  }
}

/** Tiles as large as they can be, the last row centred. */
export function gridLayout(count: number, width: number, height: number): Rect[] {
  const grid = bestGrid(count, width, height);
  const rows = Math.ceil(count / grid.columns);
  const top = centred(height, rows, grid.height);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / grid.columns);
    const inRow = Math.min(grid.columns, count - row * grid.columns);
    return {
      x: centred(width, inRow, grid.width) + (index % grid.columns) * (grid.width + GAP),
      y: top + row * (grid.height + GAP),
      width: grid.width,
      height: grid.height,
    };
  });
}

/**
 * One tile takes the large area, the others stand in a strip: at the side, or below in portrait; `undefined` for one that
 * finds no room in it.
 */
export function focusLayout(count: number, focused: number, width: number, height: number): (Rect | undefined)[] {
  const others = count - 1;
  if (others === 0) return [{ x: 0, y: 0, width, height }];
  const beside = width > height;
  const strip = beside ? sideStrip(others, width, height) : bottomStrip(others, width, height);
  const { lanes, perLane, tile } = strip;
  const large = beside
    ? { width: width - lanes * (tile.width + GAP), height }
    : { width, height: height - lanes * (tile.height + GAP) };
  let placed = 0;
  return Array.from({ length: count }, (_, index): Rect | undefined => {
    if (index === focused) return { x: 0, y: 0, ...large };
    if (placed === lanes * perLane) return undefined;
    const lane = Math.floor(placed / perLane);
    const along = placed++ % perLane;
    const inLane = Math.min(perLane, Math.min(others, lanes * perLane) - lane * perLane);
    return beside
      ? {
          x: large.width + GAP + lane * (tile.width + GAP),
          y: centred(height, inLane, tile.height) + along * (tile.height + GAP),
          ...tile,
        }
      : {
          x: centred(width, inLane, tile.width) + along * (tile.width + GAP),
          y: large.height + GAP + lane * (tile.height + GAP),
          ...tile,
        };
  });
}

interface Strip {
  readonly lanes: number;
  readonly perLane: number;
  readonly tile: { readonly width: number; readonly height: number };
}

function sideStrip(others: number, width: number, height: number): Strip {
  const widest = Math.min(240, Math.max(SMALLEST_WIDTH, width * 0.2));
  const { lanes, perLane, length } = lanesFor(others, height, widest / WIDEST, SMALLEST_HEIGHT);
  if (lanes === 1) return { lanes, perLane, tile: { width: Math.min(widest, length * WIDEST), height: length } };
  // Two lanes of the full width would take too much from the large area.
  return { lanes, perLane, tile: { width: SMALLEST_WIDTH, height: Math.min(length, SMALLEST_HEIGHT) } };
}

function bottomStrip(others: number, width: number, height: number): Strip {
  const highest = Math.max(SMALLEST_HEIGHT, height * 0.18);
  const { lanes, perLane, length } = lanesFor(others, width, highest * WIDEST, SMALLEST_HEIGHT);
  return { lanes, perLane, tile: { width: length, height: Math.min(highest, length / NARROWEST) } };
}

/** One lane while the tiles in it keep a readable length, then two; what does not fit into two is left out. */
function lanesFor(others: number, space: number, ideal: number, least: number) {
  for (const lanes of [1, 2]) {
    const perLane = Math.ceil(others / lanes);
    const length = Math.min(ideal, (space - GAP * (perLane - 1)) / perLane);
    if (length >= least) return { lanes, perLane, length };
  }
  const perLane = Math.max(1, Math.floor((space + GAP) / (least + GAP)));
  return { lanes: 2, perLane, length: (space - GAP * (perLane - 1)) / perLane };
}

function centred(space: number, count: number, length: number): number {
  return (space - (count * (length + GAP) - GAP)) / 2;
}

function bestGrid(count: number, width: number, height: number): Grid {
  let best: Grid = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - GAP * (columns - 1)) / columns;
    const cellHeight = (height - GAP * (rows - 1)) / rows;
    const tileWidth = Math.min(cellWidth, cellHeight * WIDEST);
    const tileHeight = Math.min(cellHeight, tileWidth / NARROWEST);
    if (tileWidth * tileHeight > best.width * best.height) best = { columns, width: tileWidth, height: tileHeight };
  }
  return best;
}
