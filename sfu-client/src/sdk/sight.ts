import type { Cancel } from "./platform.js";

/** How an element is seen. */
export interface Seen {
  /** In CSS pixels; 0 × 0 while it is not laid out. */
  readonly width: number;
  readonly height: number;
  /** Some of it is in the window, and no scrolled part hides all of it. */
  readonly visible: boolean;
}

/** The page as far as an adaptive view looks at it, replaced in tests. */
export interface Sight {
  readonly pixelRatio: number;
  /** A picture in a window of its own is in sight. */
  readonly pageVisible: boolean;
  /** Calls back once soon, and with each change. */
  watch(element: Element, changed: (seen: Seen) => void): Cancel;
  /** Calls back when the page is hidden or shown. */
  watchPage(changed: () => void): Cancel;
  /** Runs once, unless cancelled before. */
  after(delayMs: number, run: () => void): Cancel;
}

const PAGE_EVENTS = ["visibilitychange", "enterpictureinpicture", "leavepictureinpicture"];

/** By ResizeObserver and IntersectionObserver, so that nothing is measured while nothing moves. */
export function browserSight(): Sight {
  return {
    get pixelRatio() {
      return devicePixelRatio;
    },
    get pageVisible() {
      return document.visibilityState === "visible" || Boolean(document.pictureInPictureElement);
    },
    watch: (element, changed) => {
      let seen: Seen = { width: 0, height: 0, visible: false };
      const become = (change: Partial<Seen>) => changed((seen = { ...seen, ...change }));
      const sizes = new ResizeObserver(([entry]) => {
        if (entry) become({ width: entry.contentRect.width, height: entry.contentRect.height });
      });
      // Entries come in order: the last one is how it is now.
      const places = new IntersectionObserver((entries) =>
        become({ visible: entries.at(-1)?.isIntersecting === true }),
      );
      sizes.observe(element);
      places.observe(element);
      return () => {
        sizes.disconnect();
        places.disconnect();
      };
    },
    watchPage: (changed) => {
      for (const event of PAGE_EVENTS) document.addEventListener(event, changed, true);
      return () => {
        for (const event of PAGE_EVENTS) document.removeEventListener(event, changed, true);
      };
    },
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  };
}

/**
 * Tells when a page has been out of sight for so long, and at once when it is in sight again.
 *
 * @param changed told each change; at first the page counts as seen
 * @returns the way to stop
 */
export function watchHidden(
  sight: Pick<Sight, "pageVisible" | "watchPage" | "after">,
  afterMs: number,
  changed: (hidden: boolean) => void,
): Cancel {
  let hidden = false;
  let stopTimer: Cancel | undefined;
  const become = (now: boolean) => {
    if (now === hidden) return;
    hidden = now;
    changed(hidden);
  };
  const look = () => {
    stopTimer?.();
    if (sight.pageVisible) become(false);
    else if (!hidden) stopTimer = sight.after(afterMs, () => become(true));
  };
  const stopWatching = sight.watchPage(look);
  look();
  return () => {
    stopTimer?.();
    stopWatching();
  };
}
