/**
 * A client's visit. A {@code Connection} is one WebSocket and runs on its own event loop: frames,
 * limits, hello. A {@code Session} is the visit, which outlives its sockets, and runs on the room
 * thread: requests, numbered events, resume. Each posts to the other's thread.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.session;
