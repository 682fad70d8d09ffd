package dev.parley.core.bwe;

import dev.parley.core.common.HotPath;

/**
 * When each of the last packets left, by its transport-wide number. Grows with the rate until it
 * holds some seconds. Two words a packet, side by side, since there is one of these for everybody
 * and the processor's cache does not hold them all.
 */
final class SentTimes {
  private static final int FIRST = 1 << 6;
  private static final int MOST = 1 << 14;
  private static final long KEEP_NANOS = 2_000_000_000;
  static final int UNKNOWN = -1;

  /** Unwrapped numbers begin here. */
  private static final long LEAST = 1L << 16;

  private static final long SIZE_MASK = 0xffff_ffffL;
  private static final int CLUSTER_SHIFT = 32;
  private static final int CLUSTER_MASK = 0xff;
  private static final long MISSED = 1L << 40;

  /**
   * For each packet when it left, in nanoseconds; then from the lowest bit 32 of its size, 8 of the
   * cluster, and whether it was missed.
   */
  private long[] words = new long[2 * FIRST];

  /** How many packets there is room for, less one. */
  private int mask = FIRST - 1;

  /** Unwrapped; the next one to give. */
  private long next = LEAST;

  SentTimes() {
    forget();
  }

  @HotPath
  private int at(long number) {
    return 2 * ((int) number & mask);
  }

  /** Returns the number that the packet is to carry, unwrapped. */
  @HotPath
  long add(int size, int cluster, long nowNanos) {
    int i = at(next);
    if ((int) words[i + 1] != UNKNOWN && nowNanos - words[i] < KEEP_NANOS && mask < MOST - 1) {
      grow();
      i = at(next);
    }
    words[i] = nowNanos;
    words[i + 1] = size & SIZE_MASK | (long) (cluster & CLUSTER_MASK) << CLUSTER_SHIFT;
    return next++;
  }

  @HotPath
  int warm() {
    return (int) words[at(next)];
  }

  private void grow() {
    long[] old = words;
    int room = mask + 1;
    words = new long[2 * old.length];
    mask = 2 * room - 1;
    forget();
    for (long n = Math.max(next - room, LEAST); n < next; n++) {
      int from = 2 * ((int) n & room - 1);
      words[at(n)] = old[from];
      words[at(n) + 1] = old[from + 1];
    }
  }

  /** What was sent is of no interest any more; the numbers go on. */
  void forget() {
    for (int i = 1; i < words.length; i += 2) {
      words[i] = SIZE_MASK;
    }
  }

  /** The unwrapped number, or -1 for one that was never given or is forgotten. */
  long unwrap(int number16) {
    long number = next - 1 + (short) (number16 - (int) (next - 1));
    return number >= next || number < next - mask - 1 || number < LEAST ? -1 : number;
  }

  /** {@link #UNKNOWN} once it was taken, or where nothing was sent. */
  int size(long number) {
    return (int) words[at(number) + 1];
  }

  long nanos(long number) {
    return words[at(number)];
  }

  int cluster(long number) {
    return (int) (words[at(number) + 1] >>> CLUSTER_SHIFT) & CLUSTER_MASK;
  }

  /** Counts once as missing, until it turns up after all. */
  boolean miss(long number) {
    boolean first = !missed(number);
    words[at(number) + 1] |= MISSED;
    return first;
  }

  boolean missed(long number) {
    return (words[at(number) + 1] & MISSED) != 0;
  }

  /** Its fate is known. */
  void take(long number) {
    words[at(number) + 1] |= SIZE_MASK;
  }

  long next() {
    return next;
  }
}
