package dev.parley.signaling.wire;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.TrackSource;
import java.util.List;
import java.util.Map;

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

  /** {@code kind}: {@code restarting} or {@code info}; {@code action}: {@code rejoin}. */
  record ServerNotice(String kind, String action, String text) implements Event {}

  /** A member as others see it; {@code csrc} is 0 for one without media. */
  record ParticipantInfo(
      String id,
      int csrc,
      String displayName,
      Map<String, String> attributes,
      Role role,
      List<TrackInfo> tracks) {
    public ParticipantInfo {
      attributes = Map.copyOf(attributes);
      tracks = List.copyOf(tracks);
    }
  }

  record TrackInfo(String trackId, TrackSource source, boolean muted, String label) {}

  enum Role {
    PARTICIPANT("participant"),
    /** Receives only: a WHEP player. */
    VIEWER("viewer");

    private final String wireName;

    Role(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }

    public List<String> permissions() {
      return switch (this) {
        case PARTICIPANT -> List.of("publish", "subscribe");
        case VIEWER -> List.of("subscribe");
      };
    }
  }
}
