package dev.parley.signaling.rules;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/** How long visits last, and by that how long somebody may have to wait. */
final class WaitHistory {
  static final int VISITS = 20;

  private final Deque<Long> visitsMs = new ArrayDeque<>();

  void visited(long durationMs) {
    visitsMs.add(durationMs);
    if (visitsMs.size() > VISITS) {
      visitsMs.remove();
    }
  }

  List<Long> visitsMs() {
    return List.copyOf(visitsMs);
  }

  /**
   * When seats become free.
   *
   * @param seats how many there are
   * @param sinceMs when each of those inside came
   * @param endsMs when each of those inside has to go, where that is known
   * @param visitSec how long a visit may last, where that is known; 0: it is not
   */
  Forecast forecast(
      int seats, List<Long> sinceMs, List<OptionalLong> endsMs, int visitSec, long nowMs) {
    boolean timed = !endsMs.isEmpty() && endsMs.stream().allMatch(OptionalLong::isPresent);
    if (!timed && visitsMs.isEmpty()) {
      return Forecast.UNKNOWN;
    }
    long visitMs = timed ? visitSec * 1000L : mean();
    List<Long> waitsMs = new ArrayList<>();
    for (int i = sinceMs.size(); i < seats; i++) {
      waitsMs.add(0L);
    }
    for (int i = 0; i < sinceMs.size(); i++) {
      long goneMs = timed ? endsMs.get(i).orElseThrow() : sinceMs.get(i) + visitMs;
      waitsMs.add(Math.max(0, goneMs - nowMs));
    }
    waitsMs.sort(null);
    // More may be inside than there are seats: the first to go leave none behind.
    return new Forecast(waitsMs.subList(waitsMs.size() - seats, waitsMs.size()), visitMs, timed);
  }

  private long mean() {
    return (long) visitsMs.stream().mapToLong(Long::longValue).average().orElse(0);
  }
}
