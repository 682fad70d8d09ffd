package dev.parley.bots.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.bots.measure.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Two JSON reports side by side. What is worse by more than the tolerance, and by more than a run's
 * usual noise, is marked; so is what only the first one has, and an end before the time.
 *
 * @param rows in the order of the metrics
 */
public record Comparison(String before, String after, List<Row> rows) {
  private static final String COMPLETED = "completed";
  private static final String COST = "server µs a packet forwarded";

  /** One figure of both reports; empty where a report does not have it. */
  public record Row(
      String metric, String unit, OptionalDouble before, OptionalDouble after, boolean worse) {}

  /** Less than that is noise. */
  private static final double LEAST_MS = 5;

  private static final double LEAST_SHARE = 0.001;

  /** Counts of what should not be. */
  private static final List<Metric> FAULTS =
      List.of(
          Metric.JOIN_FAILED,
          Metric.BOTS_LOST,
          Metric.PACKETS_UNKNOWN_SSRC,
          Metric.PACKETS_UNDECRYPTABLE,
          Metric.NEVER_A_PICTURE,
          Metric.QUEUE_OUT_OF_ORDER);

  public Comparison {
    rows = List.copyOf(rows);
  }

  /**
   * Compares.
   *
   * @param tolerance by how much a figure may be worse, as a part of the one before
   * @throws IllegalArgumentException when one of them is no report of a known version
   */
  public static Comparison of(JsonNode before, JsonNode after, double tolerance) {
    check(before);
    check(after);
    List<Row> rows = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      switch (metric.kind()) {
        case TIME -> {
          for (String stat : List.of("p50", "p95")) {
            String path = "/total/times/" + metric.id() + "/" + stat;
            add(rows, metric.id() + " " + stat, "ms", before, after, path, tolerance, LEAST_MS);
          }
        }
        case SHARE ->
            add(
                rows,
                metric.id(),
                "",
                before,
                after,
                "/total/shares/" + metric.id(),
                tolerance,
                LEAST_SHARE);
        case COUNT -> {
          if (FAULTS.contains(metric)) {
            add(rows, metric.id(), "", before, after, "/total/counts/" + metric.id(), tolerance, 0);
          }
        }
      }
    }
    add(rows, COST, "µs", before, after, "/server/microsPerForwarded", tolerance, 1);
    rows.add(
        new Row(
            "run completed",
            "",
            OptionalDouble.of(isCompleted(before) ? 1 : 0),
            OptionalDouble.of(isCompleted(after) ? 1 : 0),
            isCompleted(before) && !isCompleted(after)));
    return new Comparison(title(before), title(after), rows);
  }

  private static void check(JsonNode report) {
    int version = report.path("version").asInt();
    if (version != JsonReport.VERSION || !report.has("total")) {
      throw new IllegalArgumentException(
          "no report of ./sfu bots in version " + JsonReport.VERSION + ", but " + version);
    }
  }

  private static boolean isCompleted(JsonNode report) {
    return report.path("end").asText().equals(COMPLETED);
  }

  private static String title(JsonNode report) {
    return report.path("name").asText() + ", " + report.path("startedAt").asText();
  }

  private static void add(
      List<Row> rows,
      String name,
      String unit,
      JsonNode before,
      JsonNode after,
      String path,
      double tolerance,
      double least) {
    OptionalDouble old = number(before.at(path));
    OptionalDouble now = number(after.at(path));
    if (old.isPresent() || now.isPresent()) {
      double grown = now.orElse(0) - old.orElse(0);
      boolean worse =
          old.isPresent()
              && (now.isPresent()
                  ? grown > least && grown > old.getAsDouble() * tolerance
                  : isDue(name));
      rows.add(new Row(name, unit, old, now, worse));
    }
  }

  /** What every run has in which somebody came in: without it nobody did. */
  private static boolean isDue(String name) {
    return name.startsWith("join.") || name.startsWith("latency.") || name.equals(COST);
  }

  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
  }

  /** Whether anything is worse. */
  public boolean worse() {
    return rows.stream().anyMatch(Row::worse);
  }

  /** A table for people; ends with a line feed. */
  public String text() {
    StringBuilder out = new StringBuilder();
    out.append("before  ").append(before).append("\nafter   ").append(after).append("\n\n");
    for (Row row : rows) {
      String change =
          row.before().isEmpty() || row.after().isEmpty() || row.before().getAsDouble() == 0
              ? ""
              : String.format(
                  Locale.ROOT,
                  "%+.0f %%",
                  (row.after().getAsDouble() / row.before().getAsDouble() - 1) * 100);
      out.append(
          String.format(
              Locale.ROOT,
              "%-30s %12s %12s %-2s %8s%s%n",
              row.metric(),
              figure(row.before()),
              figure(row.after()),
              row.unit(),
              change,
              row.worse() ? "  WORSE" : ""));
    }
    return out.toString();
  }

  private static String figure(OptionalDouble value) {
    if (value.isEmpty()) {
      return "–";
    }
    boolean fine = value.getAsDouble() != Math.rint(value.getAsDouble());
    return String.format(Locale.ROOT, fine ? "%.3f" : "%.0f", value.getAsDouble());
  }
}
