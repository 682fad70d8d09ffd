package dev.parley.core.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.rtp.NtpTime;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SourceClockTest {
  private static final long MILLI = 1_000_000;
  private static final long UNIX = 1_700_000_000_000L * MILLI;

  private final SourceClock clock = new SourceClock();

  /** A report written at {@code atMillis} that took {@code tripMillis}; the answer in ms. */
  private double report(long atMillis, long tripMillis) {
    long ntp = NtpTime.ofUnixNanos(UNIX + atMillis * MILLI);
    return clock.onSenderReport(ntp, (atMillis + tripMillis) * MILLI) / 1e6;
  }

  @Test
  void shouldTakeTheShortestTripForTheOffset() {
    assertEquals(30, report(0, 30), 0.001);
    assertEquals(1010, report(1000, 10), 0.001);
    assertEquals(2010, report(2000, 90), 0.2);
    assertEquals(3010, report(3000, 50), 0.3);
  }

  @Test
  void shouldKeepNetworkJitterOut() {
    long seed = 42;
    Random random = new Random(seed);
    report(0, 20);
    for (int second = 1; second < 300; second++) {
      double said = report(second * 1000L, 20 + random.nextInt(10) * random.nextInt(10));
      assertEquals(second * 1000 + 20, said, 4, "seed " + seed + " second " + second);
    }
  }

  @Test
  void shouldFollowDriftUpAndDown() {
    for (int second = 0; second < 2000; second++) {
      // The sender's clock loses 50 microseconds a second: the difference grows.
      long ntp = NtpTime.ofUnixNanos(UNIX + (long) second * (1000 * MILLI - 50_000));
      long server = clock.onSenderReport(ntp, second * 1000L * MILLI);
      assertTrue(Math.abs(server - second * 1000L * MILLI) < MILLI, "second " + second);
    }
  }
}
