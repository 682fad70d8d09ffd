package dev.parley.signaling.wire;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.TrackSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What the server tells the members of a room. */
public sealed interface Event {
  record ParticipantJoined(ParticipantInfo participant) implements Event {}

  record ParticipantUpdated(ParticipantInfo participant) implements Event {}

  record ParticipantLeft(String participantId, LeaveReason reason) implements Event {}

  record TrackPublished(String participantId, TrackInfo track) implements Event {}

  /** {@code reason}: {@code stopped}, {@code replaced}, or why the media closed. */
  record TrackUnpublished(String participantId, String trackId, String reason) implements Event {}

  record TrackMuted(String participantId, String trackId, boolean muted) implements Event {}

  record Slots(List<MediaSession.SlotChange> changes) implements Event {
    public Slots {
      changes = List.copyOf(changes);
    }
  }

  /** The encodings of the receiver's own section {@code mid} that are needed, by RID. */
  record Layers(String mid, List<String> active) implements Event {
    public Layers {
      active = List.copyOf(active);
    }
  }

  record Speakers(List<MediaRoom.SpeakerLevel> list) implements Event {
    public Speakers {
      list = List.copyOf(list);
    }
  }

  /** How good connections are; only of those where it has changed. */
  record Quality(List<QualityLevel> updates) implements Event {
    public Quality {
      updates = List.copyOf(updates);
    }
  }

  /** {@code level}: 0 (nothing gets through) to 5. */
  record QualityLevel(String participantId, int level) {}

  /** Somebody asks moderators for more time. */
  record TimerAsked(String participantId, int sec, String text) implements Event {}

  /** What concerns the room as a whole changed. */
  record RoomUpdated(boolean locked) implements Event {}

  /**
   * How somebody's place in the queue stands.
   *
   * @param message of the host to those who wait; may be empty
   * @param paused no moderator is there who could approve
   */
  record QueueUpdate(TicketInfo ticket, String message, boolean paused) implements Event {}

  /** May come in: {@code join} again with the token, within the window. */
  record QueueAdmitted(String ticketId, String admitToken, long windowMs) implements Event {}

  /** Waits no longer; {@code reason}: {@code denied} or {@code expired}. */
  record QueueDenied(String ticketId, String reason, String text) implements Event {}

  /** For moderators: everybody who waits, in order. */
  record QueueList(List<TicketInfo> tickets, boolean paused) implements Event {
    public QueueList {
      tickets = List.copyOf(tickets);
    }
  }

  /**
   * A place in the queue; what is empty is not shown.
   *
   * @param joinedAtMs milliseconds since 1970
   * @param who only where a moderator reads it
   */
  record TicketInfo(
      String ticketId,
      String state,
      OptionalInt position,
      OptionalInt ahead,
      OptionalInt count,
      Optional<EtaInfo> eta,
      int priority,
      boolean held,
      long joinedAtMs,
      OptionalLong admittedAtMs,
      Optional<Waiting> who) {}

  record Waiting(String identity, String displayName) {}

  /** {@code basis}: {@code timer}, {@code history}, or {@code unknown} without bounds. */
  record EtaInfo(OptionalInt lowSec, OptionalInt highSec, String basis) {}

  /**
   * How the session's timer stands; times in milliseconds since 1970.
   *
   * @param state {@code idle}, {@code running}, {@code paused}, {@code overtime} or {@code ended}
   */
  record TimerState(
      String state,
      OptionalLong startedAtMs,
      OptionalLong endsAtMs,
      long remainingMs,
      long serverTimeMs,
      int extendedSec)
      implements Event {}

  record TimerWarning(int remainingSec) implements Event {}

  /** The time is up; {@code action} says what follows. */
  record TimerEnded(String action) implements Event {}

  /**
   * Somebody said something.
   *
   * @param at milliseconds since 1970
   * @param to the one who was addressed; empty: all
   * @param clientMsgId the sender's own name of the message
   */
  record ChatMessage(
      String msgId,
      long at,
      Sender from,
      String text,
      Optional<String> to,
      Optional<String> clientMsgId)
      implements Event {}

  /** Who said something; the participant may be gone by now. */
  record Sender(String participantId, String identity, String displayName) {}

  /** {@code payload} is JSON text. */
  record DataMessage(String from, Optional<String> to, Optional<String> topic, String payload)
      implements Event {}

  /**
   * {@code kind}: {@code draining}, {@code restarting} or {@code info}; {@code action}: {@code
   * rejoin} or {@code none}.
   */
  record ServerNotice(String kind, String action, String text) implements Event {}

  /** The client is to switch to this room, whose door is open to it for a while. */
  record RoomMove(String room, String text) implements Event {}

  /** A member as others see it; {@code csrc} is 0 for one without media. */
  record ParticipantInfo(
      String id,
      int csrc,
      String displayName,
      Map<String, String> attributes,
      Role role,
      List<TrackInfo> tracks) {
    public ParticipantInfo {
      attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
      tracks = List.copyOf(tracks);
    }
  }

  record TrackInfo(String trackId, TrackSource source, boolean muted, String label) {}
}
