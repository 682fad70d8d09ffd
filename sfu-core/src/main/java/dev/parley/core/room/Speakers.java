package dev.parley.core.room;

import dev.parley.core.api.MediaRoom.SpeakerLevel;
import dev.parley.core.speech.DominantSpeaker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who talks, who is the dominant speaker, and whose sound goes to the audio slots when there are
 * more talkers than slots. The order changes only when someone outside talks while someone inside
 * has stopped, or is quieter: by a little after a while, by much at once. Who had to go does not
 * come back for as long over somebody who talks, so nobody flaps.
 *
 * <p>Of a room in several wings the first one decides and tells; the others follow it ({@link
 * #follow}).
 */
final class Speakers {
  private static final long CHECK_NANOS = 50_000_000;
  private static final long PACKET_NANOS = 20_000_000;
  private static final long MOST_BEHIND_NANOS = 320_000_000;
  private static final long TELL_NANOS = 500_000_000;
  private static final long HOLD_NANOS = 1_000_000_000;
  private static final long SHORT_HOLD_NANOS = 250_000_000;
  private static final int TOLD_AT_MOST = 10;
  private static final int MOST_GONE = 16;
  private static final double LOUDER_BY = 6.0 / 127;
  private static final double MUCH_LOUDER_BY = 12.0 / 127;

  private final List<Publication> order = new ArrayList<>();

  /** By the tracks' serial numbers. */
  private DominantSpeaker<Integer> dominance = new DominantSpeaker<>();

  private @Nullable Publication lastDominant;
  private int gone;
  private long identifiedNanos = Long.MIN_VALUE / 2;
  private long nextCheckNanos = Long.MIN_VALUE;
  private long lastToldNanos = Long.MIN_VALUE / 2;
  private List<SpeakerLevel> lastTold = List.of();

  /** What another wing of the room has decided; null: this one decides. */
  private @Nullable Floor floor;

  void add(Publication publication) {
    order.add(publication);
    reorder();
  }

  /** Another wing decides who is heard, and has decided so. */
  void follow(Floor decided) {
    floor = decided;
    reorder();
  }

  /** Puts those first that are heard, if another wing decides that. */
  private void reorder() {
    Floor decided = floor;
    if (decided == null) {
      return;
    }
    int at = 0;
    for (int serial : decided.heard()) {
      for (int i = at; i < order.size(); i++) {
        if (order.get(i).track().serial() == serial) {
          order.add(at++, order.remove(i));
          break;
        }
      }
    }
  }

  /**
   * What other wings need to know.
   *
   * @param places how many of the first in the order are heard
   */
  Floor floor(int places) {
    List<Integer> heard = new ArrayList<>();
    List<Integer> talking = new ArrayList<>();
    for (Publication p : order.subList(0, Math.min(places + 1, order.size()))) {
      heard.add(p.track().serial());
      if (talks(p)) {
        talking.add(p.track().serial());
      }
    }
    Publication dominant = dominant();
    return new Floor(
        places, heard, talking, dominant == null ? Floor.NONE : dominant.track().serial());
  }

  private boolean talks(Publication p) {
    Floor decided = floor;
    if (decided == null) {
      return p.loudness().talking();
    }
    int serial = p.track().serial();
    return serial == decided.dominant() || decided.talking().contains(serial);
  }

  void remove(Publication publication) {
    if (order.remove(publication) && ++gone == MOST_GONE) {
      // It would remember who is gone for an hour.
      dominance = new DominantSpeaker<>();
      gone = 0;
    }
  }

  /** The audio tracks, those to be heard first. */
  List<Publication> order() {
    return order;
  }

  /** The same for who hears fewer than the others: the dominant speaker, then those who talk. */
  List<Publication> byActivity() {
    List<Publication> all = new ArrayList<>(order);
    Publication dominant = dominant();
    all.sort(
        Comparator.<Publication, Boolean>comparing(p -> p != dominant)
            .thenComparing(p -> !talks(p) || p.track().muted()));
    return all;
  }

  long nextTimeoutNanos() {
    return order.isEmpty() && lastTold.isEmpty() ? Long.MAX_VALUE : nextCheckNanos;
  }

  /**
   * Takes the levels in.
   *
   * @param places how many of the first in the order are heard; not more than there are
   * @return whether those who are heard have changed, or somebody began to talk
   */
  boolean update(int places, long nowNanos) {
    nextCheckNanos = nowNanos + CHECK_NANOS;
    boolean changed = false;
    if (floor == null) {
      identify(nowNanos);
    }
    for (Publication publication : order) {
      Loudness loudness = publication.loudness();
      changed |= loudness.update(nowNanos) && talks(publication);
    }
    Publication dominant = dominant();
    if (dominant != null) {
      dominant.owner().spoke(nowNanos);
      changed |= dominant != lastDominant;
      lastDominant = dominant;
    }
    if (floor != null) {
      return changed;
    }
    changed |= compete(0, places, nowNanos);
    // Nobody's own voice takes a place from another: who is heard hears one more.
    changed |= compete(places, Math.min(places + 1, order.size()), nowNanos);
    return changed;
  }

  /** Catches up in steps of a packet: levels that come in bunches would look like gaps. */
  private void identify(long nowNanos) {
    identifiedNanos = Math.max(identifiedNanos, nowNanos - MOST_BEHIND_NANOS);
    while (identifiedNanos + PACKET_NANOS <= nowNanos) {
      identifiedNanos += PACKET_NANOS;
      dominance.advance(identifiedNanos);
      for (Publication publication : order) {
        publication.loudness().tell(dominance, publication.track().serial());
      }
    }
  }

  /** Lets those behind {@code to} take the places from {@code from} on; whether any did. */
  private boolean compete(int from, int to, long nowNanos) {
    boolean changed = false;
    for (int i = from; i < to; i++) {
      int outside = loudestTalker(to);
      int weakest = outside < 0 ? -1 : weakest(from, to, order.get(outside), nowNanos);
      if (weakest < 0) {
        break;
      }
      Publication candidate = order.get(outside);
      Publication loser = order.get(weakest);
      order.set(outside, loser);
      order.set(weakest, candidate);
      candidate.loudness().heard(nowNanos);
      loser.loudness().displaced(nowNanos);
      changed = true;
    }
    return changed;
  }

  /** Who is the dominant speaker and talks, or null. */
  private @Nullable Publication dominant() {
    Floor decided = floor;
    Integer current = decided == null ? dominance.current() : Integer.valueOf(decided.dominant());
    for (Publication p : order) {
      if (current != null && p.track().serial() == current) {
        return talks(p) && !p.track().muted() ? p : null;
      }
    }
    return null;
  }

  private int loudestTalker(int from) {
    int found = -1;
    for (int i = from; i < order.size(); i++) {
      Publication p = order.get(i);
      if (p.loudness().talking()
          && !p.track().muted()
          && (found < 0 || p.loudness().level() > order.get(found).loudness().level())) {
        found = i;
      }
    }
    return found;
  }

  /** The weakest that has to give its place up to the one outside, or -1. */
  private int weakest(int from, int to, Publication outside, long nowNanos) {
    int found = -1;
    for (int i = from; i < to; i++) {
      Publication inside = order.get(i);
      if (yields(inside, outside, nowNanos)
          && (found < 0 || strength(inside, nowNanos) < strength(order.get(found), nowNanos))) {
        found = i;
      }
    }
    return found;
  }

  /** Talkers by level above all that are silent; the longer silent, the weaker. */
  private static double strength(Publication publication, long nowNanos) {
    if (publication.track().muted()) {
      return Double.NEGATIVE_INFINITY;
    }
    Loudness loudness = publication.loudness();
    return loudness.talking() ? loudness.level() : (loudness.lastLoudNanos() - nowNanos) / 1e9;
  }

  private static boolean yields(Publication inside, Publication outside, long nowNanos) {
    Loudness loudness = inside.loudness();
    if (inside.track().muted() || !loudness.talking()) {
      return true;
    }
    double louder = outside.loudness().level() - loudness.level();
    boolean much = louder > MUCH_LOUDER_BY;
    long since = much ? loudness.heardSinceNanos() : loudness.heardTalkingSinceNanos();
    return louder > LOUDER_BY
        && nowNanos - since > (much ? SHORT_HOLD_NANOS : HOLD_NANOS)
        && nowNanos - outside.loudness().displacedNanos() > HOLD_NANOS;
  }

  /**
   * What to tell the room now, the dominant speaker first and then the loudest; null when nothing
   * has changed, it was told a moment ago, or another wing tells.
   */
  @Nullable List<SpeakerLevel> news(long nowNanos) {
    if (floor != null || nowNanos - lastToldNanos < TELL_NANOS) {
      return null;
    }
    Map<String, Double> levels = new LinkedHashMap<>();
    for (Publication publication : order) {
      if (publication.loudness().talking() && !publication.track().muted()) {
        double rounded = Math.round(publication.loudness().level() * 20) / 20.0;
        levels.merge(publication.owner().id(), rounded, Math::max);
      }
    }
    Publication dominant = dominant();
    String first = dominant == null ? "" : dominant.owner().id();
    List<SpeakerLevel> now =
        levels.entrySet().stream()
            .map(e -> new SpeakerLevel(e.getKey(), e.getValue()))
            .sorted(
                Comparator.<SpeakerLevel, Boolean>comparing(x -> !x.participantId().equals(first))
                    .thenComparing(Comparator.comparingDouble(SpeakerLevel::level).reversed()))
            .limit(TOLD_AT_MOST)
            .toList();
    if (now.equals(lastTold)) {
      return null;
    }
    lastTold = now;
    lastToldNanos = nowNanos;
    return now;
  }
}
