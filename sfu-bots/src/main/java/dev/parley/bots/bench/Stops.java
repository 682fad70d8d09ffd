package dev.parley.bots.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often and for how long a JVM has stood still, by its log of safepoints. */
final class Stops implements AutoCloseable {
  private static final Pattern TOTAL = Pattern.compile("Total: +(\\d+) ns");

  private final Path log;
  private int from;

  Stops() throws IOException {
    log = Files.createTempFile("sfu-bench-stops", ".log");
  }

  /** What has the JVM of a server tell its stops. */
  String option() {
    return "-Xlog:safepoint:file=" + log + ":none:filecount=0";
  }

  /** Those of before do not count. */
  void begin() throws IOException {
    from = Files.readAllLines(log).size();
  }

  /** The length of each since {@link #begin}, collections among them. */
  List<Double> millis() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return parse(lines.subList(Math.min(from, lines.size()), lines.size()));
  }

  /** The length of each stop that these lines tell of. */
  static List<Double> parse(List<String> lines) {
    List<Double> millis = new ArrayList<>();
    for (String line : lines) {
      Matcher total = TOTAL.matcher(line);
      if (total.find()) {
        millis.add(Long.parseLong(total.group(1)) / 1e6);
      }
    }
    return millis;
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(log);
  }
}
