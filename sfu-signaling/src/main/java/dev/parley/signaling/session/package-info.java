/**
 * One WebSocket's life: hello, requests, events, limits, the end. Everything of a socket runs on
 * its own event loop; what concerns a room is posted to the room thread and comes back the same
 * way.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.session;
