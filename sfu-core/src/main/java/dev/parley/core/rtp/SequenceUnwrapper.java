package dev.parley.core.rtp;

import dev.parley.core.common.HotPath;

/**
 * Extends sequence numbers, mostly of 16 bits, to 64 (RFC 3550 appendix A.1): each is taken as the
 * value nearest to the highest one seen. Starts one cycle up, so that a packet from before the
 * first stays positive.
 */
public final class SequenceUnwrapper {
  /** Numbers of a cycle; the first packet stands in the cycle after the first. */
  public static final long CYCLE = 1 << 16;

  private long highest = -1;

  @HotPath
  public long unwrap(int sequence16) {
    return unwrap(sequence16, 1 << 16);
  }

  /** For numbers that run to {@code modulus}, a power of two of at most 65536. */
  @HotPath
  public long unwrap(int number, int modulus) {
    if (highest < 0) {
      highest = CYCLE + number;
      return highest;
    }
    int ahead = number - (int) highest & modulus - 1;
    long candidate = highest + (ahead < modulus / 2 ? ahead : ahead - modulus);
    highest = Math.max(highest, candidate);
    return candidate;
  }

  /** The highest number so far; -1 before the first. */
  @HotPath
  public long highest() {
    return highest;
  }
}
