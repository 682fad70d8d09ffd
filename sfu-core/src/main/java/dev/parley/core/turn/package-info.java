/**
 * A TURN server (RFC 8656) whose only peer is this server: an allocation's relayed address has no
 * socket, and what a client sends through it reaches a media port of this process or nothing. One
 * thread, no clock; what is held for a client begins with its first valid credentials.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.core.turn;
