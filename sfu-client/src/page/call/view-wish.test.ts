import { expect, it } from "vitest";
import type { Rect } from "./layout.js";
import { viewWish, type WishedTile } from "./view-wish.js";

const VIEWPORT = { pixelRatio: 2, places: 9 };
const RECT: Rect = { x: 0, y: 0, width: 320, height: 180 };

function tile(participantId: string, changes: Partial<WishedTile> = {}): WishedTile {
  return {
    identity: { participantId, source: "camera", own: false },
    rect: RECT,
    published: true,
    focused: false,
    pinned: false,
    lastSpoke: 0,
    ...changes,
  };
}

const who = (tiles: readonly WishedTile[], viewport = VIEWPORT) =>
  viewWish(tiles, viewport).video.map(({ participantId }) => participantId);

it("shouldAskForEachTileInThePixelsOfTheDevice", () => {
  const own = tile("me", { identity: { participantId: "me", source: "camera", own: true } });
  expect(viewWish([tile("ann"), tile("ben"), own], VIEWPORT)).toEqual({
    layout: "grid",
    video: ["ann", "ben"].map((participantId) => ({
      participantId,
      source: "camera",
      width: 640,
      height: 360,
      priority: 0,
      pinned: false,
    })),
    defaultHeight: 360,
    maxVideo: 9,
    audio: "auto",
  });
});

it("shouldSayWhatMattersMost", () => {
  const large = { ...RECT, width: 900, height: 600 };
  const screen = tile("ann", {
    identity: { participantId: "ann", source: "screen", own: false },
    rect: large,
    focused: true,
  });
  const pinned = tile("ben", { rect: large, focused: true, pinned: true });
  expect(viewWish([screen, tile("ben")], VIEWPORT)).toMatchObject({
    layout: "speaker",
    video: [
      { source: "screen", height: 1200, priority: 1, pinned: false },
      { source: "camera", height: 360, priority: 0, pinned: false },
    ],
    defaultHeight: 360,
  });
  expect(viewWish([pinned], VIEWPORT)).toMatchObject({
    video: [{ priority: 2, pinned: true }],
    defaultHeight: 360,
  });
});

it("shouldNotAskForWhatIsOutOfSight", () => {
  const wish = viewWish([tile("here"), tile("onAnotherPage", { rect: undefined }), tile("hereToo")], VIEWPORT);
  expect(wish.video.map(({ participantId }) => participantId)).toEqual(["here", "hereToo"]);
  expect(wish.maxVideo).toBe(2);
});

it("shouldAskForTheMostImportantOfTooMany", () => {
  const viewport = { ...VIEWPORT, places: 4 };
  const tiles = [
    tile("silent"),
    tile("dark", { published: false, lastSpoke: 9 }),
    tile("early", { lastSpoke: 1 }),
    tile("late", { lastSpoke: 2 }),
    tile("screen", { identity: { participantId: "screen", source: "screen", own: false } }),
    tile("pinned", { focused: true, pinned: true, published: false }),
  ];
  expect(who(tiles, viewport)).toEqual(["pinned", "screen", "late", "early"]);
  expect(who(tiles)).toEqual(["silent", "dark", "early", "late", "screen", "pinned"]);
});
