package dev.parley.core.bwe;

/**
 * Puts packets that left together into groups, and tells how much longer one group took than the
 * one before (draft-ietf-rmcat-gcc-02 section 5.2): a queue on the way grows by that much.
 */
final class ArrivalGroups {
  /** What leaves within so long belongs together. */
  private static final long BURST_NANOS = 5_000_000;

  /** A burst that a network holds back arrives at once; no group is longer than this. */
  private static final long LONGEST_NANOS = 100_000_000;

  /** The receiver's clock jumped, or its interface slept. */
  private static final long JUMP_NANOS = 3_000_000_000L;

  interface Listener {
    /** How the last group's times differ from those of the one before, in nanoseconds. */
    void onGroup(long sentDelta, long arrivedDelta, long arrivedNanos);
  }

  private final Listener listener;
  private boolean begun;
  private boolean complete;
  private long firstSent;
  private long lastSent;
  private long firstArrived;
  private long lastArrived;
  private long previousSent;
  private long previousArrived;

  ArrivalGroups(Listener listener) {
    this.listener = listener;
  }

  /** Takes in one packet, in the order in which they were sent. */
  void onPacket(long sentNanos, long arrivedNanos) {
    if (!begun) {
      begun = true;
      begin(sentNanos, arrivedNanos);
      return;
    }
    if (sentNanos < firstSent) {
      return;
    }
    if (belongs(sentNanos, arrivedNanos)) {
      lastSent = Math.max(lastSent, sentNanos);
      lastArrived = Math.max(lastArrived, arrivedNanos);
      return;
    }
    if (complete) {
      long sentDelta = lastSent - previousSent;
      long arrivedDelta = lastArrived - previousArrived;
      if (Math.abs(arrivedDelta - sentDelta) > JUMP_NANOS) {
        complete = false;
        begin(sentNanos, arrivedNanos);
        return;
      }
      listener.onGroup(sentDelta, arrivedDelta, lastArrived);
    }
    previousSent = lastSent;
    previousArrived = lastArrived;
    complete = true;
    begin(sentNanos, arrivedNanos);
  }

  private void begin(long sentNanos, long arrivedNanos) {
    firstSent = sentNanos;
    lastSent = sentNanos;
    firstArrived = arrivedNanos;
    lastArrived = arrivedNanos;
  }

  private boolean belongs(long sentNanos, long arrivedNanos) {
    if (sentNanos - firstSent <= BURST_NANOS) {
      return true;
    }
    // It caught up with the group: both waited in one queue, and left it together.
    return sentNanos - lastSent > arrivedNanos - lastArrived
        && arrivedNanos - lastArrived <= BURST_NANOS
        && arrivedNanos - firstArrived < LONGEST_NANOS;
  }
}
