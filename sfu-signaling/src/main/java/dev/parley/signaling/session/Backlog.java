package dev.parley.signaling.session;

import dev.parley.signaling.config.SignalingConfig;

/**
 * What was written to a socket and has not left it. Bounded: a client that does not read is slow
 * after a while, or at once when far too much waits. Not thread-safe; time is an argument.
 */
final class Backlog {
  /** Times the size from which a socket counts as slow. */
  private static final long HARD_LIMIT = 4;

  private final long slowBytes;
  private final long timeoutNanos;
  private long bytes;
  private boolean slow;
  private long slowSinceNanos;

  Backlog(SignalingConfig.Limits limits) {
    this.slowBytes = limits.writeQueueBytes();
    this.timeoutNanos = limits.slowConsumerTimeout().toNanos();
  }

  void written(int length, long nowNanos) {
    bytes += length;
    if (!slow && bytes >= slowBytes) {
      slow = true;
      slowSinceNanos = nowNanos;
    }
  }

  void left(int length) {
    bytes -= length;
    if (bytes < slowBytes) {
      slow = false;
    }
  }

  boolean isSlow() {
    return slow;
  }

  boolean isLost(long nowNanos) {
    return bytes >= HARD_LIMIT * slowBytes || (slow && nowNanos - slowSinceNanos >= timeoutNanos);
  }

  long timeoutNanos() {
    return timeoutNanos;
  }
}
