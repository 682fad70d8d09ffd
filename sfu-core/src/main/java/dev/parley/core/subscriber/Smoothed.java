package dev.parley.core.subscriber;

/**
 * A measured rate or estimate, told from its noise. Follows slowly, and shows a change only when it
 * has grown beyond a band, so that noise of 10 % shows none. A big change shows at once: noise of
 * 10 % to both sides spans a factor of 1.1 / 0.9, and the bounds lie just beyond that.
 */
final class Smoothed {
  private static final double BIG_RISE = 1.25;
  private static final double BIG_FALL = 0.8;

  /** Four times the deviation that is left of even noise of 10 % which comes 10 times a second. */
  private static final double BAND = 0.04;

  private static final double TIME_CONSTANT_NANOS = 2e9;

  private double mean;
  private double value;
  private long lastNanos;

  Smoothed(long nowNanos) {
    reset(nowNanos);
  }

  void reset(long nowNanos) {
    mean = 0;
    value = 0;
    lastNanos = nowNanos;
  }

  /** Takes a measurement whose big falls count at once. */
  void add(double measured, long nowNanos) {
    if (measured < mean * BIG_FALL) {
      mean = measured;
    }
    addFallingSlowly(measured, nowNanos);
  }

  /** Takes a measurement whose falls are not believed at once, unless it is 0. */
  void addFallingSlowly(double measured, long nowNanos) {
    if (measured == 0 || measured > mean * BIG_RISE) {
      mean = measured;
    } else {
      double share = Math.clamp((nowNanos - lastNanos) / TIME_CONSTANT_NANOS, 0, 1);
      mean += (measured - mean) * share;
    }
    if (Math.abs(mean - value) > BAND * value) {
      value = mean;
    }
    lastNanos = nowNanos;
  }

  double value() {
    return value;
  }
}
