package dev.parley.core.bwe;

/**
 * How long packets wait on the way: by how much even the quickest of a feedback took longer than
 * the quickest of the last while. A burst of our own delays its last packets only; a queue that
 * stands delays them all.
 */
final class QueueDelay {
  private static final long WINDOW_NANOS = 10_000_000_000L;
  private static final long NONE = Long.MAX_VALUE;

  private long leastBefore = NONE;
  private long leastNow = NONE;
  private long windowNanos = Long.MIN_VALUE;
  private long leastOfFeedback = NONE;
  private long queueNanos;

  /** One packet; only differences of transit times mean something. */
  void onPacket(long transitNanos) {
    leastOfFeedback = Math.min(leastOfFeedback, transitNanos);
  }

  /** The end of a feedback. */
  void update(long nowNanos) {
    if (leastOfFeedback == NONE) {
      return;
    }
    if (windowNanos == Long.MIN_VALUE || nowNanos - windowNanos > WINDOW_NANOS) {
      windowNanos = nowNanos;
      leastBefore = leastNow;
      leastNow = NONE;
    }
    leastNow = Math.min(leastNow, leastOfFeedback);
    queueNanos = leastOfFeedback - Math.min(leastBefore, leastNow);
    leastOfFeedback = NONE;
  }

  long queueNanos() {
    return queueNanos;
  }
}
