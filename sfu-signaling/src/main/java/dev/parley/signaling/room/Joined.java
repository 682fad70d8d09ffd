package dev.parley.signaling.room;

import dev.parley.core.api.MediaSession;
import dev.parley.signaling.wire.Event;
import java.util.List;
import java.util.Optional;

/**
 * The room as the newcomer finds it.
 *
 * @param others everybody else
 * @param answer the answer to the offer, unless there was none
 */
public record Joined(
    String roomId,
    String roomName,
    Event.ParticipantInfo self,
    List<Event.ParticipantInfo> others,
    Optional<MediaSession.Answer> answer) {
  public Joined {
    others = List.copyOf(others);
  }
}
