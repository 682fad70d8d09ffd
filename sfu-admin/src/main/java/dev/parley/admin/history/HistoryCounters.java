package dev.parley.admin.history;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** What was written and what was not, for Prometheus. Any thread. */
final class HistoryCounters extends Collector {
  private record Lost(String kind, String reason) implements Comparable<Lost> {
    @Override
    public int compareTo(Lost other) {
      return (kind + " " + reason).compareTo(other.kind + " " + other.reason);
    }
  }

  private final Map<String, LongAdder> written = new ConcurrentSkipListMap<>();
  private final Map<Lost, LongAdder> dropped = new ConcurrentSkipListMap<>();
  private final IntSupplier waiting;
  private final BooleanSupplier available;

  HistoryCounters(IntSupplier waiting, BooleanSupplier available) {
    // From the beginning, so that an alert sees the first one.
    for (String kind : List.of("event", "audit", "minute", "report")) {
      for (String reason : List.of("queue_full", "refused", "stopped")) {
        dropped.put(new Lost(kind, reason), new LongAdder());
      }
    }
    this.waiting = waiting;
    this.available = available;
  }

  void written(String kind) {
    written.computeIfAbsent(kind, first -> new LongAdder()).increment();
  }

  void dropped(String kind, String reason) {
    dropped.computeIfAbsent(new Lost(kind, reason), first -> new LongAdder()).increment();
  }

  /** How many were dropped, for whatever reason. */
  long dropped() {
    return dropped.values().stream().mapToLong(LongAdder::sum).sum();
  }

  @Override
  public List<MetricFamilySamples> collect() {
    CounterMetricFamily all =
        new CounterMetricFamily(
            "sfu_history_written", "Entries written to the history, by kind", List.of("kind"));
    written.forEach((kind, total) -> all.addMetric(List.of(kind), (double) total.sum()));
    CounterMetricFamily lost =
        new CounterMetricFamily(
            "sfu_history_dropped",
            "Entries that the history did not take, by kind and reason",
            List.of("kind", "reason"));
    dropped.forEach(
        (what, total) -> lost.addMetric(List.of(what.kind(), what.reason()), (double) total.sum()));
    return List.of(
        all,
        lost,
        new GaugeMetricFamily(
            "sfu_history_waiting",
            "Entries that wait for the history's database",
            waiting.getAsInt()),
        new GaugeMetricFamily(
            "sfu_history_available",
            "Whether the history's database takes entries",
            available.getAsBoolean() ? 1 : 0));
  }
}
