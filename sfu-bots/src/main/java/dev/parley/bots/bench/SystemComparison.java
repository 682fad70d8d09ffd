package dev.parley.bots.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two results of {@code bench system} side by side. A figure counts as changed when its rounds of
 * before and after have no value in common, and the medians differ by more than a machine does; one
 * that was measured only once, when it differs by more than single measurements do.
 */
record SystemComparison(String before, String after, List<Row> rows) {
  private static final double NOISE = 0.05;

  /** Single values have no rounds that could overlap. */
  private static final double NOISE_OF_ONE = 0.2;

  SystemComparison {
    rows = List.copyOf(rows);
  }

  /** What became of a figure. */
  enum Change {
    SAME(""),
    BETTER("better"),
    WORSE("WORSE"),
    MISSING("missing"),
    NEW("new");

    private final String text;

    Change(String text) {
      this.text = text;
    }
  }

  /** One figure; empty where a result does not have it. */
  record Row(
      String id, Measure measure, Optional<Spread> before, Optional<Spread> after, Change change) {}

  /**
   * Compares.
   *
   * @throws IllegalArgumentException when one of them is no such result
   */
  static SystemComparison of(JsonNode before, JsonNode after) {
    List<Row> rows = new ArrayList<>();
    for (JsonNode one : cases(before)) {
      String id = one.path("id").asText();
      for (Measure measure : Measure.values()) {
        add(rows, id, measure, spread(before, id, measure), spread(after, id, measure));
      }
    }
    for (JsonNode one : cases(after)) {
      String id = one.path("id").asText();
      if (rows.stream().noneMatch(row -> row.id().equals(id))) {
        for (Measure measure : Measure.values()) {
          add(rows, id, measure, Optional.empty(), spread(after, id, measure));
        }
      }
    }
    return new SystemComparison(title(before), title(after), rows);
  }

  private static JsonNode cases(JsonNode result) {
    JsonNode cases = result.path("cases");
    if (!cases.isArray() || !result.has("commit")) {
      throw new IllegalArgumentException("no result of ./sfu bench system --json");
    }
    return cases;
  }

  private static String title(JsonNode result) {
    return "%s of %s, %s"
        .formatted(
            result.path("commit").asText(),
            result.path("at").asText(),
            result.path("machine").path("cpu").asText());
  }

  private static Optional<Spread> spread(JsonNode result, String id, Measure measure) {
    for (JsonNode one : cases(result)) {
      for (JsonNode figure : one.path("figures")) {
        if (one.path("id").asText().equals(id)
            && figure.path("measure").asText().equals(measure.name())) {
          JsonNode spread = figure.path("spread");
          return Optional.of(
              new Spread(
                  spread.path("median").asDouble(),
                  spread.path("least").asDouble(),
                  spread.path("most").asDouble()));
        }
      }
    }
    return Optional.empty();
  }

  private static void add(
      List<Row> rows, String id, Measure measure, Optional<Spread> before, Optional<Spread> after) {
    if (measure.better() != Measure.Better.NEITHER && (before.isPresent() || after.isPresent())) {
      rows.add(new Row(id, measure, before, after, change(measure, before, after)));
    }
  }

  private static Change change(Measure measure, Optional<Spread> before, Optional<Spread> after) {
    if (before.isEmpty()) {
      return Change.NEW;
    }
    if (after.isEmpty()) {
      return Change.MISSING;
    }
    Spread a = before.get();
    Spread b = after.get();
    double tolerated = once(a) || once(b) ? NOISE_OF_ONE : NOISE;
    boolean noise = Math.abs(b.median() - a.median()) <= tolerated * Math.abs(a.median());
    boolean overlap = b.least() <= a.most() && a.least() <= b.most();
    if (noise || overlap) {
      return Change.SAME;
    }
    boolean lower = b.median() < a.median();
    return lower == (measure.better() == Measure.Better.LOWER) ? Change.BETTER : Change.WORSE;
  }

  private static boolean once(Spread spread) {
    return spread.least() == spread.most();
  }

  /** Whether anything is worse, or not measured any more. */
  boolean worse() {
    return rows.stream().anyMatch(r -> r.change() == Change.WORSE || r.change() == Change.MISSING);
  }

  /** A table for people, at most 100 columns wide; ends with a line feed. */
  String text() {
    StringBuilder out = new StringBuilder();
    out.append("before  %s%nafter   %s%n%n".formatted(before, after));
    for (Row row : rows) {
      out.append(
          "%-11s %-46s %10s %10s %6s %s"
                  .formatted(
                      row.id(),
                      row.measure().title(),
                      figure(row.measure(), row.before()),
                      figure(row.measure(), row.after()),
                      times(row),
                      row.change().text)
                  .stripTrailing()
              + System.lineSeparator());
    }
    out.append(
        "%nbetter, WORSE: by more than %.0f %% and with no round in common; measured once: by %.0f %%%n"
            .formatted(100 * NOISE, 100 * NOISE_OF_ONE));
    return out.toString();
  }

  private static String figure(Measure measure, Optional<Spread> spread) {
    return spread.map(s -> measure.text(s.median())).orElse("–");
  }

  private static String times(Row row) {
    double from = row.before().map(Spread::median).orElse(0.0);
    return from == 0 || row.after().isEmpty()
        ? ""
        : "× %.2f".formatted(row.after().get().median() / from);
  }
}
