import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchSight, type Sighted } from "./sight.js";

class FakePage extends EventTarget implements Sighted {
  visibilityState: DocumentVisibilityState = "visible";
  pictureInPictureElement: Element | null = null;

  become(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

describe("watchSight", () => {
  let page: FakePage;
  let told: boolean[];
  let stop: () => void;

  beforeEach(() => {
    vi.useFakeTimers();
    page = new FakePage();
    told = [];
    stop = watchSight(page, (hidden) => told.push(hidden));
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  it("shouldTellAPageHiddenForTenSecondsAndItsReturnAtOnce", () => {
    page.become("hidden");
    vi.advanceTimersByTime(9_999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual([true]);
    page.become("hidden");
    vi.advanceTimersByTime(60_000);
    page.become("visible");
    expect(told).toEqual([true, false]);
  });

  it("shouldNotMindAGlanceElsewhere", () => {
    for (let i = 0; i < 3; i++) {
      page.become("hidden");
      vi.advanceTimersByTime(6000);
      page.become("visible");
      vi.advanceTimersByTime(6000);
    }
    expect(told).toEqual([]);
  });

  it("shouldCountAPictureInAWindowOfItsOwnAsSeen", () => {
    page.pictureInPictureElement = {} as Element;
    page.become("hidden");
    vi.advanceTimersByTime(20_000);
    expect(told).toEqual([]);
    page.pictureInPictureElement = null;
    page.dispatchEvent(new Event("leavepictureinpicture"));
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([true]);
  });

  it("shouldTellNothingAfterTheEnd", () => {
    page.become("hidden");
    stop();
    vi.advanceTimersByTime(20_000);
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
