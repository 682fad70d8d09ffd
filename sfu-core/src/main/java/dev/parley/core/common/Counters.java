package dev.parley.core.common;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The totals of one worker. Written by the worker's thread only; any thread may read, and sees each
 * total whole (opaque access), though not all of them at one instant.
 */
public final class Counters {
  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int REASONS = DropReason.values().length;

  private static final int PAIRS = REASONS + Counter.values().length;

  private static final int FAN_OUT = PAIRS + PairKind.INDEXES;

  private final long[] totals = new long[FAN_OUT + FanOut.values().length];
  private final ForwardingLatency latency = new ForwardingLatency();

  /** Of the packets that this worker forwards. */
  public ForwardingLatency latency() {
    return latency;
  }

  @HotPath
  public void drop(DropReason reason) {
    bump(reason.ordinal(), 1);
  }

  @HotPath
  public void drop(DropReason reason, long count) {
    bump(reason.ordinal(), count);
  }

  @HotPath
  public void add(Counter counter, long amount) {
    bump(REASONS + counter.ordinal(), amount);
  }

  @HotPath
  public void increment(Counter counter) {
    bump(REASONS + counter.ordinal(), 1);
  }

  /** A packet came to this for one subscription. */
  @HotPath
  public void fannedOut(FanOut outcome) {
    bump(FAN_OUT + outcome.ordinal(), 1);
  }

  public long total(FanOut outcome) {
    return (long) LONGS.getOpaque(totals, FAN_OUT + outcome.ordinal());
  }

  /** A session's media takes such a pair from now on. */
  public void selected(PairKind pair) {
    bump(PAIRS + pair.index(), 1);
  }

  /** How often a pair of the kind was selected. */
  public long total(PairKind pair) {
    return (long) LONGS.getOpaque(totals, PAIRS + pair.index());
  }

  public long total(DropReason reason) {
    return (long) LONGS.getOpaque(totals, reason.ordinal());
  }

  public long total(Counter counter) {
    return (long) LONGS.getOpaque(totals, REASONS + counter.ordinal());
  }

  @HotPath
  private void bump(int index, long amount) {
    LONGS.setOpaque(totals, index, totals[index] + amount);
  }
}
