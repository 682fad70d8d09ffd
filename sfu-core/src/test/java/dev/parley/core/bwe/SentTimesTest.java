package dev.parley.core.bwe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is known of packets that have left, against what was put in. */
class SentTimesTest {
  private static final long MILLI = 1_000_000;
  private final SentTimes sent = new SentTimes();

  /** Clocks may begin anywhere. */
  private static long time(long number) {
    return -50 * MILLI + number * MILLI;
  }

  private static int size(long number) {
    return (int) (100 + number % 1400);
  }

  private long add(long count) {
    for (long i = 0; i < count; i++) {
      long number = sent.next();
      assertEquals(number, sent.add(size(number), (int) (number % 256), time(number)));
    }
    return sent.next() - 1;
  }

  @Test
  void shouldGrowAndKnowTwoSeconds() {
    long last = add(10_000);
    for (long n = last - 1_999; n <= last; n++) {
      assertEquals(n, sent.unwrap((int) n & 0xffff));
      assertEquals(size(n), sent.size(n));
      assertEquals(time(n), sent.nanos(n));
      assertEquals(n % 256, sent.cluster(n));
      assertFalse(sent.missed(n));
    }
    assertEquals(-1, sent.unwrap((int) (last + 1) & 0xffff), "not given yet");
  }

  @Test
  void shouldTakeEachOnce() {
    long last = add(3);
    sent.take(last);
    assertEquals(SentTimes.UNKNOWN, sent.size(last));
    assertEquals(last % 256, sent.cluster(last), "is asked for after that");
    assertEquals(size(last - 1), sent.size(last - 1));
  }

  @Test
  void shouldCountOnceAsMissing() {
    long last = add(1);
    assertTrue(sent.miss(last));
    assertFalse(sent.miss(last));
    assertTrue(sent.missed(last));
    assertEquals(size(last), sent.size(last), "it may still turn up");
  }

  @Test
  void shouldForgetAndGoOnCounting() {
    long last = add(500);
    sent.forget();
    assertEquals(SentTimes.UNKNOWN, sent.size(last));
    assertEquals(last + 1, sent.add(1, 0, 0));
    assertFalse(sent.missed(last + 1));
  }
}
