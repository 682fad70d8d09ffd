package dev.parley.core.common;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How long forwarded packets were in this process, in classes of duration, as totals of one worker.
 * Written by the worker's thread only; any thread may read, and sees each total whole (opaque
 * access), though not all of them at one instant.
 */
public final class ForwardingLatency {
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

  private static final long[] BOUNDS_NANOS = {
    50_000,
    100_000,
    200_000,
    500_000,
    1_000_000,
    2_000_000,
    5_000_000,
    10_000_000,
    20_000_000,
    50_000_000,
    100_000_000,
    1_000_000_000
  };

  /** The last class has what is longer than all bounds. */
  public static final int CLASSES = BOUNDS_NANOS.length + 1;

  private final long[] totals = new long[CLASSES + 1];

  /** The longest duration of a class, in nanoseconds; {@code Long.MAX_VALUE} of the last one. */
  public static long longestNanos(int index) {
    return index < BOUNDS_NANOS.length ? BOUNDS_NANOS[index] : Long.MAX_VALUE;
  }

  /** So many packets took so long. */
  @HotPath
  public void add(long packets, long nanos) {
    int index = 0;
    while (index < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[index]) {
      index++;
    }
    bump(index, packets);
    bump(CLASSES, packets * nanos);
  }

  @HotPath
  private void bump(int index, long amount) {
    LONGS.setOpaque(totals, index, totals[index] + amount);
  }

  /** The packets of a class. */
  public long packets(int index) {
    return (long) LONGS.getOpaque(totals, index);
  }

  /** Of all packets together, in nanoseconds. */
  public long sumNanos() {
    return (long) LONGS.getOpaque(totals, CLASSES);
  }
}
