package dev.parley.core.publisher;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.RtcpWriter;

/**
 * The packets of one stream that are missing, and when to ask for each (RFC 4585 section 6.2.1): at
 * once where the network keeps the order, after a short wait where it has been seen to reorder,
 * then once a round trip until the packet comes, ten requests were in vain, or it is a second old.
 * Worker's thread only.
 */
final class NackList {
  private static final int MOST = 512;
  private static final int MOST_REQUESTS = 10;
  private static final long MOST_AGE_NANOS = 1_000_000_000;
  private static final long LEAST_INTERVAL_NANOS = 20_000_000;
  private static final long LONGEST_WAIT_NANOS = 30_000_000;

  /** Without reordering for so long the wait is over. */
  private static final long FORGET_REORDERING_NANOS = 10_000_000_000L;

  private final long[] sequences = new long[MOST];
  private final long[] since = new long[MOST];
  private final long[] askedNanos = new long[MOST];
  private final int[] requests = new int[MOST];
  private int size;
  private long waitNanos;
  private long reorderedNanos;
  private long asked;
  private long recovered;
  private long givenUp;

  /**
   * Takes in what a new highest packet says of those before it.
   *
   * @return false when so many are missing that only a key frame helps; the list is empty then
   */
  @HotPath
  boolean onGap(long from, long to, long nowNanos) {
    if (to - from > MOST - size) {
      givenUp += to - from + size;
      size = 0;
      return false;
    }
    for (long s = from; s < to; s++) {
      sequences[size] = s;
      since[size] = nowNanos;
      askedNanos[size] = 0;
      requests[size] = 0;
      size++;
    }
    return true;
  }

  /** A packet from before the highest one came, by itself or repaired. */
  @HotPath
  void onLate(long sequence, long nowNanos) {
    for (int i = 0; i < size; i++) {
      if (sequences[i] == sequence) {
        if (requests[i] == 0) {
          reorderedNanos = nowNanos;
          waitNanos =
              Math.min(Math.max(waitNanos, (nowNanos - since[i]) * 5 / 4), LONGEST_WAIT_NANOS);
        } else {
          recovered++;
        }
        remove(i);
        return;
      }
    }
  }

  /** What is older than a key frame need not come any more. */
  @HotPath
  void onKeyFrame(long firstSequence) {
    for (int i = size - 1; i >= 0; i--) {
      if (sequences[i] < firstSequence) {
        remove(i);
      }
    }
  }

  @HotPath
  private void remove(int i) {
    size--;
    System.arraycopy(sequences, i + 1, sequences, i, size - i);
    System.arraycopy(since, i + 1, since, i, size - i);
    System.arraycopy(askedNanos, i + 1, askedNanos, i, size - i);
    System.arraycopy(requests, i + 1, requests, i, size - i);
  }

  void clear() {
    size = 0;
  }

  /**
   * When {@link #addRequests} has something to do; {@code Long.MAX_VALUE} when nothing is missing.
   */
  long nextTimeoutNanos(long roundTripNanos) {
    long next = Long.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      next = Math.min(next, due(i, roundTripNanos));
    }
    return next;
  }

  private long due(int i, long roundTripNanos) {
    return requests[i] == 0
        ? since[i] + waitNanos
        : askedNanos[i] + Math.max(LEAST_INTERVAL_NANOS, roundTripNanos + roundTripNanos / 8);
  }

  /**
   * Adds a NACK for all that are due and forgets what has become hopeless.
   *
   * @return whether anything was given up
   */
  boolean addRequests(
      RtcpWriter writer, int senderSsrc, int mediaSsrc, long roundTripNanos, long nowNanos) {
    if (waitNanos > 0 && nowNanos - reorderedNanos > FORGET_REORDERING_NANOS) {
      waitNanos = 0;
    }
    boolean hopeless = false;
    for (int i = 0; i < size; ) {
      boolean due = nowNanos >= due(i, roundTripNanos);
      if (due && (requests[i] >= MOST_REQUESTS || nowNanos - since[i] > MOST_AGE_NANOS)) {
        remove(i);
        givenUp++;
        hopeless = true;
        continue;
      }
      if (due) {
        if (!writer.addNack(senderSsrc, mediaSsrc, (int) sequences[i])) {
          return hopeless;
        }
        askedNanos[i] = nowNanos;
        requests[i]++;
        asked++;
      }
      i++;
    }
    return hopeless;
  }

  int missing() {
    return size;
  }

  /** Requests sent, for packets. */
  long asked() {
    return asked;
  }

  long recovered() {
    return recovered;
  }

  long givenUp() {
    return givenUp;
  }
}
