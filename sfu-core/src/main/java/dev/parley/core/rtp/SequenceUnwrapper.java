package dev.parley.core.rtp;

import dev.parley.core.common.HotPath;

/**
 * Extends 16-bit sequence numbers to 64 bits (RFC 3550 appendix A.1): each is taken as the value
 * nearest to the highest one seen. Starts one cycle up, so that a packet from before the first
 * stays positive.
 */
public final class SequenceUnwrapper {
  /** Numbers of a cycle; the first packet stands in the cycle after the first. */
  public static final long CYCLE = 1 << 16;

  private long highest = -1;

  @HotPath
  public long unwrap(int sequence16) {
    if (highest < 0) {
      highest = CYCLE + sequence16;
      return highest;
    }
    long candidate = highest + (short) (sequence16 - (int) highest);
    if (candidate > highest) {
      highest = candidate;
    }
    return candidate;
  }

  /** The highest number so far; -1 before the first. */
  @HotPath
  public long highest() {
    return highest;
  }
}
