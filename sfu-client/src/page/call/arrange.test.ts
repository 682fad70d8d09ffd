import { expect, it } from "vitest";
import { arrange, type Space } from "./arrange.js";

const SPACE: Space = { width: 1280, height: 640, focused: -1, page: 0, most: 10, stripHidden: false };
const PHONE = { ...SPACE, width: 344, height: 620 };
const people = (others: number) => [
  ...Array.from({ length: others }, () => ({ own: false, source: "camera" })),
  { own: true, source: "camera" },
];
const shown = (others: number, space: Space) =>
  arrange(people(others), space).rects.flatMap((rect, index) => (rect ? [index] : []));

it("shouldShowEverybodyOnOnePageWhileTheyFit", () => {
  const { rects, pages } = arrange(people(9), SPACE);
  expect(pages).toBe(1);
  expect(rects.every((rect) => rect !== undefined)).toBe(true);
});

it("shouldTurnPagesWithOneselfOnEachOfThem", () => {
  expect(arrange(people(20), SPACE)).toMatchObject({ page: 0, pages: 3 });
  expect(shown(20, SPACE)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 20]);
  expect(shown(20, { ...SPACE, page: 1 })).toEqual([9, 10, 11, 12, 13, 14, 15, 16, 17, 20]);
  expect(shown(20, { ...SPACE, page: 2 })).toEqual([18, 19, 20]);
});

it("shouldStayOnTheLastPageWhenPeopleLeave", () => {
  expect(arrange(people(12), { ...SPACE, page: 5 })).toMatchObject({ page: 1, pages: 2 });
});

it("shouldShowEachPersonOnOnePageOfAPhone", () => {
  const { pages } = arrange(people(30), PHONE);
  expect(pages).toBeGreaterThan(3);
  const seen = Array.from({ length: pages }, (_, page) => shown(30, { ...PHONE, page }).slice(0, -1)).flat();
  expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index));
});

it("shouldHaveNoPagesAroundALargeTile", () => {
  const { rects, pages } = arrange(people(20), { ...SPACE, focused: 3, page: 2 });
  expect(pages).toBe(1);
  expect(rects[3]?.width).toBeGreaterThan(800);
});

it("shouldGiveAllTheStageToTheLargeTileWhenTheOthersAreHidden", () => {
  expect(shown(5, { ...SPACE, focused: 3, stripHidden: true })).toEqual([3]);
  expect(arrange(people(5), { ...SPACE, focused: 3, stripHidden: true }).rects[3]).toEqual({
    ...{ x: 0, y: 0 },
    ...{ width: 1280, height: 640 },
  });
});

it("shouldPlaceNothingOnAStageWithoutASize", () => {
  expect(arrange(people(2), { ...SPACE, width: 0 }).rects).toEqual([undefined, undefined, undefined]);
});
