package dev.parley.admin;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.ArrayList;
import java.util.List;

/** A histogram family of totals that are kept elsewhere. */
final class HistogramFamily {
  /** So many took at most so long, those of shorter buckets included; the last has no bound. */
  record Bucket(double atMost, long count) {}

  private final String name;
  private final String help;
  private final List<String> labelNames;
  private final List<Sample> samples = new ArrayList<>();

  HistogramFamily(String name, String help, List<String> labelNames) {
    this.name = name;
    this.help = help;
    this.labelNames = List.copyOf(labelNames);
  }

  /** One series; without any bucket there is nothing to add. */
  HistogramFamily add(List<String> labelValues, List<Bucket> buckets, double sum) {
    for (Bucket bucket : buckets) {
      samples.add(
          new Sample(
              name + "_bucket",
              with(labelNames, "le"),
              with(labelValues, Collector.doubleToGoString(bucket.atMost())),
              (double) bucket.count()));
    }
    if (!buckets.isEmpty()) {
      double count = (double) buckets.getLast().count();
      samples.add(new Sample(name + "_count", labelNames, labelValues, count));
      samples.add(new Sample(name + "_sum", labelNames, labelValues, sum));
    }
    return this;
  }

  private static List<String> with(List<String> some, String more) {
    List<String> all = new ArrayList<>(some);
    all.add(more);
    return all;
  }

  MetricFamilySamples family() {
    return new MetricFamilySamples(name, Collector.Type.HISTOGRAM, help, samples);
  }
}
