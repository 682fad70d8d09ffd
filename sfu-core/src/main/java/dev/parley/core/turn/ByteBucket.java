package dev.parley.core.turn;

import dev.parley.core.common.HotPath;

/** Bytes that may pass: so many a second, and a quarter of a second's worth at once. */
final class ByteBucket {
  private static final double SECOND_NANOS = 1e9;

  private final double bytesPerSec;
  private final double most;
  private double left;
  private long lastNanos;

  ByteBucket(long bitrateBps, long nowNanos) {
    this.bytesPerSec = bitrateBps / 8.0;
    this.most = bytesPerSec / 4;
    this.left = most;
    this.lastNanos = nowNanos;
  }

  /** Whether they may pass now; those that may are taken out. */
  @HotPath
  boolean take(int bytes, long nowNanos) {
    left = Math.min(most, left + (nowNanos - lastNanos) / SECOND_NANOS * bytesPerSec);
    lastNanos = nowNanos;
    if (left < bytes) {
      return false;
    }
    left -= bytes;
    return true;
  }
}
