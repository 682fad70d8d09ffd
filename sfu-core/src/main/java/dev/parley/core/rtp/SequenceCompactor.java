package dev.parley.core.rtp;

import dev.parley.core.common.HotPath;

/**
 * Numbers packets without the ones left out, so that a receiver sees no gap where nothing was lost.
 * Works on unwrapped numbers and remembers the last {@value #REMEMBERED} omissions, enough for the
 * reordering of real networks; a packet from further back is refused.
 */
public final class SequenceCompactor {
  private static final int REMEMBERED = 256;

  /** A ring; none before the first omission, as most never have one. */
  private long[] omitted = {};

  private long omissions;
  private long highest = Long.MIN_VALUE;

  /** Begins anew. */
  @HotPath
  public void reset() {
    omissions = 0;
    highest = Long.MIN_VALUE;
  }

  /** The highest number so far. */
  @HotPath
  public long highest() {
    return highest;
  }

  /**
   * Leaves out a number. One that newer packets have overtaken cannot be closed any more: its gap
   * stays, as after a loss.
   */
  @HotPath
  public void omit(long sequence) {
    if (sequence > highest) {
      if (omitted.length == 0) {
        begin();
      }
      omitted[(int) (omissions % REMEMBERED)] = sequence;
      omissions++;
      highest = sequence;
    }
  }

  private void begin() {
    omitted = new long[REMEMBERED];
  }

  /** The compact number of {@code sequence}, or -1 when it is too old to tell. */
  @HotPath
  public long compact(long sequence) {
    if (sequence > highest) {
      highest = sequence;
      return sequence - omissions;
    }
    int newer = 0;
    int known = (int) Math.min(omissions, REMEMBERED);
    while (newer < known && omitted[(int) ((omissions - 1 - newer) % REMEMBERED)] > sequence) {
      newer++;
    }
    if (newer == REMEMBERED) {
      return -1;
    }
    return sequence - (omissions - newer);
  }
}
