package dev.parley.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectionQualityTest {
  private static final long INTERVAL_NANOS = 2_000_000_000;
  private static final long ROUND_TRIP_NANOS = 50_000_000;

  private final ConnectionQuality quality = new ConnectionQuality();
  private long nowNanos;
  private long received;
  private long lost;
  private double lostDown;

  private boolean interval(int packets, int missing) {
    received += packets - missing;
    lost += missing;
    nowNanos += INTERVAL_NANOS;
    assertTrue(quality.isDue(nowNanos));
    return quality.update(received, lost, lostDown, ROUND_TRIP_NANOS, 1, nowNanos);
  }

  @ParameterizedTest
  @CsvSource({
    "0,    20,  1,    5",
    "0,    100, 1,    5",
    "0,    200, 1,    4",
    "0,    400, 1,    3",
    "0,    800, 1,    1",
    "0.01, 20,  1,    4",
    "0.02, 20,  1,    4",
    "0.05, 20,  1,    3",
    "0.10, 20,  1,    2",
    "0.25, 20,  1,    1",
    "0,    20,  0.79, 4",
    "0,    20,  0.4,  3",
    "0,    20,  0.1,  2",
    "0.10, 20,  0.79, 2"
  })
  void shouldRateByLossDelayAndWhatThePicturesLack(
      double loss, double roundTripMs, double share, int level) {
    assertEquals(level, ConnectionQuality.rate(loss, roundTripMs, share));
  }

  @Test
  void shouldTellTheFirstLevelAfterOneInterval() {
    assertFalse(interval(0, 0));
    assertTrue(interval(100, 0));
    assertEquals(5, quality.level());
    assertFalse(quality.isDue(nowNanos + INTERVAL_NANOS - 1));
    assertFalse(interval(100, 0), "no news");
  }

  @Test
  void shouldTellWorseAtOnceAndBetterAfterTwoIntervals() {
    interval(0, 0);
    interval(100, 0);
    assertTrue(interval(100, 10));
    assertEquals(2, quality.level());
    assertFalse(interval(100, 0));
    assertTrue(interval(100, 0));
    assertEquals(5, quality.level());
    interval(100, 10);
    interval(100, 0);
    assertFalse(interval(100, 10));
    assertFalse(interval(100, 0), "not two in a row");
    assertEquals(2, quality.level());
  }

  @Test
  void shouldCountWhatTheReceiverMisses() {
    interval(0, 0);
    interval(100, 0);
    lostDown = 0.25;
    assertTrue(interval(100, 0));
    assertEquals(1, quality.level());
  }

  @Test
  void shouldBeNothingAtOnceAndMeasureAnewAfterwards() {
    interval(0, 0);
    interval(100, 0);
    assertTrue(quality.lost());
    assertEquals(0, quality.level());
    assertFalse(quality.lost());
    assertFalse(interval(0, 1000), "the silence itself is no loss");
    assertTrue(interval(100, 0));
    assertEquals(5, quality.level());
  }

  @Test
  void shouldBearCountsThatBeginAnew() {
    interval(0, 0);
    interval(1000, 100);
    received = 0;
    lost = 0;
    interval(100, 0);
    interval(100, 0);
    assertEquals(5, quality.level());
  }
}
