import { describe, expect, it } from "vitest";
import { focusLayout, gridCapacity, gridLayout, type Rect } from "./layout.js";

const SIZES = [
  [1280, 640],
  [344, 620],
  [800, 200],
] as const;

function overlap(a: Rect, b: Rect): boolean {
  const apart = 0.001;
  return (
    a.x + apart < b.x + b.width &&
    b.x + apart < a.x + a.width &&
    a.y + apart < b.y + b.height &&
    b.y + apart < a.y + a.height
  );
}

describe.each(SIZES)("in %i × %i", (width, height) => {
  it.each([1, 2, 3, 4, 5, 9, 16, 49])("shouldPlace%iTilesInsideAndApart", (count) => {
    for (const rects of [gridLayout(count, width, height), focusLayout(count, count - 1, width, height)]) {
      expect(rects).toHaveLength(count);
      const placed = rects.filter((rect) => rect !== undefined);
      for (const [index, rect] of placed.entries()) {
        expect(rect.x).toBeGreaterThanOrEqual(-0.001);
        expect(rect.y).toBeGreaterThanOrEqual(-0.001);
        expect(rect.x + rect.width).toBeLessThanOrEqual(width + 0.001);
        expect(rect.y + rect.height).toBeLessThanOrEqual(height + 0.001);
        for (const other of placed.slice(index + 1)) expect(overlap(rect, other)).toBe(false);
      }
    }
  });
});

it("shouldPutTwoPeopleSideBySideOnADesktopAndOneAboveTheOtherOnAPhone", () => {
  const desktop = gridLayout(2, 1280, 640);
  expect(desktop[0]?.y).toBe(desktop[1]?.y);
  const phone = gridLayout(2, 344, 620);
  expect(phone[0]?.x).toBe(phone[1]?.x);
});

it("shouldGiveTheFocusedTileMostOfTheStage", () => {
  const [small, large] = focusLayout(2, 1, 1280, 640);
  expect(large?.width).toBeGreaterThan(4 * (small?.width ?? Infinity));
});

it.each(SIZES)("shouldKeepTilesReadableIn %i × %i", (width, height) => {
  const count = gridCapacity(width, height);
  const [fits] = gridLayout(count, width, height);
  expect(fits?.height).toBeGreaterThanOrEqual(84);
  expect(fits?.width).toBeGreaterThanOrEqual(128);
  const [tooMany] = gridLayout(count + 1, width, height);
  expect(Math.min((tooMany?.height ?? 0) / 84, (tooMany?.width ?? 0) / 128)).toBeLessThan(1);
});

it("shouldShowEverybodyBesideTheFocusedTileWhileTheyStayReadable", () => {
  for (const [width, height] of [
    [1252, 622],
    [344, 600],
  ] as const) {
    expect(focusLayout(7, 6, width, height).every((rect) => rect !== undefined)).toBe(true);
  }
});
