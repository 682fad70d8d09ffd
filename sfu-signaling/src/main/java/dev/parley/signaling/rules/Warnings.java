package dev.parley.signaling.rules;

import java.util.List;
import java.util.function.IntConsumer;

/** The warnings before one deadline, each due once. Moving the deadline arms them anew. */
final class Warnings {
  private final List<Integer> beforeSec;
  private long endsAtMs;
  private long toldToMs;
  private int next;

  /**
   * @param beforeSec how long before the deadline, longest first
   */
  Warnings(List<Integer> beforeSec) {
    this.beforeSec = beforeSec;
    this.next = beforeSec.size();
  }

  /** Those whose time has come already are left out: they would no longer be true. */
  void arm(long endsAtMs, long nowMs) {
    this.endsAtMs = endsAtMs;
    toldToMs = nowMs;
    next = 0;
    while (nextAtMs() <= nowMs) {
      next++;
    }
  }

  void disarm() {
    next = beforeSec.size();
  }

  /** The moment up to which everything due has been told; what was armed with it can be again. */
  long toldToMs() {
    return toldToMs;
  }

  long nextAtMs() {
    return next == beforeSec.size() ? Long.MAX_VALUE : endsAtMs - beforeSec.get(next) * 1000L;
  }

  void tellDue(long nowMs, IntConsumer remainingSec) {
    while (nextAtMs() <= nowMs) {
      remainingSec.accept(beforeSec.get(next));
      next++;
    }
    toldToMs = Math.max(toldToMs, nowMs);
  }
}
