package dev.parley.signaling.room;

import dev.parley.core.api.MediaRoom;
import dev.parley.signaling.observe.CallCounters;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.Refusal;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One open room and who is in it, those on the way in included. Room thread. */
final class Room {
  final String id;
  final String name;
  private final RoomNews news;
  private final MediaRoom media;
  private final InstantSource clock;
  private final Timekeeper timekeeper;
  private final Door door;
  final Chat chat = new Chat();
  final CallCounters counters;
  final QualityBoard qualities;
  private final Map<String, Participant> participants = new LinkedHashMap<>();
  private final Map<String, Long> bannedUntilMs = new HashMap<>();
  private RoomSettings settings;
  private boolean locked;
  private long revision = 1;
  private int keepSec;
  private long keptUntilMs;
  private boolean used;
  private int waitingCounted;

  Room(
      String id,
      String name,
      RoomSettings settings,
      MediaRoom media,
      Ids ids,
      InstantSource clock,
      RoomNews news,
      CallCounters counters) {
    this.id = id;
    this.name = name;
    this.settings = settings;
    this.media = media;
    this.clock = clock;
    this.news = news;
    this.counters = counters;
    this.qualities = new QualityBoard(this, counters);
    this.timekeeper = new Timekeeper(this, settings);
    this.door = new Door(this, settings.queue(), ids, timekeeper.departures());
  }

  /** Continues what an earlier process left; to be called first. */
  void restore(SavedRoom saved) {
    locked = saved.locked();
    keep(saved.keepSec());
    bannedUntilMs.putAll(saved.bannedUntilMs());
    chat.restore(saved.chat());
    door.admission().restore(saved.admission(), nowMs());
    timekeeper.timer().restore(saved.timer(), nowMs());
    timekeeper.visits().restore(saved.visits(), nowMs());
  }

  SavedRoom save() {
    return new SavedRoom(
        name,
        settings,
        locked,
        keepSec,
        bannedUntilMs,
        chat.history(),
        door.admission().save(),
        timekeeper.timer().save(nowMs()),
        timekeeper.visits().save(nowMs()));
  }

  RoomSettings settings() {
    return settings;
  }

  /** For newcomers and for the queue; the timer goes by those that the room was opened with. */
  void settings(RoomSettings changed) {
    settings = changed;
    revision++;
    door.settings(changed.queue(), nowMs());
  }

  /** Grows with each change of the settings and the lock. */
  long revision() {
    return revision;
  }

  int keepSec() {
    return keepSec;
  }

  /** Stays open for so long while nobody uses it, from now; 0: it closes when it is idle. */
  void keep(int sec) {
    keepSec = sec;
    keptUntilMs = nowMs() + sec * 1000L;
  }

  void report(RoomEvent.Type type, Map<String, String> details) {
    news.tell(this, type, details);
  }

  Timekeeper timekeeper() {
    return timekeeper;
  }

  Door door() {
    return door;
  }

  long nowMs() {
    return clock.millis();
  }

  /** Everybody inside who may moderate. */
  List<Participant> moderators() {
    return participants.values().stream()
        .filter(p -> p.phase() == Participant.Phase.INSIDE && p.grants().moderate())
        .toList();
  }

  /** Who hosts and who moderates has changed. */
  void recount() {
    timekeeper.recount(Optional.empty(), nowMs());
    door.admission().moderators(moderators().size(), nowMs());
  }

  /** Nobody is here or waits, and nothing has to be remembered. */
  boolean isIdle() {
    bannedUntilMs.values().removeIf(until -> until <= nowMs());
    return !isUsed() && bannedUntilMs.isEmpty() && (keepSec == 0 || nowMs() >= keptUntilMs);
  }

  private boolean isUsed() {
    return !participants.isEmpty() || !door.admission().isIdle();
  }

  long nextTimeoutMs() {
    long next = Math.min(door.nextTimeoutMs(), timekeeper.nextTimeoutMs());
    next = Math.min(next, qualities.nextTimeoutMs());
    if (keepSec > 0 && !used && keptUntilMs > nowMs()) {
      next = Math.min(next, keptUntilMs);
    }
    if (participants.isEmpty()) {
      for (long until : bannedUntilMs.values()) {
        next = Math.min(next, until);
      }
    }
    return next;
  }

  void settle(Rooms rooms) {
    timekeeper.settle(rooms, nowMs());
    door.settle(nowMs());
    qualities.settle(nowMs());
    if (used && !isUsed()) {
      keep(keepSec);
    }
    used = isUsed();
  }

  /** Counts who wait; 0 once it has closed. */
  void countWaiting(int now) {
    counters.waiting(now - waitingCounted);
    waitingCounted = now;
  }

  MediaRoom media() {
    return media;
  }

  int size() {
    return participants.size();
  }

  void add(Participant participant) {
    participants.put(participant.id, participant);
  }

  void remove(Participant participant) {
    participants.remove(participant.id);
    qualities.forget(participant.id);
  }

  /** Puts a participant where the one with the same id was. */
  void replace(Participant participant) {
    participants.put(participant.id, participant);
  }

  List<Participant> participants() {
    return List.copyOf(participants.values());
  }

  boolean locked() {
    return locked;
  }

  /** Keeps newcomers out, or no longer; tells everybody when that is news. */
  void lock(boolean now) {
    if (locked != now) {
      locked = now;
      revision++;
      tellAll(new Event.RoomUpdated(now));
    }
  }

  void ban(String identity, long untilMs) {
    bannedUntilMs.put(identity, untilMs);
  }

  /** How long somebody is still banned; 0: not at all. */
  long bannedMs(String identity, long nowMs) {
    bannedUntilMs.values().removeIf(until -> until <= nowMs);
    return Math.max(0, bannedUntilMs.getOrDefault(identity, nowMs) - nowMs);
  }

  Map<String, Long> bans() {
    return Map.copyOf(bannedUntilMs);
  }

  Optional<Participant> inside(String participantId) {
    return Optional.ofNullable(participants.get(participantId))
        .filter(participant -> participant.phase() == Participant.Phase.INSIDE);
  }

  /** Why nothing can be done with somebody; empty when it can. */
  Optional<Refusal> missing(String participantId) {
    return inside(participantId).isPresent()
        ? Optional.empty()
        : Optional.of(nobody(participantId));
  }

  static Refusal nobody(String participantId) {
    return Refusal.of(ErrorCode.BAD_REQUEST, "nobody in the room has the id " + participantId);
  }

  /** The descriptions of those inside, without one. */
  List<String> others(Participant self) {
    return participants.values().stream()
        .filter(other -> other != self && other.isVisible())
        .map(Participant::description)
        .toList();
  }

  void tellAll(Event event) {
    EventFrame frame = EventFrame.of(event);
    for (Participant participant : participants.values()) {
      if (participant.phase() == Participant.Phase.INSIDE) {
        participant.member.deliver(frame);
      }
    }
  }

  void tellOthers(Participant self, Event event) {
    if (participants.isEmpty()) {
      return;
    }
    EventFrame frame = EventFrame.of(event);
    for (Participant participant : participants.values()) {
      if (participant != self && participant.phase() == Participant.Phase.INSIDE) {
        participant.member.deliver(frame);
      }
    }
  }
}
