package dev.parley.signaling.room;

import dev.parley.core.api.MediaSession;
import dev.parley.core.api.TrackSource;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Somebody in a room, or on the way in. Room thread. */
final class Participant {
  /** {@code ENTERING} until the media engine has answered; {@code GONE} is the end. */
  enum Phase {
    ENTERING,
    INSIDE,
    GONE
  }

  /** What a section carries at the moment. */
  record Track(
      String trackId,
      String mid,
      TrackSource source,
      boolean muted,
      String label,
      int width,
      int height) {
    Event.TrackInfo info() {
      return new Event.TrackInfo(trackId, source, muted, label);
    }
  }

  final String id;
  final JoinCommand command;
  final Member member;
  private final Map<String, Track> tracksByMid = new LinkedHashMap<>();
  private final List<EventFrame> early = new ArrayList<>();
  private Phase phase = Phase.ENTERING;
  private @Nullable MediaSession media;
  private Optional<String> mediaClosedEarly = Optional.empty();

  Participant(String id, JoinCommand command, Member member) {
    this.id = id;
    this.command = command;
    this.member = member;
  }

  Phase phase() {
    return phase;
  }

  Optional<MediaSession> media() {
    return Optional.ofNullable(media);
  }

  void media(MediaSession opened) {
    media = opened;
  }

  /** Why the media closed before the join was through. */
  Optional<String> mediaClosedEarly() {
    return mediaClosedEarly;
  }

  void mediaClosedEarly(String reason) {
    mediaClosedEarly = Optional.of(reason);
  }

  void forgetMedia() {
    media = null;
    tracksByMid.clear();
  }

  /** Events that came before the reply follow it now, in their order. */
  void enter() {
    phase = Phase.INSIDE;
    early.forEach(member::deliver);
    early.clear();
  }

  void gone() {
    phase = Phase.GONE;
    early.clear();
  }

  void deliver(EventFrame event) {
    switch (phase) {
      case ENTERING -> early.add(event);
      case INSIDE -> member.deliver(event);
      case GONE -> {}
    }
  }

  void put(Track track) {
    tracksByMid.put(track.mid(), track);
  }

  void removeTrack(String mid) {
    tracksByMid.remove(mid);
  }

  Optional<Track> track(String mid) {
    return Optional.ofNullable(tracksByMid.get(mid));
  }

  List<Track> tracks() {
    return List.copyOf(tracksByMid.values());
  }

  Event.ParticipantInfo info() {
    return new Event.ParticipantInfo(
        id,
        media == null ? 0 : media.csrc(),
        command.displayName(),
        command.attributes(),
        command.role(),
        tracksByMid.values().stream().map(Track::info).toList());
  }
}
