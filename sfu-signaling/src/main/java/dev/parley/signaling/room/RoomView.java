package dev.parley.signaling.room;

import dev.parley.signaling.rules.RoomSettings;

/**
 * A room as an operator sees it.
 *
 * @param revision grows with each change of the settings and the lock
 * @param keepSec how long it stays open while nobody uses it; 0: it closes at once
 * @param participants inside and on the way in
 * @param seatsTaken as the queue counts them, seats kept for somebody included
 * @param queueClosed no new tickets are given
 * @param queuePaused nobody is admitted, since no moderator is there who could approve
 */
public record RoomView(
    String name,
    String roomId,
    long revision,
    boolean locked,
    int keepSec,
    int participants,
    int seatsTaken,
    int waiting,
    boolean queueClosed,
    boolean queuePaused,
    RoomSettings settings) {
  static RoomView of(Room room) {
    return new RoomView(
        room.name,
        room.id,
        room.revision(),
        room.locked(),
        room.keepSec(),
        room.size(),
        room.door().admission().insideCount(),
        room.door().length(),
        room.door().admission().isClosed(),
        room.door().admission().paused(),
        room.settings());
  }
}
