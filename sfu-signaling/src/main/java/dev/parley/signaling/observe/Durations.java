package dev.parley.signaling.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** How long something took, in classes of duration. Any thread. */
public final class Durations {
  private static final double NANOS_A_SECOND = 1e9;

  private final double[] boundsSec;
  private final LongAdder[] classes;
  private final LongAdder sumNanos = new LongAdder();

  /** So many took at most so long; {@code Double.POSITIVE_INFINITY} is all of them. */
  public record Bucket(double atMostSec, long count) {}

  /**
   * What was seen since start.
   *
   * @param buckets in rising order; the last one has no bound
   */
  public record Totals(List<Bucket> buckets, double sumSec) {
    public Totals {
      buckets = List.copyOf(buckets);
    }

    public long count() {
      return buckets.getLast().count();
    }
  }

  /** With these bounds in rising order; what is longer than all of them has a class of its own. */
  Durations(double... boundsSec) {
    this.boundsSec = boundsSec.clone();
    this.classes = SignalingCounters.adders(boundsSec.length + 1);
  }

  void add(long nanos) {
    long atLeastZero = Math.max(0, nanos);
    double sec = atLeastZero / NANOS_A_SECOND;
    int index = 0;
    while (index < boundsSec.length && sec > boundsSec[index]) {
      index++;
    }
    classes[index].increment();
    sumNanos.add(atLeastZero);
  }

  public Totals totals() {
    List<Bucket> buckets = new ArrayList<>();
    long count = 0;
    for (int i = 0; i < classes.length; i++) {
      count += classes[i].sum();
      buckets.add(
          new Bucket(i < boundsSec.length ? boundsSec[i] : Double.POSITIVE_INFINITY, count));
    }
    return new Totals(buckets, sumNanos.sum() / NANOS_A_SECOND);
  }
}
