package dev.parley.core.bwe;

/**
 * What losses say of the rate: many of them, more than the path always has, mean that too much is
 * sent. A path that loses a part whatever is sent (radio) is recognised by losing as much after the
 * rate was lowered; that part is not held against it. Bits a second.
 */
final class LossControl {
  private static final double TOO_MUCH = 0.10;

  /** No path that is worth sending over loses more by itself. */
  private static final double MOST_INHERENT = 0.25;

  private static final double LITTLE = 0.02;
  private static final double FASTER_PER_SECOND = 1.08;
  private static final int LEAST_PACKETS = 20;
  private static final long PERIOD_NANOS = 300_000_000;

  /** The inherent part follows a smaller loss at once, and is forgotten by so much a second. */
  private static final double FORGET_PER_SECOND = 0.02;

  private double limit = Double.POSITIVE_INFINITY;
  private double inherent;
  private double lossBeforeDecrease = -1;
  private double ratio;
  private double recent;
  private long received;
  private long lost;
  private long periodNanos = Long.MIN_VALUE;
  private long decreasedNanos = Long.MIN_VALUE / 2;

  void onPacket(boolean arrived) {
    if (arrived) {
      received++;
    } else {
      lost++;
    }
  }

  /** A packet that was counted as lost has come after all. */
  void onLate() {
    received++;
    lost = Math.max(0, lost - 1);
  }

  /** Takes stock; {@code acknowledged} is what arrives, negative when not known. */
  void update(long rate, long acknowledged, long roundTripNanos, long nowNanos) {
    if (periodNanos == Long.MIN_VALUE) {
      periodNanos = nowNanos;
    }
    long elapsed = nowNanos - periodNanos;
    if (elapsed < PERIOD_NANOS || received + lost < LEAST_PACKETS) {
      return;
    }
    double seconds = elapsed / 1e9;
    double now = (double) lost / (received + lost);
    recent = now;
    ratio = ratio * 0.5 + now * 0.5;
    received = 0;
    lost = 0;
    periodNanos = nowNanos;
    apply(now, rate, acknowledged, seconds, roundTripNanos, nowNanos);
  }

  private void apply(
      double now,
      long rate,
      long acknowledged,
      double seconds,
      long roundTripNanos,
      long nowNanos) {
    inherent = Math.max(0, Math.min(inherent - FORGET_PER_SECOND * seconds * inherent, now));
    if (lossBeforeDecrease >= 0 && nowNanos - decreasedNanos > PERIOD_NANOS + roundTripNanos) {
      if (now > lossBeforeDecrease * 0.75) {
        inherent = Math.max(inherent, Math.min(now * 0.9, MOST_INHERENT));
      }
      lossBeforeDecrease = -1;
    }
    double excess = now - inherent;
    if (excess > TOO_MUCH) {
      if (lossBeforeDecrease < 0) {
        double base =
            Math.min((double) rate, acknowledged > 0 ? acknowledged / (1 - now) : (double) rate);
        limit = base * (1 - 0.5 * excess);
        lossBeforeDecrease = now;
        decreasedNanos = nowNanos;
      }
    } else if (excess < LITTLE) {
      limit *= Math.pow(FASTER_PER_SECOND, seconds);
      if (limit > 2.0 * rate) {
        limit = Double.POSITIVE_INFINITY;
      }
    }
  }

  /** A probe got through at this rate. */
  void raise(long bitsPerSecond) {
    if (limit < bitsPerSecond) {
      limit = bitsPerSecond;
    }
  }

  /** {@code Long.MAX_VALUE}: none. */
  long limit() {
    return (long) limit;
  }

  /** In the last period alone, from 0 to 1. */
  double recent() {
    return recent;
  }

  /** Whether the path loses no more than it always does. */
  boolean calm() {
    return ratio - inherent < TOO_MUCH;
  }

  /** Of late, from 0 to 1. */
  double ratio() {
    return ratio;
  }
}
