// Runs in a page before its own scripts: a machine so busy that frames, and whatever is to be done soon, come a second late.
const LATE_MS = 1000;
const nativeTimeout = window.setTimeout.bind(window);
window.setTimeout = (run, ms = 0, ...rest) => nativeTimeout(run, Math.max(ms, LATE_MS), ...rest);
window.requestAnimationFrame = (run) => nativeTimeout(() => run(performance.now()), LATE_MS);
window.cancelAnimationFrame = (id) => clearTimeout(id);
