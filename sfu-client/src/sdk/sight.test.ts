import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { browserSight, watchHidden } from "./sight.js";

/** What of a document matters here. */
class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = "visible";
  pictureInPictureElement: Element | null = null;

  become(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

describe("watchHidden", () => {
  let page: FakePage;
  let told: boolean[];
  let stop: () => void;

  beforeEach(() => {
    vi.useFakeTimers();
    page = new FakePage();
    told = [];
    vi.stubGlobal("document", page);
    stop = watchHidden(browserSight(), 10_000, (hidden) => told.push(hidden));
  });
  afterEach(() => {
    stop();
    vi.unstubAllGlobals();
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

  it("shouldSeeThatAPageWasOpenedOutOfSight", () => {
    stop();
    page.visibilityState = "hidden";
    stop = watchHidden(browserSight(), 5000, (hidden) => told.push(hidden));
    vi.advanceTimersByTime(5000);
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
