package dev.parley.signaling.room;

import java.util.Locale;
import java.util.Map;

/**
 * Something that happened in a room, for an operator.
 *
 * @param room its name
 * @param atMs milliseconds since 1970
 * @param details further facts by name: {@code participantId}, {@code identity}, {@code reason} …
 */
public record RoomEvent(
    Type type, String room, String roomId, long atMs, Map<String, String> details) {
  public RoomEvent {
    details = Map.copyOf(details);
  }

  /** What happened. */
  public enum Type {
    ROOM_OPENED,
    ROOM_CHANGED,
    ROOM_CLOSED,
    PARTICIPANT_JOINED,
    /** Media may flow; the details say how long the steps of the join took. */
    PARTICIPANT_CONNECTED,
    PARTICIPANT_LEFT,
    QUEUE_JOINED,
    QUEUE_ADMITTED,
    QUEUE_DENIED,
    QUEUE_EXPIRED,
    QUEUE_LEFT,
    TIMER_STATE,
    TIMER_WARNING,
    TIMER_ENDED,
    /** A moderator or an operator asked for something; the details say what, and whether done. */
    MODERATION;

    private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '.');

    public String wireName() {
      return wireName;
    }
  }

  /** Told on the room thread; must return at once. */
  public interface Listener {
    void onRoomEvent(RoomEvent event);
  }
}
