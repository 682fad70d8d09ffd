package dev.parley.bots.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.bench.SystemResult.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  private static SystemResult result(String commit, double ratio) {
    return new SystemResult(
        new Machine("a processor", 2, "Linux 6", "a JVM"),
        commit,
        "2026-01-01T00:00:00Z",
        new SystemSettings(List.of("fan-50"), 5, 1000, 4000, 8, 7, List.of()),
        List.of(
            new CaseResult(
                "fan-50",
                "video",
                List.of(Figure.of(Measure.RATIO, ratio), Figure.of(Measure.NANOS, 1_000 * ratio)),
                List.of(),
                List.of()),
            new CaseResult(
                "idle",
                "memory",
                List.of(Figure.of(Measure.MEMORY_KB, 60)),
                List.of(),
                List.of())));
  }

  @Test
  void shouldAddTheCostsOfEachCommit(@TempDir Path docs) throws IOException {
    History.record(docs, result("aaa", 1.5));
    History.record(docs, result("bbb", 1.25));
    List<String> lines = Files.readAllLines(docs.resolve("bench-history.csv"));
    assertEquals(
        List.of(
            "date,commit,case,ratio,ns",
            "2026-01-01T00:00:00Z,aaa,fan-50,1.500,1500",
            "2026-01-01T00:00:00Z,bbb,fan-50,1.250,1250"),
        lines);
  }

  @Test
  void shouldDrawALineForEachCaseOverTheCommits(@TempDir Path docs) throws IOException {
    History.record(docs, result("aaa", 2));
    History.record(docs, result("bbb", 1));
    String svg = Files.readString(docs.resolve("performance.svg"));
    assertTrue(svg.startsWith("<svg xmlns="), svg);
    assertTrue(svg.contains(">aaa</text>") && svg.contains(">bbb</text>"), svg);
    assertTrue(svg.contains(">fan-50</text>"), svg);
    // From the top, which is 2, to the middle.
    assertTrue(svg.contains("d=\"M56.0 10.0L610.0 83.0\""), svg);
    assertFalse(svg.contains("idle"), svg);
  }

  @Test
  void shouldShowASinglePoint() throws IOException {
    String svg = History.svg(List.of(new History.Row("d", "aaa", "fan-50", 1, 1000)));
    assertTrue(svg.contains("m-3 0h6\""), svg);
  }

  @Test
  void shouldDrawTheLaterOfTwoMeasurementsOfACommit() {
    String svg =
        History.svg(
            List.of(
                new History.Row("d", "aaa", "fan-50", 2, 1000),
                new History.Row("d", "aaa", "fan-50", 1, 1000)));
    assertEquals(History.svg(List.of(new History.Row("d", "aaa", "fan-50", 1, 1000))), svg);
  }

  @Test
  void shouldNotPassOverALineThatIsNone() {
    assertThrows(IOException.class, () -> History.parse(List.of("a,b,c,1")));
    assertThrows(IOException.class, () -> History.parse(List.of("a,b,c,1,many")));
  }
}
