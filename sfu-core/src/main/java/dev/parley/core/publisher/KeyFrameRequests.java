package dev.parley.core.publisher;

/**
 * Merges the key-frame requests of all viewers of a track and throttles them: one goes out at once,
 * the next no sooner than the interval after it, in a storm of joins no sooner than two intervals,
 * so that all who come meanwhile share it; who only waits for a better quality has four intervals
 * of time. A waiting one is dropped when a key frame arrives. A request that no key frame answers
 * is repeated while viewers keep asking.
 */
final class KeyFrameRequests {
  /** So many viewers beginning within an interval are a storm. */
  private static final int STORM = 4;

  private static final int STORM_INTERVALS = 2;
  private static final int RISE_INTERVALS = 4;

  private final long minIntervalNanos;
  private long lastSentNanos;
  private boolean sentBefore;

  /** One bit a layer. */
  private int waitingLayers;

  private int risingLayers;
  private int beginners;

  KeyFrameRequests(long minIntervalNanos) {
    this.minIntervalNanos = minIntervalNanos;
  }

  void ask(int layer, KeyFrameNeed need) {
    if (need == KeyFrameNeed.RISE) {
      risingLayers |= 1 << layer;
    } else {
      waitingLayers |= 1 << layer;
    }
    if (need == KeyFrameNeed.BEGIN) {
      beginners++;
    }
  }

  void onKeyFrame(int layer) {
    waitingLayers &= ~(1 << layer);
    risingLayers &= ~(1 << layer);
  }

  /** Takes in what viewers elsewhere asked for, as {@link #handOn} had it. */
  void ask(int waiting, int rising, int newBeginners) {
    waitingLayers |= waiting;
    risingLayers |= rising;
    beginners += newBeginners;
  }

  /** Whether anybody waits. */
  boolean waiting() {
    return (waitingLayers | risingLayers) != 0;
  }

  /** What was asked for since the last time, for another who merges it with more. */
  PublishedTrack.Asked handOn() {
    PublishedTrack.Asked all = new PublishedTrack.Asked(waitingLayers, risingLayers, beginners);
    waitingLayers = 0;
    risingLayers = 0;
    beginners = 0;
    return all;
  }

  /** When {@link #take} would send; {@code Long.MAX_VALUE} when nobody waits. */
  long nextTimeoutNanos() {
    if ((waitingLayers | risingLayers) == 0) {
      return Long.MAX_VALUE;
    }
    if (!sentBefore) {
      return Long.MIN_VALUE;
    }
    int intervals = waitingLayers == 0 ? RISE_INTERVALS : beginners >= STORM ? STORM_INTERVALS : 1;
    return lastSentNanos + intervals * minIntervalNanos;
  }

  /** The layer to ask now, or -1; the caller then sends the request. */
  int take(long nowNanos) {
    int layers = waitingLayers | risingLayers;
    if (layers == 0 || nowNanos < nextTimeoutNanos()) {
      return -1;
    }
    int layer = Integer.numberOfTrailingZeros(layers);
    // An encoder that is asked for one layer makes key frames of all; one that does not is asked
    // again for the layers whose viewers still wait.
    waitingLayers = 0;
    risingLayers = 0;
    beginners = 0;
    sentBefore = true;
    lastSentNanos = nowNanos;
    return layer;
  }
}
