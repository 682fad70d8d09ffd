package dev.parley.admin;

import dev.parley.signaling.observe.CallCounters;
import dev.parley.signaling.observe.CallCounters.JoinFailure;
import dev.parley.signaling.observe.CallCounters.JoinPhase;
import dev.parley.signaling.observe.CallCounters.WaitEnd;
import dev.parley.signaling.observe.Durations;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;

/** How it goes for people, as Prometheus families: coming in, waiting, quality. */
final class CallCollector extends Collector {
  private final CallCounters calls;

  CallCollector(CallCounters calls) {
    this.calls = calls;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    return List.of(
        new CounterMetricFamily(
            "sfu_join_attempts", "Offers of people who bring media", (double) calls.attempts()),
        failures(),
        phases(),
        new GaugeMetricFamily(
            "sfu_queue_length", "People who wait, in the queues of all rooms", calls.waitingNow()),
        waits(),
        qualities());
  }

  private MetricFamilySamples failures() {
    CounterMetricFamily family =
        new CounterMetricFamily(
            "sfu_join_failures",
            "Offers whose media never came, by reason; closed: the client left or began anew",
            List.of("reason"));
    for (JoinFailure reason : JoinFailure.values()) {
      family.addMetric(List.of(reason.wireName()), (double) calls.failures(reason));
    }
    return family;
  }

  private MetricFamilySamples phases() {
    HistogramFamily family =
        new HistogramFamily(
            "sfu_join_phase_seconds",
            "Steps of coming in with media: offer to answer, then to the first ICE check, then to"
                + " the end of DTLS, then to the first packet; total: offer to the end of DTLS",
            List.of("phase"));
    for (JoinPhase phase : JoinPhase.values()) {
      add(family, phase.wireName(), calls.joinTimes(phase));
    }
    return family.family();
  }

  private MetricFamilySamples waits() {
    HistogramFamily family =
        new HistogramFamily(
            "sfu_queue_wait_seconds",
            "Waits in queues by how they ended; an admission that is not used ends once more",
            List.of("outcome"));
    for (WaitEnd end : WaitEnd.values()) {
      add(family, end.wireName(), calls.waits(end));
    }
    return family.family();
  }

  private static void add(HistogramFamily family, String label, Durations.Totals totals) {
    family.add(
        List.of(label),
        totals.buckets().stream()
            .map(bucket -> new HistogramFamily.Bucket(bucket.atMostSec(), bucket.count()))
            .toList(),
        totals.sumSec());
  }

  private MetricFamilySamples qualities() {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "sfu_participants_quality",
            "Participants by the quality of their connection, from 0 (nothing gets through) to 5;"
                + " who has no media yet is in none",
            List.of("level"));
    List<Integer> levels = calls.qualities();
    for (int level = 0; level < levels.size(); level++) {
      family.addMetric(List.of(Integer.toString(level)), levels.get(level));
    }
    return family;
  }
}
