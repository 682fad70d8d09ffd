package dev.parley.bots.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.bots.bench.SystemComparison.Change;
import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.bench.SystemResult.Figure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemComparisonTest {
  @TempDir private Path directory = Path.of("");

  private JsonNode result(Figure... figures) throws IOException {
    Path file = directory.resolve("result.json");
    ResultFile.write(
        file,
        new SystemResult(
            new Machine("a processor", 2, "Linux 6", "a JVM"),
            "abc1234",
            "2026-01-01T00:00:00Z",
            new SystemSettings(List.of("fan-50"), 5, 1000, 4000, 8, 7, List.of()),
            List.of(new CaseResult("fan-50", "video", List.of(figures), List.of(), List.of()))));
    return new ObjectMapper().readTree(file.toFile());
  }

  private Change change(Measure measure, Spread before, Spread after) throws IOException {
    SystemComparison comparison =
        SystemComparison.of(result(Figure.of(measure, before)), result(Figure.of(measure, after)));
    assertEquals(1, comparison.rows().size());
    return comparison.rows().getFirst().change();
  }

  @ParameterizedTest
  @CsvSource({
    "RATIO, 1.0, 1.25, WORSE",
    "RATIO, 1.4, 1.0, BETTER",
    "RATIO, 1.0, 1.19, SAME",
    "PACKETS_PER_SECOND, 400000, 300000, WORSE",
    "PACKETS_PER_SECOND, 300000, 400000, BETTER"
  })
  void shouldKnowWhichWayIsProgress(Measure measure, double before, double after, Change change)
      throws IOException {
    assertEquals(change, change(measure, Spread.one(before), Spread.one(after)));
  }

  @Test
  void shouldTakeForNoiseWhatRoundsHaveInCommon() throws IOException {
    Spread before = new Spread(1.0, 0.9, 1.3);
    assertEquals(Change.SAME, change(Measure.RATIO, before, new Spread(1.4, 1.2, 1.5)));
    assertEquals(Change.WORSE, change(Measure.RATIO, before, new Spread(1.4, 1.35, 1.5)));
    Spread close = new Spread(1.0, 0.99, 1.01);
    assertEquals(Change.SAME, change(Measure.RATIO, close, new Spread(1.04, 1.03, 1.05)));
    assertEquals(Change.WORSE, change(Measure.RATIO, close, new Spread(1.1, 1.09, 1.11)));
  }

  @Test
  void shouldNotOverlookWhatIsMeasuredNoMore() throws IOException {
    JsonNode full = result(Figure.of(Measure.RATIO, 1.0));
    assertTrue(SystemComparison.of(full, result()).worse());
    assertFalse(SystemComparison.of(full, full).worse());
    assertTrue(SystemComparison.of(full, result()).text().contains("missing"));
  }

  @Test
  void shouldRefuseWhatIsNoResult() throws IOException {
    JsonNode other = new ObjectMapper().readTree("{\"version\": 1}");
    assertThrows(IllegalArgumentException.class, () -> SystemComparison.of(other, other));
  }
}
