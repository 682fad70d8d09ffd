package dev.parley.signaling.room;

import dev.parley.signaling.wire.Event;

/**
 * A place in the queue before a room.
 *
 * @param key of the connection that has it
 * @param first how it stood when it was taken
 */
record Place(Room room, String key, Event.QueueUpdate first) implements Arrival {}
