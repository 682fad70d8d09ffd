/**
 * Browser probes: a few tabs of a headless Chromium with the real call page, for what only a
 * browser can tell, driven by the DevTools protocol. Blocks its callers; one thread.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.probe;
