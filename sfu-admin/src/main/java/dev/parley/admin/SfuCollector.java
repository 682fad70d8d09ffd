package dev.parley.admin;

import dev.parley.core.api.MediaServer;
import dev.parley.signaling.SignalingState;
import dev.parley.signaling.observe.SignalingCounters;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The server's totals and gauges as Prometheus families, read at each scrape. Names are {@code
 * sfu_*} in base units; no room and no participant is ever a label.
 */
final class SfuCollector extends Collector {
  private final MediaServer media;
  private final SignalingState signaling;

  SfuCollector(MediaServer media, SignalingState signaling) {
    this.media = media;
    this.signaling = signaling;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    addMedia(families);
    addSignaling(families);
    SignalingCounters counters = signaling.counters();
    families.add(
        gauge(
            "sfu_signaling_connections",
            "WebSockets open now",
            (double) counters.openConnections()));
    families.add(
        gauge(
            "sfu_signaling_resources",
            "WHIP and WHEP resources open now",
            (double) counters.openResources()));
    families.add(
        gauge(
            "sfu_signaling_sessions",
            "Sessions open now, with a WebSocket or waiting for one",
            (double) counters.openSessions()));
    families.add(
        gauge(
            "sfu_signaling_sessions_in_grace",
            "Sessions that wait for their client to come back",
            (double) counters.sessionsInGrace()));
    families.add(gauge("sfu_rooms", "Rooms open now", signaling.openRooms()));
    families.add(gauge("sfu_participants", "Participants in all rooms", signaling.participants()));
    return families;
  }

  private void addMedia(List<MetricFamilySamples> families) {
    CounterMetricFamily dropped =
        new CounterMetricFamily(
            "sfu_media_dropped", "Packets dropped, by reason", List.of("reason"));
    for (MediaServer.Metric metric : media.metrics()) {
      if (metric.dropReason()) {
        dropped.addMetric(List.of(metric.id()), (double) metric.total());
      } else {
        families.add(
            new CounterMetricFamily(
                "sfu_media_" + metric.id(), metric.sentence(), (double) metric.total()));
      }
    }
    families.add(dropped);
    families.add(fanOut());
    families.add(pairs());
    families.add(latency());
  }

  private MetricFamilySamples latency() {
    MediaServer.LatencyTotals totals = media.forwardingLatency();
    return new HistogramFamily(
            "sfu_media_forwarding_seconds",
            "Time of forwarded packets in this process, from the arrival of their batch until it is"
                + " handed to the system; without the time in the pacer",
            List.of())
        .add(
            List.of(),
            totals.buckets().stream()
                .map(bucket -> new HistogramFamily.Bucket(bucket.atMostSec(), bucket.packets()))
                .toList(),
            totals.sumSec())
        .family();
  }

  private CounterMetricFamily fanOut() {
    CounterMetricFamily family =
        new CounterMetricFamily(
            "sfu_media_fan_out",
            "Packets offered to subscriptions (sfu_media_rtp_offered_total), by what became of"
                + " them: forwarded is sfu_media_rtp_forwarded_total",
            List.of("outcome"));
    for (MediaServer.OutcomeTotal total : media.fanOut()) {
      family.addMetric(List.of(total.outcome()), (double) total.total());
    }
    return family;
  }

  private CounterMetricFamily pairs() {
    CounterMetricFamily pairs =
        new CounterMetricFamily(
            "sfu_media_selected_pairs",
            "ICE pairs that sessions' media took, by the client's candidate, what carries it, and"
                + " the address family; once a session and again with each change",
            List.of("type", "transport", "family"));
    for (MediaServer.PairTotal pair : media.selectedPairs()) {
      pairs.addMetric(List.of(pair.type(), pair.transport(), pair.family()), (double) pair.total());
    }
    return pairs;
  }

  private void addSignaling(List<MetricFamilySamples> families) {
    Map<String, CounterMetricFamily> byId = new LinkedHashMap<>();
    for (SignalingCounters.Total total : signaling.counters().totals()) {
      List<String> names = total.label().map(SignalingCounters.Label::name).stream().toList();
      List<String> values = total.label().map(SignalingCounters.Label::value).stream().toList();
      byId.computeIfAbsent(
              total.id(),
              id -> new CounterMetricFamily("sfu_signaling_" + id, total.sentence(), names))
          .addMetric(values, (double) total.total());
    }
    families.addAll(byId.values());
  }

  private static MetricFamilySamples gauge(String name, String sentence, double value) {
    return new GaugeMetricFamily(name, sentence, value);
  }
}
