package dev.parley.signaling.room;

import dev.parley.core.api.MediaSession;
import dev.parley.signaling.wire.Event;
import java.util.List;
import java.util.Optional;

/**
 * The room as the newcomer finds it.
 *
 * @param permissions of the newcomer
 * @param others everybody else, each as JSON: they are many, and the same for all who come
 * @param timer how the session's timer stands, if there is one
 * @param chat what was said to all before, the oldest first
 * @param answer the answer to the offer, unless there was none
 */
public record Joined(
    String roomId,
    String roomName,
    boolean locked,
    Event.ParticipantInfo self,
    List<String> permissions,
    List<String> others,
    List<Event.ChatMessage> chat,
    Optional<Event.TimerState> timer,
    Optional<MediaSession.Answer> answer)
    implements Entry {
  public Joined {
    permissions = List.copyOf(permissions);
    others = List.copyOf(others);
    chat = List.copyOf(chat);
  }
}
