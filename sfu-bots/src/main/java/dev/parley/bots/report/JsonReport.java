package dev.parley.bots.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.measure.ServerSample;
import dev.parley.bots.measure.Stat;
import dev.parley.bots.run.Outcome;
import dev.parley.bots.run.Point;
import dev.parley.bots.run.ServerCounters;
import java.util.Locale;
import java.util.Optional;

/**
 * A run for programs. Within a {@link #VERSION} fields are only added; times are in milliseconds,
 * shares from 0 to 1.
 */
public final class JsonReport {
  /** Of the format; stands in every report. */
  public static final int VERSION = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final double NANOS_PER_SECOND = 1e9;

  private JsonReport() {}

  public static String of(Outcome outcome) {
    try {
      return JSON.writeValueAsString(tree(outcome)) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can be written", e);
    }
  }

  static ObjectNode tree(Outcome outcome) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", VERSION)
        .put("name", outcome.scenario().name())
        .put("seed", outcome.scenario().seed())
        .put("target", outcome.scenario().target().url().toString())
        .put("startedAt", outcome.startedAt().toString())
        .put("tookMs", outcome.took().toMillis())
        .put("end", outcome.end().name().toLowerCase(Locale.ROOT))
        .put("reason", outcome.reason())
        .put("exitCode", outcome.exitCode());
    outcome.warnings().forEach(root.putArray("warnings")::add);
    root.set("total", measurements(outcome.total()));
    ObjectNode groups = root.putObject("scenarios");
    outcome.groups().forEach((name, measured) -> groups.set(name, measurements(measured)));
    thresholds(root.putArray("thresholds"), outcome);
    root.putObject("bots").put("cpuSeconds", outcome.botCpuNanos() / NANOS_PER_SECOND);
    ServerCounters.of(outcome).ifPresent(s -> server(root.putObject("server"), s));
    ArrayNode points = root.putArray("seconds");
    Optional<ServerSample> before = Optional.empty();
    for (Point point : outcome.points()) {
      point(points.addObject(), point, before);
      before = point.server();
    }
    return root;
  }

  private static ObjectNode measurements(Measurements measured) {
    ObjectNode node = JSON.createObjectNode();
    ObjectNode times = node.putObject("times");
    ObjectNode counts = node.putObject("counts");
    ObjectNode shares = node.putObject("shares");
    for (Metric metric : Metric.values()) {
      switch (metric.kind()) {
        case TIME -> {
          if (measured.count(metric) > 0) {
            ObjectNode time = times.putObject(metric.id()).put("count", measured.count(metric));
            for (Stat stat : Stat.values()) {
              if (stat != Stat.COUNT) {
                time.put(stat.id(), measured.value(metric, stat).orElse(0));
              }
            }
          }
        }
        case COUNT -> counts.put(metric.id(), measured.count(metric));
        case SHARE ->
            measured.value(metric, Stat.COUNT).ifPresent(share -> shares.put(metric.id(), share));
      }
    }
    ObjectNode failures = node.putObject("failures");
    measured.failures().forEach(failures::put);
    return node;
  }

  private static void thresholds(ArrayNode nodes, Outcome outcome) {
    for (Outcome.Verdict verdict : outcome.verdicts()) {
      ObjectNode node =
          nodes
              .addObject()
              .put("metric", verdict.threshold().metric().id())
              .put("holds", verdict.holds());
      if (verdict.threshold().metric().kind() == Metric.Kind.TIME) {
        node.put("stat", verdict.threshold().stat().id());
      }
      verdict.threshold().group().ifPresent(g -> node.put("scenario", g));
      verdict.value().ifPresent(v -> node.put("value", v));
      verdict.threshold().max().ifPresent(v -> node.put("max", v));
      verdict.threshold().min().ifPresent(v -> node.put("min", v));
    }
  }

  private static void server(ObjectNode node, ServerCounters server) {
    node.put("cpuSeconds", server.cpuSeconds())
        .put("gcSeconds", server.gcSeconds())
        .put("heapBytes", (long) server.heapBytes())
        .put("rtpReceived", server.received())
        .put("rtpForwarded", server.forwarded())
        .put("dropped", server.dropped())
        .put("missing", server.missing())
        .put("microsPerForwarded", server.microsPerForwarded());
    server.forwardingP50Ms().ifPresent(v -> node.put("forwardingP50Ms", v));
    server.forwardingP99Ms().ifPresent(v -> node.put("forwardingP99Ms", v));
  }

  private static void point(ObjectNode node, Point point, Optional<ServerSample> before) {
    Measurements measured = point.measured();
    node.put("atMs", point.nanos() / 1_000_000)
        .put("wanted", point.wanted())
        .put("alive", point.alive())
        .put("inside", point.inside())
        .put("packetsSent", measured.count(Metric.PACKETS_SENT))
        .put("packetsReceived", measured.count(Metric.PACKETS_RECEIVED))
        .put("bytesReceived", measured.count(Metric.BYTES_RECEIVED))
        .put("packetsMissed", measured.count(Metric.PACKETS_MISSED))
        .put("packetsLost", measured.count(Metric.PACKETS_LOST))
        .put("freezes", measured.count(Metric.FREEZE))
        .put("botCores", point.load().cores())
        .put("busiestThread", point.load().busiest());
    measured.value(Metric.LATENCY_VIDEO, Stat.P95).ifPresent(v -> node.put("latencyVideoP95", v));
    measured.value(Metric.LATENCY_AUDIO, Stat.P95).ifPresent(v -> node.put("latencyAudioP95", v));
    measured.value(Metric.JOIN_TOTAL, Stat.P95).ifPresent(v -> node.put("joinP95", v));
    point
        .server()
        .ifPresent(now ->
            before
                .filter(b -> now.nanos() > b.nanos())
                .ifPresent(b ->
                    now.since(b, "process_cpu_seconds_total")
                        .ifPresent(cpu ->
                            node.put(
                                "serverCores",
                                cpu * NANOS_PER_SECOND / (now.nanos() - b.nanos())))));
  }
}
