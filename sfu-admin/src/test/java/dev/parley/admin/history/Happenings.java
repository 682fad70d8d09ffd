package dev.parley.admin.history;

import dev.parley.signaling.room.RoomEvent;
import java.util.HashMap;
import java.util.Map;

/** Events as a room tells them. */
final class Happenings {
  private final History history;
  private final String room;
  private final String roomId;

  Happenings(History history, String room, String roomId) {
    this.history = history;
    this.room = room;
    this.roomId = roomId;
  }

  /** Names and values of the details by turns. */
  void tell(RoomEvent.Type type, long atMs, String... details) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < details.length; i += 2) {
      map.put(details[i], details[i + 1]);
    }
    history.onRoomEvent(new RoomEvent(type, room, roomId, atMs, map));
  }

  void opened(long atMs) {
    tell(RoomEvent.Type.ROOM_OPENED, atMs);
  }

  void closed(long atMs) {
    tell(RoomEvent.Type.ROOM_CLOSED, atMs);
  }

  void joined(String participantId, String identity, long atMs) {
    tell(
        RoomEvent.Type.PARTICIPANT_JOINED,
        atMs,
        "participantId",
        participantId,
        "identity",
        identity,
        "displayName",
        "The " + identity,
        "role",
        "guest");
  }

  void left(String participantId, String identity, String reason, long atMs) {
    tell(
        RoomEvent.Type.PARTICIPANT_LEFT,
        atMs,
        "participantId",
        participantId,
        "identity",
        identity,
        "reason",
        reason);
  }
}
