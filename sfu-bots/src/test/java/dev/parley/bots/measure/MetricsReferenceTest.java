package dev.parley.bots.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The page and the code name the same metrics; {@code -Dparley.writeReference=true} writes the
 * page.
 */
class MetricsReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "bots.md");
  private static final String BEGIN = "<!-- metrics, written by MetricsReferenceTest -->\n";
  private static final String END = "<!-- end of metrics -->\n";

  private static String table() {
    StringBuilder table = new StringBuilder("\n| metric | kind | |\n|---|---|---|\n");
    for (Metric metric : Metric.values()) {
      String kind = metric.kind().name().toLowerCase(Locale.ROOT);
      table.append("| `%s` | %s | %s |\n".formatted(metric.id(), kind, metric.sentence()));
    }
    return table.append('\n').toString();
  }

  @Test
  void shouldNameEveryMetric() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    if (Boolean.getBoolean("parley.writeReference")) {
      Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
      return;
    }
    assertEquals(table(), page.substring(begin, end));
  }
}
