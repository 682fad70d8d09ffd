package dev.parley.core.bwe;

import dev.parley.core.common.HotPath;

/**
 * When each of the last packets left, by its transport-wide number. Grows with the rate until it
 * holds some seconds.
 */
final class SentTimes {
  private static final int FIRST = 1 << 6;
  private static final int MOST = 1 << 14;
  private static final long KEEP_NANOS = 2_000_000_000;
  static final int UNKNOWN = -1;

  private long[] nanos = new long[FIRST];
  private int[] sizes = new int[FIRST];
  private byte[] clusters = new byte[FIRST];
  private boolean[] missed = new boolean[FIRST];

  /** Unwrapped; the next one to give. */
  private long next = 1L << 16;

  SentTimes() {
    java.util.Arrays.fill(sizes, UNKNOWN);
  }

  /** Returns the number that the packet is to carry, unwrapped. */
  @HotPath
  long add(int size, int cluster, long nowNanos) {
    int i = (int) next & nanos.length - 1;
    if (sizes[i] != UNKNOWN && nowNanos - nanos[i] < KEEP_NANOS && nanos.length < MOST) {
      grow();
      i = (int) next & nanos.length - 1;
    }
    nanos[i] = nowNanos;
    sizes[i] = size;
    clusters[i] = (byte) cluster;
    missed[i] = false;
    return next++;
  }

  @HotPath
  int warm() {
    int i = (int) next & nanos.length - 1;
    return (int) nanos[i] + sizes[i] + clusters[i] + (missed[i] ? 1 : 0);
  }

  private void grow() {
    int old = nanos.length;
    long[] newNanos = new long[2 * old];
    int[] newSizes = new int[2 * old];
    byte[] newClusters = new byte[2 * old];
    boolean[] newMissed = new boolean[2 * old];
    java.util.Arrays.fill(newSizes, UNKNOWN);
    for (long n = Math.max(next - old, 1L << 16); n < next; n++) {
      int from = (int) n & old - 1;
      int to = (int) n & 2 * old - 1;
      newNanos[to] = nanos[from];
      newSizes[to] = sizes[from];
      newClusters[to] = clusters[from];
      newMissed[to] = missed[from];
    }
    nanos = newNanos;
    sizes = newSizes;
    clusters = newClusters;
    missed = newMissed;
  }

  /** What was sent is of no interest any more; the numbers go on. */
  void forget() {
    java.util.Arrays.fill(sizes, UNKNOWN);
  }

  /** The unwrapped number, or -1 for one that was never given or is forgotten. */
  long unwrap(int number16) {
    long number = next - 1 + (short) (number16 - (int) (next - 1));
    return number >= next || number < next - nanos.length || number < 1L << 16 ? -1 : number;
  }

  /** {@link #UNKNOWN} once it was taken, or where nothing was sent. */
  int size(long number) {
    return sizes[(int) number & nanos.length - 1];
  }

  long nanos(long number) {
    return nanos[(int) number & nanos.length - 1];
  }

  int cluster(long number) {
    return clusters[(int) number & nanos.length - 1] & 0xff;
  }

  /** Counts once as missing, until it turns up after all. */
  boolean miss(long number) {
    int i = (int) number & nanos.length - 1;
    boolean first = !missed[i];
    missed[i] = true;
    return first;
  }

  boolean missed(long number) {
    return missed[(int) number & nanos.length - 1];
  }

  /** Its fate is known. */
  void take(long number) {
    sizes[(int) number & nanos.length - 1] = UNKNOWN;
  }

  long next() {
    return next;
  }
}
