package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadMeterTest {
  private static final long MILLI = 1_000_000;
  private static final long TICK = 10 * MILLI;

  @Test
  void shouldTellAThreadThatWorksFromOneThatSleeps() {
    try (LoadMeter meter = new LoadMeter(() -> 0, TICK)) {
      long begin = System.nanoTime();
      meter.turn(begin);
      while (System.nanoTime() - begin < 200 * MILLI) {
        Thread.onSpinWait();
      }
      long worked = System.nanoTime();
      LoadReading working = meter.read(worked);
      assertTrue(working.load() > 0.8, working.toString());
      assertTrue(working.busy() + working.waiting() > 0.8, working.toString());
      while (System.nanoTime() - worked < 200 * MILLI) {
        LockSupport.parkNanos(20 * MILLI);
      }
      LoadReading sleeping = meter.read(System.nanoTime());
      assertTrue(sleeping.load() < 0.5, sleeping.toString());
    }
  }

  @Test
  void shouldTellOfLateTurnsAndLostDatagramsOnce() {
    AtomicLong lost = new AtomicLong(7);
    try (LoadMeter meter = new LoadMeter(lost::get, TICK)) {
      meter.turn(0);
      meter.turn(TICK);
      meter.turn(5 * TICK);
      meter.turn(7 * TICK);
      lost.set(10);
      LoadReading first = meter.read(8 * TICK);
      assertEquals(3 * TICK, first.lateNanos());
      assertEquals(3, first.overflows(), "those before its first turn are not its thread's");
      meter.turn(8 * TICK);
      LoadReading second = meter.read(9 * TICK);
      assertEquals(0, second.lateNanos());
      assertEquals(0, second.overflows());
      assertFalse(second.pressed());
    }
  }

  /** Shares of the interval: on a processor, in the queue for one; and how often it slept. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 25, 0",
    "0.5, 0, 100, 0.5",
    "1, 0, 0, 1",
    // Half of the time others had the processor, and it never came to an end: it has none left.
    "0.5, 0.5, 0, 1",
    "0.45, 0.5, 2, 0.9",
    // It waits whenever it wakes up, but then it does all that there is.
    "0.08, 0.9, 12, 0.08",
    "0.05, 0.75, 25, 0.05",
    "0, 1, 0, 1",
  })
  void shouldCountOnlyTheTimeThatItWasGiven(double busy, double waiting, long sleeps, double load) {
    assertEquals(load, new LoadReading(busy, waiting, sleeps, 0, 0).load(), 1e-9);
  }

  @ParameterizedTest
  @CsvSource({
    "'309203 156286 1', ' ', 156286",
    "'1 0 2', ' ', 0",
    "'12 34', ' ', 34",
    "'', ' ', 0",
    "'5', ' ', 0",
    "'a: 1,nonx: 7,x: 12,y: 3', ',x: ', 12",
    "'a: 1,,x: 12', ',x: ', 12",
    "'a: 1', 'x: ', 0",
  })
  void shouldReadWhatTheSystemCounts(String text, String behind, long number) {
    assertEquals(
        number,
        LoadMeter.numberBehind(
            ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)),
            behind.getBytes(StandardCharsets.US_ASCII)));
  }
}
