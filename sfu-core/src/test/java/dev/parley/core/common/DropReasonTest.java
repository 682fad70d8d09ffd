package dev.parley.core.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page has every reason; {@code -Dparley.writeReference=true} writes it. */
class DropReasonTest {
  private static final Path PAGE = Path.of("..", "docs", "metrics.md");
  private static final String BEGIN = "<!-- reasons, written by DropReasonTest -->\n";
  private static final String END = "<!-- end of reasons -->\n";

  private static String table() {
    StringBuilder table = new StringBuilder("\n| `reason` | |\n|---|---|\n");
    for (DropReason reason : DropReason.values()) {
      table.append("| `%s` | %s |\n".formatted(reason.id(), reason.sentence()));
    }
    return table.append('\n').toString();
  }

  @Test
  void shouldBeOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertTrue(begin >= BEGIN.length() && end >= begin, "the page has no place for the table");
    if (Boolean.getBoolean("parley.writeReference")) {
      Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
      return;
    }
    assertEquals(table(), page.substring(begin, end));
  }
}
