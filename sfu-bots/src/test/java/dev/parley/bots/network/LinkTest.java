package dev.parley.bots.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a link does to datagrams; time is driven by hand. */
class LinkTest {
  private static final long MS = 1_000_000;
  private static final int BYTES = 1_000;

  private final List<Integer> arrived = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();

  private Link link(LinkConditions conditions) {
    return new Link(
        conditions,
        new SplittableRandom(5),
        (bytes, length, now) -> {
          assertEquals(BYTES, length);
          arrived.add((bytes[2] & 0xff) << 8 | bytes[3] & 0xff);
          times.add(now);
        });
  }

  private static byte[] packet(int number, int type) {
    byte[] packet = new byte[BYTES];
    packet[0] = (byte) 0x80;
    packet[1] = (byte) type;
    packet[2] = (byte) (number >> 8);
    packet[3] = (byte) number;
    return packet;
  }

  /** Sends one a millisecond and lets all of it arrive. */
  private void run(Link link, int packets) {
    long now = 0;
    for (int i = 0; i < packets || link.nextTimeoutNanos() < Long.MAX_VALUE; i++, now += MS) {
      link.handleTimeout(now);
      if (i < packets) {
        link.send(packet(i, 96), 0, BYTES, now);
      }
    }
  }

  @Test
  void shouldDelayAndKeepTheOrderWhateverTheJitter() {
    run(link(new LinkConditions(0, 0, 50 * MS, 20 * MS, 0, 1)), 1_000);
    assertEquals(1_000, arrived.size());
    double spread = 0;
    for (int i = 0; i < 1_000; i++) {
      assertEquals(i, arrived.get(i));
      spread += (double) (times.get(i) - i * MS) / MS / 1_000;
    }
    assertTrue(spread > 50 && spread < 110, "mean delay " + spread + " ms");
  }

  @Test
  void shouldLetNoMoreThroughThanItsRateAndDropWhatItsQueueCannotHold() {
    Link link = link(new LinkConditions(4_000_000, 100 * MS, 0, 0, 0, 1));
    run(link, 1_000);
    // 8 Mbit/s are offered for a second: half of it passes, and what the queue held.
    assertEquals(500 + 50, arrived.size(), 3);
    assertEquals(1_000 - arrived.size(), link.dropped());
    assertTrue(times.getLast() <= 1_105 * MS, "the queue is no longer than told");
  }

  @Test
  void shouldLoseItsShareInRuns() {
    Link link = link(new LinkConditions(0, 0, 0, 0, 0.1, 4));
    run(link, 20_000);
    assertEquals(2_000.0, (double) link.dropped(), 300.0);
    int runs = 0;
    for (int i = 1; i < arrived.size(); i++) {
      runs += arrived.get(i) - arrived.get(i - 1) > 1 ? 1 : 0;
    }
    assertEquals(4, (double) link.dropped() / runs, 0.6);
  }

  @Test
  void shouldCountMediaApartFromWhatGoesWithIt() {
    Link link = link(new LinkConditions(0, 0, 0, 0, 1, 1_000));
    link.send(packet(0, 96), 0, BYTES, 0);
    link.send(packet(1, 0x80 | 97), 0, BYTES, 0);
    link.send(packet(2, 200), 0, BYTES, 0);
    assertEquals(3, link.dropped());
    assertEquals(2, link.mediaDropped());
  }

  @Test
  void shouldDoTheSameWithTheSameSeed() {
    run(link(new LinkConditions(0, 0, 10 * MS, 5 * MS, 0.2, 1)), 500);
    List<Integer> first = List.copyOf(arrived);
    List<Long> firstTimes = List.copyOf(times);
    arrived.clear();
    times.clear();
    run(link(new LinkConditions(0, 0, 10 * MS, 5 * MS, 0.2, 1)), 500);
    assertEquals(first, arrived);
    assertEquals(firstTimes, times);
  }
}
