/**
 * Rooms, participants and tracks. No socket and no clock: requests are method calls, replies and
 * events go to the callbacks of whoever asked. Everything here runs on the room thread.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.room;
