package dev.parley.signaling.rules;

import java.util.List;
import java.util.OptionalInt;

/**
 * How long somebody may have to wait, by how many go before.
 *
 * @param waitsMs until each seat becomes free, shortest first
 * @param visitMs how long the next one keeps a seat; 0: nobody knows
 * @param timed by a timer, otherwise by visits of the past
 */
record Forecast(List<Long> waitsMs, long visitMs, boolean timed) {
  static final Forecast UNKNOWN = new Forecast(List.of(), 0, false);
  private static final long TENTHS = 10;
  private static final long UNCERTAIN_TENTHS = 3;

  TicketView.Eta eta(int ahead) {
    if (waitsMs.isEmpty()) {
      return TicketView.Eta.UNKNOWN;
    }
    int rounds = ahead / waitsMs.size();
    if (rounds > 0 && visitMs == 0) {
      return TicketView.Eta.UNKNOWN;
    }
    long waitMs = waitsMs.get(ahead % waitsMs.size()) + rounds * visitMs;
    // Nobody stays longer than the timer lets them, but people may go before.
    long highTenths = timed ? TENTHS : TENTHS + UNCERTAIN_TENTHS;
    return new TicketView.Eta(
        OptionalInt.of((int) Math.floorDiv(waitMs * (TENTHS - UNCERTAIN_TENTHS), TENTHS * 1000)),
        OptionalInt.of((int) Math.ceilDiv(waitMs * highTenths, TENTHS * 1000)),
        timed ? "timer" : "history");
  }
}
