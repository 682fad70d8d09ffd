package dev.parley.signaling.room;

import dev.parley.signaling.rules.AdmissionState;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.rules.TimerSnapshot;
import dev.parley.signaling.rules.VisitSnapshot;
import dev.parley.signaling.wire.Event;
import java.util.List;
import java.util.Map;

/**
 * What outlives the process of one room.
 *
 * @param keepSec how long it stays open while nobody uses it
 * @param bannedUntilMs by identity, in milliseconds since 1970
 * @param chat what was said to all, the oldest first
 */
public record SavedRoom(
    String name,
    RoomSettings settings,
    boolean locked,
    int keepSec,
    Map<String, Long> bannedUntilMs,
    List<Event.ChatMessage> chat,
    AdmissionState admission,
    TimerSnapshot timer,
    VisitSnapshot visits) {
  public SavedRoom {
    bannedUntilMs = Map.copyOf(bannedUntilMs);
    chat = List.copyOf(chat);
  }
}
