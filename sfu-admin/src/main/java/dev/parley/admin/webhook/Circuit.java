package dev.parley.admin.webhook;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Whether an endpoint answers at all. After failures in several rooms, or when the endpoint says
 * that it is overloaded, one request at a time asks for it until one gets through. Webhook thread.
 */
final class Circuit {
  /** Failures in a row, and rooms among them, from which on it is not the event that is wrong. */
  static final int FAILURES = 5;

  static final int ROOMS = 2;

  private final RetrySchedule schedule;
  private final RandomGenerator random;
  private final Set<String> rooms = new HashSet<>();
  private int failures;
  private int probes;
  private long notBeforeMs;

  Circuit(RetrySchedule schedule, RandomGenerator random) {
    this.schedule = schedule;
    this.random = random;
  }

  boolean open() {
    return probes > 0;
  }

  /** When the next request may be made. */
  long notBeforeMs() {
    return open() ? notBeforeMs : 0;
  }

  /** True when it was open. */
  boolean succeeded() {
    boolean wasOpen = open();
    reset();
    return wasOpen;
  }

  void reset() {
    failures = 0;
    probes = 0;
    rooms.clear();
  }

  void failed(String room, AttemptResult result, long nowMs) {
    failures++;
    if (rooms.size() < ROOMS) {
      rooms.add(room);
    }
    boolean overloaded = result.outcome() == AttemptResult.Outcome.OVERLOADED;
    if (overloaded || open() || (failures >= FAILURES && rooms.size() >= ROOMS)) {
      if (!open() || nowMs >= notBeforeMs) {
        probes++;
      }
      long asked = result.retryAfterMs().orElse(0);
      long usual = schedule.delayMs(probes, random);
      notBeforeMs = Math.max(notBeforeMs, nowMs + Math.max(asked, usual));
    }
  }
}
