package dev.parley.server.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Times of the same thing, in milliseconds. */
final class Measurements {
  private final List<Double> sorted = new ArrayList<>();

  void add(double ms) {
    sorted.add(ms);
    Collections.sort(sorted);
  }

  double median() {
    return sorted.get((sorted.size() - 1) / 2);
  }

  /** So many of a hundred took no longer. */
  double percentile(int percent) {
    return sorted.get(Math.ceilDiv(sorted.size() * percent, 100) - 1);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "median %.0f ms, 95th percentile %.0f ms, longest %.0f ms of %d",
        median(),
        percentile(95),
        sorted.getLast(),
        sorted.size());
  }
}
