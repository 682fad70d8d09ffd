package dev.parley.signaling.room;

import dev.parley.core.api.MediaSession;
import dev.parley.core.api.TrackSource;
import dev.parley.core.api.ViewWish;
import dev.parley.signaling.observe.CallCounters;
import dev.parley.signaling.token.Grants;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Role;
import dev.parley.signaling.wire.WireJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    Track muted(boolean now) {
      return new Track(trackId, mid, source, now, label, width, height);
    }

    Event.TrackInfo info() {
      return new Event.TrackInfo(trackId, source, muted, label);
    }
  }

  /** Clients tell every 10 s. */
  private static final long FRESH_MS = 25_000;

  /** Moderators are asked for time by one person no more often. */
  private static final long ASK_PAUSE_MS = 10_000;

  final String id;
  final JoinCommand command;
  final Member member;

  /** Whether it was inside before and only its media is being replaced. */
  private final boolean returning;

  private final Map<String, Track> tracksByMid = new LinkedHashMap<>();
  private final List<EventFrame> early = new ArrayList<>();
  private JoinSteps steps;
  private Phase phase = Phase.ENTERING;
  private @Nullable MediaSession media;
  private Optional<String> mediaClosedEarly = Optional.empty();
  private String displayName;
  private Map<String, String> attributes;
  private Grants grants;
  private Optional<ViewWish> view;
  private long askedForTimeMs;
  private Optional<String> stats = Optional.empty();
  private long statsMs;
  private Optional<String> leaveCause = Optional.empty();
  private Optional<String> mediaEnd = Optional.empty();
  private @Nullable Place waitsAgain;
  private String invitedTo = "";
  private long invitedUntilMs;
  private Event.@Nullable ParticipantInfo described;
  private String description = "";

  Participant(String id, JoinCommand command, Member member, CallCounters counters) {
    this(id, command, member, new JoinSteps(counters), false);
  }

  private Participant(
      String id, JoinCommand command, Member member, JoinSteps steps, boolean returning) {
    this.id = id;
    this.steps = steps;
    this.command = command;
    this.member = member;
    this.displayName = command.displayName();
    this.attributes = command.attributes();
    this.grants = command.grants();
    this.returning = returning;
    this.view = command.view();
  }

  String displayName() {
    return displayName;
  }

  Role role() {
    return grants.role();
  }

  void role(Role given) {
    grants = command.grants().as(given);
  }

  Grants grants() {
    return grants;
  }

  /** A new name, and changes to the attributes: an empty value removes one. */
  void rename(Optional<String> name, Map<String, String> changes) {
    displayName = name.orElse(displayName);
    Map<String, String> merged = new TreeMap<>(attributes);
    changes.forEach((key, value) -> {
      if (value.isEmpty()) {
        merged.remove(key);
      } else {
        merged.put(key, value);
      }
    });
    attributes = merged;
  }

  /** Asks the client to switch to another room, whose door is open to it until then. */
  void invite(String room, String text, long untilMs) {
    invitedTo = room;
    invitedUntilMs = untilMs;
    deliver(EventFrame.of(new Event.RoomMove(room, text)));
  }

  /** The invitation holds as long as it waits there. */
  void waitsWhereInvited() {
    invitedUntilMs = Long.MAX_VALUE;
  }

  boolean isInvitedTo(String room, long nowMs) {
    return invitedTo.equals(room) && nowMs < invitedUntilMs;
  }

  /** The place in the queue that was given for the seat. */
  Optional<Place> waitsAgain() {
    return Optional.ofNullable(waitsAgain);
  }

  void waitsAgain(Place place) {
    waitsAgain = place;
  }

  /** Why it leaves, where the reason that clients are told says less. */
  Optional<String> leaveCause(LeaveReason told) {
    return leaveCause.or(() ->
        switch (told) {
          case LEFT, DISCONNECTED, TIMEOUT -> mediaEnd;
          case KICKED, SWITCHED, QUEUED, TIME_UP, REPLACED, ROOM_ENDED -> Optional.empty();
        });
  }

  /** Its media ended though nobody wanted that, and has not come back since. */
  void mediaEnded(String cause) {
    mediaEnd = Optional.of(cause);
  }

  void leaveCause(String cause) {
    leaveCause = Optional.of(cause);
  }

  /** What the client reported last of its side, as JSON text. */
  Optional<String> stats() {
    return stats;
  }

  /** The same, if it is not old. */
  Optional<String> freshStats(long nowMs) {
    return stats.filter(known -> nowMs - statsMs < FRESH_MS);
  }

  void stats(String digest, long nowMs) {
    stats = Optional.of(digest);
    statsMs = nowMs;
  }

  /** The same participant on a new page: what the old page's media still reports is not heard. */
  Participant returning(JoinCommand again) {
    Participant after = new Participant(id, again, member, steps.anew(), isVisible());
    if (role() != command.grants().role()) {
      after.role(role());
    }
    after.invitedTo = invitedTo;
    after.invitedUntilMs = invitedUntilMs;
    return after;
  }

  boolean isReturning() {
    return returning && phase == Phase.ENTERING;
  }

  /** Whether others see it. */
  boolean isVisible() {
    return phase == Phase.INSIDE || isReturning();
  }

  JoinSteps steps() {
    return steps;
  }

  /** Has the media of a participant of another room now. */
  void stepsOf(Participant before) {
    steps = before.steps.inAnotherRoom();
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

  /** 0 when a wish for more time may be passed on, which counts then; else how long to wait. */
  long mayAskForTime(long nowMs) {
    long waitMs = Math.max(0, askedForTimeMs + ASK_PAUSE_MS - nowMs);
    if (waitMs == 0) {
      askedForTimeMs = nowMs;
    }
    return waitMs;
  }

  /** Tells the media engine what this one wants to see and hear; the last wish stays. */
  void view(ViewWish wish) {
    view = Optional.of(wish);
    media().ifPresent(opened -> opened.view(wish));
  }

  Optional<ViewWish> view() {
    return view;
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

  /** {@link #info} as JSON, written once for all who come in until something of it changes. */
  String description() {
    Event.ParticipantInfo now = info();
    if (!now.equals(described)) {
      described = now;
      description = WireJson.write(EventFrame.json(now));
    }
    return description;
  }

  Event.ParticipantInfo info() {
    return new Event.ParticipantInfo(
        id,
        media == null ? 0 : media.csrc(),
        displayName,
        attributes,
        role(),
        tracksByMid.values().stream().map(Track::info).toList());
  }
}
