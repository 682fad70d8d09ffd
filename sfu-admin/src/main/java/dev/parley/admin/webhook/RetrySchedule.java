package dev.parley.admin.webhook;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** How long is waited after the first failure in a row, the second, and so on. */
record RetrySchedule(List<Duration> delays) {
  /** For one room, by the specification's example. */
  static final RetrySchedule ROOM =
      new RetrySchedule(
          List.of(
              Duration.ofSeconds(5),
              Duration.ofMinutes(5),
              Duration.ofMinutes(30),
              Duration.ofHours(2),
              Duration.ofHours(5),
              Duration.ofHours(10),
              Duration.ofHours(14),
              Duration.ofHours(20),
              Duration.ofHours(24)));

  /** For an endpoint that answers nobody: a single request asks whether it is back. */
  static final RetrySchedule ENDPOINT =
      new RetrySchedule(
          List.of(
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              Duration.ofMinutes(2),
              Duration.ofMinutes(5)));

  /** Up to this part of a delay is added, so that what failed together does not come together. */
  static final double JITTER = 0.2;

  RetrySchedule {
    delays = List.copyOf(delays);
  }

  /**
   * The next delay.
   *
   * @param failures in a row, at least 1
   */
  long delayMs(int failures, RandomGenerator random) {
    long usualMs = delays.get(Math.min(failures, delays.size()) - 1).toMillis();
    return usualMs + (long) (usualMs * JITTER * random.nextDouble());
  }
}
