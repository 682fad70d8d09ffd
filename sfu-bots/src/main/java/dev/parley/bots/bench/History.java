package dev.parley.bots.bench;

import dev.parley.bots.report.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What packets cost, commit by commit: lines of a file in the tree, and a chart of them. Of two
 * measurements of a case at one commit, the later one is drawn.
 */
final class History {
  private static final String HEADER = "date,commit,case,ratio,ns";
  private static final int FIELDS = 5;

  /** One line. */
  record Row(String date, String commit, String id, double ratio, double nanos) {
    private String text() {
      return String.format(Locale.ROOT, "%s,%s,%s,%.3f,%.0f", date, commit, id, ratio, nanos);
    }
  }

  private History() {}

  /**
   * Adds a result and draws the chart anew.
   *
   * @param docs the folder of both files
   */
  static void record(Path docs, SystemResult result) throws IOException {
    Path file = docs.resolve("bench-history.csv");
    List<String> lines = new ArrayList<>();
    if (!Files.exists(file)) {
      lines.add(HEADER);
    }
    rows(result).forEach(row -> lines.add(row.text()));
    Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    Files.writeString(docs.resolve("performance.svg"), svg(parse(Files.readAllLines(file))));
  }

  /** Of the cases that have a ratio to a floor. */
  static List<Row> rows(SystemResult result) {
    List<Row> rows = new ArrayList<>();
    for (SystemResult.CaseResult one : result.cases()) {
      one.figure(Measure.RATIO)
          .ifPresent(ratio ->
              rows.add(
                  new Row(
                      result.at(),
                      result.commit(),
                      one.id(),
                      ratio.spread().median(),
                      one.figure(Measure.NANOS).map(f -> f.spread().median()).orElse(0.0))));
    }
    return rows;
  }

  /**
   * Reads the lines of the file.
   *
   * @throws IOException when a line is none
   */
  static List<Row> parse(List<String> lines) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : lines) {
      String[] fields = line.split(",", -1);
      if (line.equals(HEADER) || line.isBlank()) {
        continue;
      }
      try {
        if (fields.length != FIELDS) {
          throw new IOException(
              "a line of the history has not %d fields: %s".formatted(FIELDS, line));
        }
        rows.add(
            new Row(
                fields[0],
                fields[1],
                fields[2],
                Double.parseDouble(fields[3]),
                Double.parseDouble(fields[4])));
      } catch (NumberFormatException e) {
        throw new IOException("a line of the history has no numbers: " + line, e);
      }
    }
    return rows;
  }

  /** A line for each case over the commits, in the order in which they were measured. */
  static String svg(List<Row> rows) {
    List<String> commits = rows.stream().map(Row::commit).distinct().toList();
    Map<String, double[]> ratios = new LinkedHashMap<>();
    for (Row row : rows) {
      double[] line =
          ratios.computeIfAbsent(
              row.id(),
              id -> IntStream.range(0, commits.size()).mapToDouble(i -> Double.NaN).toArray());
      line[commits.indexOf(row.commit())] = row.ratio();
    }
    Chart chart =
        new Chart(
            "CPU of the server per forwarded packet, in floors of the same run",
            IntStream.range(0, commits.size()).mapToObj(i -> (double) i).toList(),
            at -> at == Math.rint(at) && at < commits.size() ? commits.get((int) at) : "");
    ratios.forEach((id, line) -> chart.line(id, Arrays.stream(line).boxed().toList()));
    return chart.standalone();
  }
}
