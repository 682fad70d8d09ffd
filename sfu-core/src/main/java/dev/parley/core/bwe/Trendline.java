package dev.parley.core.bwe;

/**
 * Finds out whether the queue on the way grows: the slope of the smoothed delay over the last
 * groups, against a threshold that adapts (Carlucci et al. 2016; draft-ietf-rmcat-gcc-02 section
 * 5.3 to 5.5).
 */
final class Trendline {
  enum Usage {
    NORMAL,
    /** The queue grows: more is sent than leaves. */
    OVER,
    /** The queue drains. */
    UNDER
  }

  private static final int WINDOW = 20;
  private static final double SMOOTHING = 0.9;
  private static final double GAIN = 4;
  private static final int MOST_DELTAS = 60;
  private static final double OVERUSE_MS = 10;
  private static final double UP = 0.0087;
  private static final double DOWN = 0.039;
  private static final double LEAST_THRESHOLD = 6;
  private static final double MOST_THRESHOLD = 600;

  /** A spike that is so far out is no measure of the network's own jitter. */
  private static final double SPIKE = 15;

  private final double[] times = new double[WINDOW];
  private final double[] delays = new double[WINDOW];
  private int count;
  private int next;
  private int deltas;
  private double firstMs = Double.NaN;
  private double accumulated;
  private double smoothed;
  private double threshold = 12.5;
  private double overMs = -1;
  private int overCount;
  private double previousTrend;
  private double updatedMs = Double.NaN;
  private Usage usage = Usage.NORMAL;

  void onGroup(long sentDelta, long arrivedDelta, long arrivedNanos) {
    double arrivedMs = arrivedNanos / 1e6;
    if (Double.isNaN(firstMs)) {
      firstMs = arrivedMs;
    }
    deltas = Math.min(deltas + 1, 1000);
    accumulated += (arrivedDelta - sentDelta) / 1e6;
    smoothed = SMOOTHING * smoothed + (1 - SMOOTHING) * accumulated;
    times[next] = arrivedMs - firstMs;
    delays[next] = smoothed;
    next = (next + 1) % WINDOW;
    count = Math.min(count + 1, WINDOW);
    double slope = count == WINDOW ? slope() : previousTrend;
    detect(slope, sentDelta / 1e6, arrivedMs);
  }

  private double slope() {
    double meanTime = 0;
    double meanDelay = 0;
    for (int i = 0; i < WINDOW; i++) {
      meanTime += times[i];
      meanDelay += delays[i];
    }
    meanTime /= WINDOW;
    meanDelay /= WINDOW;
    double above = 0;
    double below = 0;
    for (int i = 0; i < WINDOW; i++) {
      double t = times[i] - meanTime;
      above += t * (delays[i] - meanDelay);
      below += t * t;
    }
    return below == 0 ? previousTrend : above / below;
  }

  private void detect(double trend, double sentMs, double nowMs) {
    if (deltas < 2) {
      usage = Usage.NORMAL;
      return;
    }
    double modified = Math.min(deltas, MOST_DELTAS) * trend * GAIN;
    if (modified > threshold) {
      overMs = overMs < 0 ? sentMs / 2 : overMs + sentMs;
      overCount++;
      if (overMs > OVERUSE_MS && overCount > 1 && trend >= previousTrend) {
        overMs = 0;
        overCount = 0;
        usage = Usage.OVER;
      }
    } else {
      overMs = -1;
      overCount = 0;
      usage = modified < -threshold ? Usage.UNDER : Usage.NORMAL;
    }
    previousTrend = trend;
    adapt(modified, nowMs);
  }

  private void adapt(double modified, double nowMs) {
    double elapsed = Double.isNaN(updatedMs) ? 0 : Math.min(nowMs - updatedMs, 100);
    updatedMs = nowMs;
    double size = Math.abs(modified);
    if (size <= threshold + SPIKE) {
      double speed = size < threshold ? DOWN : UP;
      threshold += speed * (size - threshold) * Math.max(elapsed, 0);
      threshold = Math.max(LEAST_THRESHOLD, Math.min(threshold, MOST_THRESHOLD));
    }
  }

  Usage usage() {
    return usage;
  }

  /** The slope: milliseconds of queue per millisecond. */
  double trend() {
    return previousTrend;
  }
}
