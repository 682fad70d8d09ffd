package dev.parley.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionTest {
  private static final String GOOD =
      """
      # HELP a_total things, "so to speak"
      # TYPE a_total counter
      a_total{kind="x\\"y",} 1.0
      a_total{kind="z",} 2.0
      # HELP b_seconds how long
      # TYPE b_seconds histogram
      b_seconds_bucket{le="0.1",} 1.0
      b_seconds_bucket{le="+Inf",} 3.0
      b_seconds_count 3.0
      b_seconds_sum 0.5
      # HELP c how many
      # TYPE c gauge
      c 7
      """;

  @Test
  void shouldReadWhatIsRight() {
    Exposition read = Exposition.read(GOOD);
    assertEquals(List.of(), read.faults());
    assertEquals(3, read.sum("a_total"));
    assertEquals(2, read.sum("a_total", "kind=z"));
    assertEquals(Set.of("kind"), read.family("a_total").orElseThrow().labels());
    assertEquals("histogram", read.family("b_seconds").orElseThrow().type());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# TYPE x gauge\nx 1\n",
        "# HELP x\n# TYPE x gauge\nx 1\n",
        "# HELP x y\nx 1\n",
        "# HELP x y\n# TYPE x thing\nx 1\n",
        "# HELP x y\n# TYPE x counter\nx 1\n",
        "# HELP x_total y\n# TYPE x_total gauge\nx_total 1\n",
        "# HELP x_total y\n# TYPE x_total counter\nx_total -1\n",
        "# HELP x y\n# TYPE x gauge\nx 1\nx 2\n",
        "# HELP x y\n# TYPE x gauge\nz 1\n",
        "# HELP x y\n# TYPE x gauge\nx one\n",
        "# HELP x y\n# TYPE x gauge\nx{a=b} 1\n",
        "# HELP x y\n# TYPE x gauge\nx{a=\"b\",a=\"c\"} 1\n",
        "# HELP x_sum y\n# TYPE x_sum gauge\nx_sum 1\n",
        "# HELP x y\n# TYPE x gauge\nx 1\n# HELP x y\n# TYPE x gauge\n",
        "# HELP x y\n# TYPE x histogram\nx_bucket{le=\"1\"} 1\nx_count 1\nx_sum 1\n",
        """
        # HELP x y
        # TYPE x histogram
        x_bucket{le="1"} 2
        x_bucket{le="+Inf"} 1
        x_count 1
        x_sum 1
        """,
        "# HELP x y\n# TYPE x histogram\nx_bucket{le=\"+Inf\"} 1\nx_count 2\nx_sum 1\n",
        "# HELP x y\n# TYPE x histogram\nx_bucket{le=\"+Inf\"} 1\nx_count 1\n",
        "# HELP x y\n# TYPE x gauge\nx 1"
      })
  void shouldFindWhatIsWrong(String text) {
    assertFalse(Exposition.read(text).faults().isEmpty(), text);
  }
}
