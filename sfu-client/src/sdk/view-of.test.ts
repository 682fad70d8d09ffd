import { describe, expect, it } from "vitest";
import { viewOf, type PlacedTile, type Viewport } from "./view-of.js";

const VIEWPORT: Viewport = { pixelRatio: 2, places: 2, outOfSight: 0 };
const tile = (participantId: string, height: number, more: Partial<PlacedTile> = {}): PlacedTile => ({
  ...{ participantId, source: "camera", width: (height * 16) / 9, height },
  ...more,
});

describe("viewOf", () => {
  it("shouldAskForTheFirstTilesInPixels", () => {
    const view = viewOf([tile("ann", 180), tile("bob", 90.2), tile("eve", 45)], VIEWPORT);
    expect(view.video).toEqual([
      { participantId: "ann", source: "camera", width: 640, height: 360, priority: 0, pinned: false },
      { participantId: "bob", source: "camera", width: 321, height: 180, priority: 0, pinned: false },
    ]);
  });

  it("shouldLetTheServerFillTheRestOnlyWhileAllIsInSight", () => {
    expect(viewOf([tile("ann", 180)], VIEWPORT).maxVideo).toBe(2);
    expect(viewOf([tile("ann", 180)], { ...VIEWPORT, outOfSight: 1 }).maxVideo).toBe(1);
  });

  it.each([
    ["the smallest", [tile("ann", 200), tile("bob", 90)], 180],
    ["not the pinned one", [tile("ann", 90, { pinned: true }), tile("bob", 200)], 400],
    ["not the one that matters more", [tile("ann", 90, { priority: 1 }), tile("bob", 200)], 400],
    ["a size for want of any other", [tile("ann", 500, { pinned: true })], 360],
    ["a size for want of any", [], 360],
  ])("shouldExpectWhoComesAsLargeAs %s", (_, tiles, height) => {
    expect(viewOf(tiles, VIEWPORT).defaultHeight).toBe(height);
  });

  it("shouldSayThatSomebodyIsLarge", () => {
    expect(viewOf([tile("ann", 90)], VIEWPORT).layout).toBe("grid");
    expect(viewOf([tile("ann", 90, { pinned: true })], VIEWPORT).layout).toBe("speaker");
  });
});
