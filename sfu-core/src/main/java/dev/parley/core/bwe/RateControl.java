package dev.parley.core.bwe;

/**
 * The delay-based rate: down to a part of what arrives when the queue grows, up by a factor while
 * the capacity is unknown, and slowly near the rate at which it last was too much
 * (draft-ietf-rmcat-gcc-02 section 5.5). Bits a second.
 */
final class RateControl {
  /** Of what arrives when the queue grows: who has much of what it wants gives up more. */
  private static final double LEAST_KEPT = 0.8;

  private static final double MOST_KEPT = 0.92;
  private static final double FASTER_PER_SECOND = 1.08;

  /** Of the arriving rate: what is not used is not measured either. */
  private static final double MOST_ABOVE = 1.5;

  private static final double CAPACITY_SMOOTHING = 0.05;
  private static final double PACKET_BITS = 1200 * 8;
  private static final double LEAST_ADDED_PER_SECOND = 4000;
  private static final long DETECTION_NANOS = 100_000_000;

  private final long least;
  private final long most;
  private double rate;
  private boolean increasing = true;
  private long updatedNanos = Long.MIN_VALUE;
  private long decreasedNanos = Long.MIN_VALUE / 2;
  private double beforeDecrease;

  /** The mean of what arrived when the queue grew, and its variance relative to it; in kbit/s. */
  private double capacity = -1;

  private double capacityVariance = 0.4;

  RateControl(long least, long start, long most) {
    this.least = least;
    this.most = most;
    this.rate = start;
  }

  /**
   * Takes in what a feedback says.
   *
   * @param acknowledged the rate that arrives, negative when it is not known
   * @param share of what it could use that it has, from 0 to 1
   * @param limited whether less was sent than allowed, so that nothing was learnt of more
   */
  void update(
      Trendline.Usage usage,
      long acknowledged,
      boolean limited,
      double share,
      long roundTripNanos,
      long nowNanos) {
    double seconds =
        updatedNanos == Long.MIN_VALUE ? 0 : Math.min((nowNanos - updatedNanos) / 1e9, 1);
    updatedNanos = nowNanos;
    switch (usage) {
      case OVER -> {
        // One decrease needs a round trip to show.
        if (nowNanos - decreasedNanos > Math.max(roundTripNanos, DETECTION_NANOS)
            || (acknowledged > 0 && acknowledged < rate / 2)) {
          decrease(acknowledged, share, nowNanos);
        }
        increasing = false;
      }
      case UNDER -> increasing = false;
      case NORMAL -> {
        if (increasing && !limited) {
          increase(acknowledged, seconds, roundTripNanos);
        }
        increasing = true;
      }
    }
    rate = Math.max((double) least, Math.min(rate, (double) most));
  }

  private void decrease(long acknowledged, double share, long nowNanos) {
    if (nowNanos - decreasedNanos > 1_000_000_000L) {
      beforeDecrease = rate;
    }
    decreasedNanos = nowNanos;
    double arriving = acknowledged > 0 ? (double) acknowledged : rate;
    double part = LEAST_KEPT + (MOST_KEPT - LEAST_KEPT) * (1 - share);
    double reduced = arriving * part;
    if (reduced > rate && capacity > 0) {
      reduced = part * capacity * 1000;
    }
    rate = Math.min(rate, reduced);
    if (capacity > 0 && arriving / 1000 < capacity - 3 * deviation()) {
      capacity = -1;
    }
    learn(arriving / 1000);
  }

  private void increase(long acknowledged, double seconds, long roundTripNanos) {
    if (capacity > 0 && acknowledged > 0 && acknowledged / 1000.0 > capacity + 3 * deviation()) {
      capacity = -1;
    }
    double added =
        capacity > 0
            ? Math.max(
                    packetBits() / ((roundTripNanos + DETECTION_NANOS) / 1e9),
                    LEAST_ADDED_PER_SECOND)
                * seconds
            : Math.max(rate * (Math.pow(FASTER_PER_SECOND, seconds) - 1), 1000 * seconds);
    double raised = rate + added;
    if (acknowledged > 0) {
      raised = Math.min(raised, MOST_ABOVE * acknowledged + 10_000);
    }
    rate = Math.max(rate, raised);
  }

  /** Of a packet of a picture at 30 a second. */
  private double packetBits() {
    double frame = rate / 30;
    return frame / Math.ceil(frame / PACKET_BITS);
  }

  private void learn(double kilobits) {
    if (capacity < 0) {
      capacity = kilobits;
    } else {
      capacity = (1 - CAPACITY_SMOOTHING) * capacity + CAPACITY_SMOOTHING * kilobits;
    }
    double error = capacity - kilobits;
    capacityVariance =
        (1 - CAPACITY_SMOOTHING) * capacityVariance
            + CAPACITY_SMOOTHING * error * error / Math.max(capacity, 1);
    capacityVariance = Math.max(0.4, Math.min(capacityVariance, 2.5));
  }

  private double deviation() {
    return Math.sqrt(capacityVariance * capacity);
  }

  /** A probe, a loss or a silent receiver said better. */
  void set(long bitsPerSecond) {
    if (bitsPerSecond > rate * MOST_ABOVE) {
      capacity = -1;
    }
    rate = Math.max(least, Math.min(bitsPerSecond, most));
  }

  long bitsPerSecond() {
    return (long) rate;
  }

  long decreasedNanos() {
    return decreasedNanos;
  }

  /** The rate before the last series of decreases; 0 when there was none. */
  long beforeDecrease() {
    return (long) beforeDecrease;
  }
}
