/**
 * {@code sfu.v1} as a client speaks it: one WebSocket after the other, one session over all of
 * them. Sockets live on threads of the HTTP client; a {@link dev.parley.bots.signal.SfuSession} on
 * its owner's thread alone.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bots.signal;
