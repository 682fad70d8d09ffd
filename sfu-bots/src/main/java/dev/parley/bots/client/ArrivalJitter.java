package dev.parley.bots.client;

/** The interarrival jitter of RFC 3550 section 6.4.1. Owner's thread only. */
final class ArrivalJitter {
  private static final double WEIGHT = 1.0 / 16;

  private final int clockRate;
  private int lastTimestamp;
  private long lastNanos = -1;
  private double jitterNanos;

  ArrivalJitter(int clockRate) {
    this.clockRate = clockRate;
  }

  /** A packet in its order. Those of one frame count by the first. */
  void onPacket(int timestamp, long nowNanos) {
    if (lastNanos >= 0) {
      if (timestamp == lastTimestamp) {
        return;
      }
      double media = (timestamp - lastTimestamp) * 1e9 / clockRate;
      double off = Math.abs(nowNanos - lastNanos - media);
      // A source that rested or changed is no jitter.
      if (Math.abs(media) < 1e9 && off < 1e9) {
        jitterNanos += (off - jitterNanos) * WEIGHT;
      }
    }
    lastTimestamp = timestamp;
    lastNanos = nowNanos;
  }

  double jitterNanos() {
    return jitterNanos;
  }

  /** In units of the timestamp, for reports. */
  long units() {
    return (long) (jitterNanos * clockRate / 1e9);
  }
}
