package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ThreadLoadTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int MOST_READS = 10_000_000;

  @Test
  void shouldCountTheProcessorTimeOfItsThread() {
    ThreadLoad load = new ThreadLoad(0);
    assertEquals(0, load.busySec(), "before its first turn");
    load.tick(0);
    double before = load.busySec();
    double after = before;
    for (int i = 0; i < MOST_READS && after <= before; i++) {
      after = load.busySec();
    }
    assertTrue(after > before, "reading it takes time itself");
  }

  @Test
  void shouldTellHowLongItsThreadHadNoTurn() {
    ThreadLoad load = new ThreadLoad(SECOND);
    assertEquals(2, load.silentSec(3 * SECOND));
    load.tick(3 * SECOND);
    assertEquals(0.5, load.silentSec(3 * SECOND + SECOND / 2));
    assertEquals(0, load.silentSec(2 * SECOND), "a reader's clock that was read before");
  }
}
