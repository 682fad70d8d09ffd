package dev.parley.bots.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaturationSearchTest {
  private static final double FIRST = 60_000;

  /** A server whose thread is as busy as its rate says, and that fails beyond its capacity. */
  private static int run(SaturationSearch search, double capacity, double fixedShare) {
    int tries = 0;
    while (!search.done()) {
      double busy = Math.min(1, fixedShare + (1 - fixedShare) * search.next() / capacity);
      search.tried(search.next() <= capacity, busy);
      tries++;
    }
    return tries;
  }

  @ParameterizedTest
  @CsvSource({"70000, 0, 2", "150000, 0, 5", "400000, 0, 8", "400000, 0.3, 10", "1000000, 0.1, 12"})
  void shouldEndNearTheCapacityOfAServer(double capacity, double fixedShare, int mostTries) {
    SaturationSearch search = new SaturationSearch(FIRST, 10e6, 0.9);
    int tries = run(search, capacity, fixedShare);
    assertTrue(search.best() <= capacity, "best " + search.best());
    assertTrue(search.best() >= 0.85 * capacity, "best " + search.best());
    assertTrue(tries <= mostTries, "tries " + tries);
  }

  @Test
  void shouldGoOnUntilItFailsWhenNoShareIsEnough() {
    SaturationSearch search = new SaturationSearch(FIRST, 10e6, 2);
    var unused = run(search, 400_000, 0.5);
    assertTrue(search.best() > 0.95 * 400_000, "best " + search.best());
  }

  @Test
  void shouldNotExceedWhatCanBeAskedFor() {
    SaturationSearch search = new SaturationSearch(FIRST, 100_000, 0.9);
    var unused = run(search, 1e9, 0);
    assertEquals(100_000, search.best());
  }

  @Test
  void shouldLookBelowTheFirstRate() {
    SaturationSearch search = new SaturationSearch(FIRST, 10e6, 0.9);
    var unused = run(search, 20_000, 0);
    assertTrue(search.best() >= 15_000 && search.best() <= 20_000, "best " + search.best());
  }

  @Test
  void shouldGiveUpOnAServerThatKeepsUpWithNothing() {
    SaturationSearch search = new SaturationSearch(FIRST, 10e6, 0.9);
    var unused = run(search, 0, 0);
    assertEquals(0, search.best());
  }
}
