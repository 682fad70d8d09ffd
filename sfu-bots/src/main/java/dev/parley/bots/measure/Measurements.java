package dev.parley.bots.measure;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Histograms and totals of one scenario, of an interval or of the whole run. Times are kept in
 * microseconds with three digits. One thread at a time.
 */
public final class Measurements {
  private static final int DIGITS = 3;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final double MICROS_PER_MILLI = 1e3;

  private final Map<Metric, Histogram> times = new EnumMap<>(Metric.class);
  private final long[] counts = new long[Metric.values().length];
  private final Map<String, Long> failures = new TreeMap<>();

  /** Of a metric of times. */
  public void time(Metric metric, long nanos) {
    times
        .computeIfAbsent(metric, m -> new Histogram(DIGITS))
        .recordValue(Math.max(0, nanos) / NANOS_PER_MICRO);
  }

  public void count(Metric metric, long more) {
    counts[metric.ordinal()] += more;
  }

  /** A bot did not come in, or was lost; the code is the server's or one of the bots' own. */
  public void failure(String code) {
    failures.merge(code, 1L, Long::sum);
  }

  /** What has been gathered; from now on it gathers anew. */
  public Measurements cut() {
    Measurements interval = new Measurements();
    interval.add(this);
    times.values().forEach(Histogram::reset);
    java.util.Arrays.fill(counts, 0);
    failures.clear();
    return interval;
  }

  public void add(Measurements other) {
    other.times.forEach((metric, histogram) -> {
      if (histogram.getTotalCount() > 0) {
        times.computeIfAbsent(metric, m -> new Histogram(DIGITS)).add(histogram);
      }
    });
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    other.failures.forEach((code, n) -> failures.merge(code, n, Long::sum));
  }

  public long count(Metric metric) {
    if (metric.kind() == Metric.Kind.TIME) {
      Histogram histogram = times.get(metric);
      return histogram == null ? 0 : histogram.getTotalCount();
    }
    return counts[metric.ordinal()];
  }

  /** Joins that failed and bots that were lost, by code. */
  public Map<String, Long> failures() {
    return Map.copyOf(failures);
  }

  /**
   * A metric's value: milliseconds for times, from 0 to 1 for shares.
   *
   * @param stat of times; others have one value
   * @return empty when nothing was measured
   */
  public OptionalDouble value(Metric metric, Stat stat) {
    return switch (metric.kind()) {
      case COUNT -> OptionalDouble.of((double) count(metric));
      case SHARE -> {
        long whole = count(metric.whole());
        yield whole == 0
            ? OptionalDouble.empty()
            : OptionalDouble.of((double) count(metric.part()) / whole);
      }
      case TIME -> time(metric, stat);
    };
  }

  private OptionalDouble time(Metric metric, Stat stat) {
    Histogram histogram = times.get(metric);
    if (stat == Stat.COUNT) {
      return OptionalDouble.of((double) count(metric));
    }
    if (histogram == null || histogram.getTotalCount() == 0) {
      return OptionalDouble.empty();
    }
    double micros =
        switch (stat) {
          case P50 -> histogram.getValueAtPercentile(50);
          case P90 -> histogram.getValueAtPercentile(90);
          case P95 -> histogram.getValueAtPercentile(95);
          case P99 -> histogram.getValueAtPercentile(99);
          case MAX -> histogram.getMaxValue();
          case MEAN -> histogram.getMean();
          case COUNT -> histogram.getTotalCount();
        };
    return OptionalDouble.of(micros / MICROS_PER_MILLI);
  }
}
