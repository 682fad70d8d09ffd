package dev.parley.signaling.rules;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** How long visits last, and by that how long somebody may have to wait. */
final class WaitHistory {
  static final int VISITS = 20;
  private static final double UNCERTAINTY = 0.3;

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
   * When the place of this position becomes free.
   *
   * @param ahead how many go before
   * @param freeSeats seats that are free now
   * @param sinceMs when each of those inside came
   * @param endsMs when each of those inside has to go, where that is known
   * @param visitSec how long a visit may last, where that is known; 0: it is not
   */
  TicketView.Eta estimate(
      int ahead,
      int freeSeats,
      List<Long> sinceMs,
      List<OptionalLong> endsMs,
      int visitSec,
      long nowMs) {
    boolean timed = !endsMs.isEmpty() && endsMs.stream().allMatch(OptionalLong::isPresent);
    int seats = freeSeats + sinceMs.size();
    if (seats == 0 || (!timed && visitsMs.isEmpty())) {
      return TicketView.Eta.UNKNOWN;
    }
    long visitMs = timed ? visitSec * 1000L : mean();
    List<Long> freeAtMs = new ArrayList<>();
    for (int i = 0; i < freeSeats; i++) {
      freeAtMs.add(nowMs);
    }
    for (int i = 0; i < sinceMs.size(); i++) {
      freeAtMs.add(Math.max(nowMs, timed ? endsMs.get(i).orElseThrow() : sinceMs.get(i) + visitMs));
    }
    freeAtMs.sort(null);
    int rounds = ahead / seats;
    if (rounds > 0 && visitMs == 0) {
      return TicketView.Eta.UNKNOWN;
    }
    long waitMs = freeAtMs.get(ahead % seats) - nowMs + rounds * visitMs;
    // Nobody stays longer than the timer lets them, but people may go before.
    double low = waitMs * (1 - UNCERTAINTY);
    double high = timed ? waitMs : waitMs * (1 + UNCERTAINTY);
    return new TicketView.Eta(
        OptionalInt.of((int) Math.floor(low / 1000)),
        OptionalInt.of((int) Math.ceil(high / 1000)),
        timed ? "timer" : "history");
  }

  private long mean() {
    return (long) visitsMs.stream().mapToLong(Long::longValue).average().orElse(0);
  }
}
