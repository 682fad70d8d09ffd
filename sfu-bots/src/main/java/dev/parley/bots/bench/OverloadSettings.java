package dev.parley.bots.bench;

import java.util.List;

/**
 * What {@code bench overload} is asked to do.
 *
 * @param limitPercent from which load on the server leaves video out; what one worker carries at
 *     that load is its capacity here
 * @param steps of the load offered, in per cent of the capacity, rising
 * @param cameras that every viewer watches, each in three encodings
 * @param kbps of a camera's largest encoding
 * @param settleSeconds before each measurement
 * @param warmUpSeconds before the capacity is measured, twice, and before the second curve
 */
record OverloadSettings(
    int limitPercent,
    List<Integer> steps,
    int cameras,
    int kbps,
    int settleSeconds,
    int seconds,
    int warmUpSeconds,
    long seed) {
  /** By default newcomers are refused so much below the load that sheds: 85 to 92. */
  private static final double FULL_OF_SHED = 85.0 / 92;

  OverloadSettings {
    steps = List.copyOf(steps);
  }

  int fullPercent() {
    return (int) Math.round(limitPercent * FULL_OF_SHED);
  }
}
