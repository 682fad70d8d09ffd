package dev.parley.core.publisher;

/**
 * Merges the key-frame requests of all viewers of a track and throttles them: one goes out at once,
 * the next no sooner than the interval after it, and a waiting one is dropped when a key frame
 * arrives meanwhile. A request that no key frame answers is repeated while viewers keep asking.
 */
final class KeyFrameRequests {
  private final long minIntervalNanos;
  private long lastSentNanos;
  private boolean sentBefore;
  private boolean waiting;

  KeyFrameRequests(long minIntervalNanos) {
    this.minIntervalNanos = minIntervalNanos;
  }

  void ask() {
    waiting = true;
  }

  void onKeyFrame() {
    waiting = false;
  }

  /** When {@link #take} would send; {@code Long.MAX_VALUE} when nobody waits. */
  long nextTimeoutNanos() {
    if (!waiting) {
      return Long.MAX_VALUE;
    }
    return sentBefore ? lastSentNanos + minIntervalNanos : Long.MIN_VALUE;
  }

  /** Whether a request is to be sent now; the caller then sends it. */
  boolean take(long nowNanos) {
    if (!waiting || nowNanos < nextTimeoutNanos()) {
      return false;
    }
    waiting = false;
    sentBefore = true;
    lastSentNanos = nowNanos;
    return true;
  }
}
