/**
 * What an operator sees and does: health, readiness, metrics, the state of every object, and the
 * REST interface {@code /v1} in {@code rest}. Its port is its own, on the loopback by default.
 * Everything runs on one event loop, but for {@code webhook}, which tells other programs what
 * happens; what is to be done goes to the room thread.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.admin;
