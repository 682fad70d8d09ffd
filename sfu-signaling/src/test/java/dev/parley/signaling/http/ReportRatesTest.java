package dev.parley.signaling.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReportRatesTest {
  private static final long SEC = 1_000_000_000L;

  private final ReportRates rates = new ReportRates(0);

  @Test
  void shouldLetOneAddressSendFiveAtOnceAndThenOneEveryHalfMinute() {
    for (int i = 0; i < 5; i++) {
      assertEquals(0, rates.waitMs(Optional.of("a"), 0));
    }
    assertEquals(30_000, rates.waitMs(Optional.of("a"), 0));
    assertEquals(0, rates.waitMs(Optional.of("b"), 0), "nobody else waits");
    assertEquals(10, rates.waitMs(Optional.of("a"), 20 * SEC) / 1000);
    assertEquals(0, rates.waitMs(Optional.of("a"), 30 * SEC));
  }

  @Test
  void shouldBoundThemAllTogether() {
    for (int i = 0; i < 60; i++) {
      assertEquals(0, rates.waitMs(Optional.of("address " + i), 0));
    }
    assertTrue(rates.waitMs(Optional.of("another"), 0) > 0);
    assertTrue(rates.waitMs(Optional.empty(), 0) > 0, "nor without an address");
    assertEquals(0, rates.waitMs(Optional.empty(), 2 * SEC));
  }
}
