// Runs in a page before its own scripts, and follows each of the others' pictures frame by frame, as they are painted.
const watched = new Map();

function follow(video) {
  if (watched.has(video)) return;
  const state = { frames: 0, longestGapMs: 0, sizeChanges: 0, since: performance.now(), last: undefined, mid: "" };
  watched.set(video, state);
  const onFrame = (now, { width, height }) => {
    const mid = video.dataset.mid ?? "";
    // A picture that begins has no gap before it.
    if (state.last !== undefined && state.mid === mid) {
      state.longestGapMs = Math.max(state.longestGapMs, now - state.last);
      if (state.height !== height || state.width !== width) state.sizeChanges++;
    }
    Object.assign(state, { last: now, mid, width, height });
    state.frames++;
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
}

document.addEventListener(
  "loadeddata",
  ({ target }) => {
    if (target.matches?.("[data-participant-id]:not([data-own]) video")) follow(target);
  },
  true,
);

window.watch = (reset) => {
  const now = performance.now();
  const all = [...watched].flatMap(([video, state]) => {
    const tile = video.closest("[data-participant-id]");
    if (!tile?.isConnected) return [];
    const gap = state.last === undefined ? now - state.since : now - state.last;
    return [
      {
        name: tile.dataset.name ?? "",
        frames: state.frames,
        ms: now - state.since,
        longestGapMs: Math.max(state.longestGapMs, gap),
        sizeChanges: state.sizeChanges,
        width: state.width ?? 0,
        height: state.height ?? 0,
      },
    ];
  });
  if (reset) {
    for (const state of watched.values()) {
      Object.assign(state, { frames: 0, longestGapMs: 0, sizeChanges: 0, since: now });
    }
  }
  return JSON.stringify(all);
};
