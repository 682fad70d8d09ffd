package dev.parley.core.bwe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long MEGABIT = 1_000_000;
  private static final long SECOND = 1_000_000_000;
  private static final int PACKET_BYTES = 1250;

  /** How many packets leave at a moment. */
  private static int leave(Pacer pacer, long nowNanos) {
    int left = 0;
    while (pacer.maySend(nowNanos)) {
      pacer.onSent(PACKET_BYTES);
      left++;
    }
    return left;
  }

  @Test
  void shouldLetABurstGoAndThenTheRate() {
    Pacer pacer = new Pacer();
    pacer.rate(10 * MEGABIT);
    // 15 ms at 10 Mbit/s are 18 750 bytes.
    assertEquals(15, leave(pacer, 0));
    assertEquals(1, leave(pacer, SECOND / 1000));
    assertEquals(10, leave(pacer, 11 * SECOND / 1000));
  }

  @Test
  void shouldLetLongerBurstsGoWhereNoQueueWasSeen() {
    Pacer pacer = new Pacer();
    pacer.openRate(10 * MEGABIT);
    assertEquals(20, leave(pacer, 0));
    pacer.rate(10 * MEGABIT);
    assertEquals(0, leave(pacer, 5 * SECOND / 1000));
    assertEquals(1, leave(pacer, 6 * SECOND / 1000));
  }

  @Test
  void shouldLetSomeGoHoweverLowTheRate() {
    Pacer pacer = new Pacer();
    pacer.rate(MEGABIT / 10);
    assertEquals(4, leave(pacer, 0));
    assertEquals(0, leave(pacer, 0));
    // What has left may overdraw the bucket by a packet, which is paid back within 0.1 s.
    assertEquals(1, leave(pacer, SECOND / 100));
    assertEquals(0, leave(pacer, SECOND / 20));
    assertEquals(1, leave(pacer, SECOND / 10 + SECOND / 100));
    Pacer open = new Pacer();
    open.openRate(MEGABIT / 10);
    assertEquals(10, leave(open, 0));
  }
}
