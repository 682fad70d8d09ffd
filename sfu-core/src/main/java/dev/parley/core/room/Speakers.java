package dev.parley.core.room;

import dev.parley.core.api.MediaRoom.SpeakerLevel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who talks, and whose sound goes to the audio slots when there are more talkers than slots. The
 * order changes only when someone outside starts talking while someone inside has stopped, or has
 * been inside for a while and is quieter: so nobody flaps.
 */
final class Speakers {
  private static final long CHECK_NANOS = 100_000_000;
  private static final long TELL_NANOS = 500_000_000;
  private static final long HOLD_NANOS = 1_000_000_000;
  private static final int TOLD_AT_MOST = 10;
  private static final double LOUDER_BY = 6.0 / 127;

  private final List<Publication> order = new ArrayList<>();
  private long nextCheckNanos = Long.MIN_VALUE;
  private long lastToldNanos = Long.MIN_VALUE / 2;
  private List<SpeakerLevel> lastTold = List.of();

  void add(Publication publication) {
    order.add(publication);
  }

  void remove(Publication publication) {
    order.remove(publication);
  }

  /** The audio tracks, those to be heard first. */
  List<Publication> order() {
    return order;
  }

  long nextTimeoutNanos() {
    return order.isEmpty() && lastTold.isEmpty() ? Long.MAX_VALUE : nextCheckNanos;
  }

  /**
   * Takes the levels in.
   *
   * @param places how many of the first in the order are heard
   * @return whether the first {@code places} have changed, or somebody began to talk
   */
  boolean update(int places, long nowNanos) {
    nextCheckNanos = nowNanos + CHECK_NANOS;
    boolean changed = false;
    for (Publication publication : order) {
      Loudness loudness = publication.loudness();
      changed |= loudness.update(nowNanos) && loudness.talking();
      if (loudness.talking()) {
        publication.owner().spoke(nowNanos);
      }
    }
    for (int i = 0; i < places; i++) {
      int outside = loudestTalker(places);
      int weakest = weakest(places, nowNanos);
      if (outside < 0 || !yields(order.get(weakest), order.get(outside), nowNanos)) {
        break;
      }
      Publication candidate = order.get(outside);
      order.set(outside, order.get(weakest));
      order.set(weakest, candidate);
      candidate.loudness().heard(nowNanos);
      changed = true;
    }
    return changed;
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

  private int weakest(int places, long nowNanos) {
    int found = -1;
    for (int i = 0; i < places; i++) {
      if (found < 0 || strength(order.get(i), nowNanos) < strength(order.get(found), nowNanos)) {
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
    return inside.track().muted()
        || !loudness.talking()
        || (nowNanos - loudness.heardTalkingSinceNanos() > HOLD_NANOS
            && outside.loudness().level() > loudness.level() + LOUDER_BY);
  }

  /** What to tell the room now, or null when nothing has changed or it was told a moment ago. */
  @org.jspecify.annotations.Nullable
  List<SpeakerLevel> news(long nowNanos) {
    if (nowNanos - lastToldNanos < TELL_NANOS) {
      return null;
    }
    Map<String, Double> levels = new LinkedHashMap<>();
    for (Publication publication : order) {
      if (publication.loudness().talking() && !publication.track().muted()) {
        double rounded = Math.round(publication.loudness().level() * 20) / 20.0;
        levels.merge(publication.owner().id(), rounded, Math::max);
      }
    }
    List<SpeakerLevel> now =
        levels.entrySet().stream()
            .map(e -> new SpeakerLevel(e.getKey(), e.getValue()))
            .sorted(Comparator.comparingDouble(SpeakerLevel::level).reversed())
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
