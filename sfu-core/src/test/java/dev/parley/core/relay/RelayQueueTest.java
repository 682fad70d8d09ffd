package dev.parley.core.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.parley.core.codec.Codec;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.fixtures.Media;
import dev.parley.core.fixtures.RtpBuilder;
import dev.parley.core.publisher.Layer;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.room.RelayLane;
import dev.parley.core.rtp.RtpPacket;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RelayQueueTest {
  private static final long SEED = 20_261_122;
  private static final int MANY = 300_000;

  private final Counters counters = new Counters();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Noting noting = new Noting();
  private final Layer layer =
      Media.track(
              1,
              new PublishedTrack.Format[] {Media.format(Codec.OPUS, 111, 1, 0)},
              1,
              0,
              counters,
              Media.DEAF)
          .layer(0);

  /** Checks that each packet is what its number says; the number may be any larger one. */
  private static final class Noting implements RelayLane.Taker {
    private final RtpPacket packet = new RtpPacket();
    private long count;
    private long last = -1;
    private boolean right = true;

    @Override
    public void take(
        int layer,
        int generation,
        int reportTimestamp,
        long reportNanos,
        long sequence,
        byte[] bytes,
        int offset,
        int lengthBytes,
        long nowNanos) {
      right &= packet.wrap(bytes, offset, lengthBytes);
      right &= sequence > last && packet.sequence16() == (sequence & 0xffff);
      right &= packet.payloadBytes() == payloadBytes(sequence);
      right &= layer == 0 && reportNanos == Long.MIN_VALUE;
      for (int i = 0; i < packet.payloadBytes(); i++) {
        right &= bytes[packet.payloadOffset() + i] == (byte) sequence;
      }
      last = sequence;
      count++;
    }
  }

  private static int payloadBytes(long sequence) {
    return 1 + new SplittableRandom(SEED + sequence).nextInt(1_300);
  }

  private static RtpPacket packet(long sequence) {
    byte[] payload = new byte[payloadBytes(sequence)];
    java.util.Arrays.fill(payload, (byte) sequence);
    return RtpBuilder.rtp().sequence((int) sequence).payload(payload).padding(7).packet();
  }

  private RelayQueue queue() {
    return new RelayQueue(
        counters,
        tasks::add,
        queue -> {
          long unused = queue.drain(1);
        });
  }

  @Test
  void shouldWakeOnceAndTakeInTurns() {
    RelayQueue queue = queue();
    for (int i = 0; i < 2 * RelayQueue.TURN + 1; i++) {
      queue.offer(noting, layer, packet(i), i, 5);
    }
    assertEquals(1, tasks.size());
    tasks.remove().run();
    assertEquals(RelayQueue.TURN, noting.count);
    assertEquals(1, tasks.size(), "the rest has another turn");
    tasks.remove().run();
    tasks.remove().run();
    assertEquals(2 * RelayQueue.TURN + 1, noting.count);
    assertEquals(0, tasks.size());
    assertTrue(noting.right);
    queue.offer(noting, layer, packet(1_000), 1_000, 7);
    assertEquals(1, tasks.size(), "woken again");
    assertEquals(7, queue.drain(9), "when the first one arrived");
    assertEquals(9, queue.drain(9), "there was none");
  }

  @Test
  void shouldCountWhatDoesNotFitAndGoOn() {
    RelayQueue queue = queue();
    int offered = 0;
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 2_000; i++) {
        queue.offer(noting, layer, packet(offered), offered, 5);
        offered++;
      }
      while (!tasks.isEmpty()) {
        tasks.remove().run();
      }
    }
    long dropped = counters.total(DropReason.RELAY_FULL);
    assertTrue(dropped > 0 && dropped < offered, "dropped " + dropped);
    assertEquals(offered, noting.count + dropped);
    assertTrue(noting.right);
  }

  @Test
  void shouldTakeAtLeastAsManyFullPacketsAsItSays() {
    RelayQueue queue = queue();
    RtpPacket full = RtpBuilder.rtp().payload(new byte[1_100]).packet();
    int fit = 0;
    while (counters.total(DropReason.RELAY_FULL) == 0) {
      queue.offer(noting, layer, full, fit++, 5);
    }
    assertTrue(fit > 850, "fit: " + fit);
    RelayQueue small = queue();
    RtpPacket tiny = RtpBuilder.rtp().payload(new byte[1]).packet();
    fit = 0;
    while (counters.total(DropReason.RELAY_FULL) == 1) {
      small.offer(noting, layer, tiny, fit++, 5);
    }
    assertEquals(RelayQueue.PACKETS + 1, fit);
  }

  @Test
  void shouldGiveTheNextOneItsTurnAfterAFault() {
    RelayQueue queue = queue();
    RelayLane.Taker faulty =
        (l, g, t, r, s, bytes, offset, length, now) -> {
          throw new IllegalStateException("broken");
        };
    queue.offer(faulty, layer, packet(1), 1, 5);
    queue.offer(noting, layer, packet(2), 2, 5);
    assertThrows(IllegalStateException.class, () -> tasks.remove().run());
    tasks.remove().run();
    assertEquals(1, noting.count);
    assertTrue(noting.right);
  }

  @Test
  void shouldCarryPacketsBetweenThreadsWithoutAllocating() throws Exception {
    ExecutorService taker = Executors.newSingleThreadExecutor();
    RelayQueue queue =
        new RelayQueue(
            counters,
            taker,
            q -> {
              long unused = q.drain(1);
            });
    RtpPacket[] packets = new RtpPacket[1 << 10];
    for (int i = 0; i < packets.length; i++) {
      packets[i] = packet(i);
    }
    Same same = new Same();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().threadId());
      for (int i = 0; i < MANY; i++) {
        queue.offer(same, layer, packets[i & packets.length - 1], i, 5);
      }
      long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().threadId()) - before;
      least = Math.min(least, allocated);
    }
    long carried = 5L * MANY - counters.total(DropReason.RELAY_FULL);
    assertTrue(carried > 0);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (taker.submit(() -> same.count).get() < carried) {
      assertTrue(System.nanoTime() < deadline, "taken: " + same.count + " of " + carried);
    }
    taker.shutdown();
    assertEquals(carried, same.count);
    // A task of this executor to wake the taker costs some bytes; a packet none.
    assertTrue(least / (double) MANY < 1, "bytes for " + MANY + " packets: " + least);
  }

  private static final class Same implements RelayLane.Taker {
    private long count;

    @Override
    public void take(
        int layer,
        int generation,
        int reportTimestamp,
        long reportNanos,
        long sequence,
        byte[] bytes,
        int offset,
        int lengthBytes,
        long nowNanos) {
      count++;
    }
  }
}
