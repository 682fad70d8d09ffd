package dev.parley.core.room;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The other wings of a room, as one of them knows them: what goes there and what came from there.
 * None where the room lives on one worker. The first wing decides who is heard and tells the
 * others. Worker's thread only.
 */
final class Wings {
  /** How often it is looked whether a track can be shown otherwise; viewers elsewhere are told. */
  private static final long LADDER_NANOS = 100_000_000;

  private final Room room;
  private final Speakers speakers;
  private final List<Wing> others = new ArrayList<>();
  private final List<Import> imports = new ArrayList<>();
  private final Map<Integer, Guest> guests = new HashMap<>();

  /** What the others have told the first one of their audio slots. */
  private final Map<Room, Integer> placesThere = new HashMap<>();

  /** The first wing; null: it is this one. */
  private @Nullable Wing first;

  private Floor floor = Floor.NOBODY;
  private int toldPlaces;
  private long laddersNanos = Long.MIN_VALUE / 2;
  private boolean closed;

  /** {@code speakers} are the room's. */
  Wings(Room room, Speakers speakers) {
    this.room = room;
    this.speakers = speakers;
  }

  /** Another wing is there; what is published here is announced to it. */
  void connect(Wing other, List<Publication> published) {
    if (closed) {
      return;
    }
    others.add(other);
    if (other.decides()) {
      first = other;
      speakers.follow(floor);
    } else if (first == null) {
      Floor now = floor;
      other.thread().execute(() -> other.room().wings().follow(now));
    }
    published.forEach(p -> p.export(other));
  }

  boolean none() {
    return others.isEmpty();
  }

  /** Something is published here. */
  void announce(Publication publication) {
    for (Wing other : others) {
      publication.export(other);
    }
  }

  /** A track came from another wing; whose it is. */
  Guest admit(Import track) {
    imports.add(track);
    Import.Description about = track.description();
    Guest guest =
        guests.computeIfAbsent(about.settings().csrc(), csrc -> new Guest(about.ownerId(), csrc));
    guest.tracks++;
    return guest;
  }

  /** It has ended. */
  void dismiss(Import track, Owner owner) {
    imports.remove(track);
    Guest guest = guests.get(owner.csrc());
    if (guest != null && --guest.tracks == 0) {
      guests.remove(owner.csrc());
    }
  }

  /** The most audio slots that anybody elsewhere has, as far as this wing was told. */
  int placesElsewhere() {
    return first == null
        ? placesThere.values().stream().mapToInt(Integer::intValue).max().orElse(0)
        : floor.places();
  }

  /** Another wing has told this first one how many audio slots its people have at most. */
  void placesAt(Room other, int places) {
    placesThere.put(other, places);
    room.unsettle();
  }

  /** Tells the first wing how many audio slots somebody here has at most. */
  void tellPlaces(int places) {
    Wing to = first;
    if (to != null && places != toldPlaces) {
      toldPlaces = places;
      to.thread().execute(() -> to.room().wings().placesAt(room, places));
    }
  }

  /** The first wing has decided. */
  void follow(Floor decided) {
    floor = decided;
    speakers.follow(decided);
    room.unsettle();
  }

  /** Tells the others, when this is the first wing and something has changed. */
  void tell(Floor decided) {
    if (first != null || decided.equals(floor)) {
      return;
    }
    floor = decided;
    for (Wing other : others) {
      other.thread().execute(() -> other.room().wings().follow(decided));
    }
  }

  /** At the end of a batch. */
  void settle(long nowNanos) {
    for (int i = 0; i < imports.size(); i++) {
      imports.get(i).settle(first == null, nowNanos);
    }
  }

  /** Viewers here were given other qualities. */
  void tellNeeded() {
    for (Import track : imports) {
      track.tellNeeded();
    }
  }

  void handleTimeout(List<Publication> videos, long nowNanos) {
    tellNeeded();
    if (others.isEmpty() || nowNanos - laddersNanos < LADDER_NANOS) {
      return;
    }
    laddersNanos = nowNanos;
    for (Publication p : videos) {
      p.tellLadder(nowNanos);
    }
  }

  long nextTimeoutNanos() {
    if (others.isEmpty()) {
      return Long.MAX_VALUE;
    }
    long next = laddersNanos + LADDER_NANOS;
    for (Import track : imports) {
      next = Math.min(next, track.nextTimeoutNanos());
    }
    return next;
  }

  /** Nothing is told or taken any more. */
  void close() {
    closed = true;
    imports.forEach(Import::forget);
    imports.clear();
    others.clear();
  }

  boolean closed() {
    return closed;
  }

  Map<String, Object> snapshot() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("first", first == null);
    state.put("others", others.size());
    state.put("guests", guests.size());
    state.put("copies", imports.size());
    return state;
  }
}
