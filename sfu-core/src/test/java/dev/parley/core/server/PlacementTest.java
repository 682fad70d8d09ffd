package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementTest {
  /** Workers as load:sessions, {@code !} for those that are full. */
  @ParameterizedTest
  @CsvSource({
    "0:0 0:0, 0",
    "0:4 0:3 0:5, 1",
    // A large room may be few sessions' work and a small one many's.
    "0.7:3 0.2:90, 1",
    // What differs little says nothing of what those who have just joined will send.
    "0.30:9 0.37:2, 1",
    "0.30:9 0.41:2, 0",
    "0.2:1! 0.8:50, 1",
    "0.9:9! 0.95:3!, 1",
    "0.86:9! 0.99:3!, 0",
  })
  void shouldChooseWhoHasTimeLeft(String workers, int chosen) {
    assertEquals(
        chosen,
        Placement.choose(
            Arrays.stream(workers.split(" ", -1)).map(PlacementTest::candidate).toList()));
  }

  private static Placement.Candidate candidate(String text) {
    String[] parts = text.replace("!", "").split(":", -1);
    return new Placement.Candidate(
        Double.parseDouble(parts[0]), text.endsWith("!"), Integer.parseInt(parts[1]));
  }
}
