/** Whoever looks at another tab for a moment finds the pictures still running. */
const HIDDEN_AFTER_MS = 10_000;

/** What of a document matters here. */
export interface Sighted extends EventTarget {
  readonly visibilityState: DocumentVisibilityState;
  readonly pictureInPictureElement?: Element | null;
}

/**
 * Tells when a page has been out of sight for 10 s, and at once when it is in sight again. A picture in a window of its own
 * is in sight.
 *
 * @param changed told each change; at first the page counts as seen
 * @returns the way to stop
 */
export function watchSight(page: Sighted, changed: (hidden: boolean) => void): () => void {
  let hidden = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const become = (now: boolean) => {
    timer = undefined;
    if (now === hidden) return;
    hidden = now;
    changed(hidden);
  };
  const look = () => {
    const unseen = page.visibilityState === "hidden" && !page.pictureInPictureElement;
    clearTimeout(timer);
    if (unseen && !hidden) timer = setTimeout(() => become(true), HIDDEN_AFTER_MS);
    else become(unseen);
  };
  const events = ["visibilitychange", "enterpictureinpicture", "leavepictureinpicture"];
  for (const event of events) page.addEventListener(event, look, true);
  look();
  return () => {
    clearTimeout(timer);
    for (const event of events) page.removeEventListener(event, look, true);
  };
}
