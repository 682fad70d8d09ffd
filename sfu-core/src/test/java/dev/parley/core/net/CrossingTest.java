package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CrossingTest {
  private static final int PACKETS = 50_000;

  /** Notes the number at the beginning of each packet; one thread. */
  private static final class Noting implements Crossing.Taker<int[]> {
    private int count;
    private boolean inOrder = true;

    @Override
    public void take(
        int[] last, byte[] bytes, int offset, int lengthBytes, boolean video, long nowNanos) {
      int number = ByteBuffer.wrap(bytes, offset, lengthBytes).getInt();
      inOrder &= number > last[0] && lengthBytes == 4 + number % 1000;
      inOrder &= video == isVideo(number);
      last[0] = number;
      count++;
    }

    @Override
    public void taken(long nowNanos) {
      inOrder &= nowNanos != 0;
    }
  }

  private static boolean isVideo(int number) {
    return number % 3 == 0;
  }

  @Test
  void shouldTakeFromManyThreadsInEachOnesOrder() throws Exception {
    Noting noting = new Noting();
    ExecutorService taker = Executors.newSingleThreadExecutor();
    Crossing<int[]> crossing = new Crossing<>(256, taker, noting);
    List<Thread> givers = new ArrayList<>();
    for (int giver = 0; giver < 3; giver++) {
      int[] last = {0};
      givers.add(
          Thread.ofPlatform()
              .start(() -> {
                byte[] packet = new byte[1500];
                for (int number = 1; number <= PACKETS; number++) {
                  ByteBuffer.wrap(packet).putInt(7, number);
                  crossing.offer(last, packet, 7, 4 + number % 1000, isVideo(number));
                }
              }));
    }
    for (Thread giver : givers) {
      giver.join();
    }
    taker.shutdown();
    assertTrue(taker.awaitTermination(20, TimeUnit.SECONDS), "the taker is done");
    assertTrue(noting.inOrder);
    assertTrue(noting.count > 0);
    assertEquals(3 * PACKETS, noting.count + crossing.takeLost());
  }

  @Test
  void shouldCountWhatDoesNotFitAndWakeOnce() {
    Noting noting = new Noting();
    Queue<Runnable> tasks = new ArrayDeque<>();
    Crossing<int[]> crossing = new Crossing<>(4, tasks::add, noting);
    int[] last = {0};
    for (int number = 1; number <= 6; number++) {
      crossing.offer(
          last, ByteBuffer.allocate(1000).putInt(number).array(), 0, 4 + number, isVideo(number));
    }
    crossing.offer(last, new byte[2000], 0, 2000, false);
    assertEquals(1, tasks.size());
    tasks.remove().run();
    assertEquals(4, noting.count);
    assertEquals(3, crossing.takeLost());
    assertEquals(0, crossing.takeLost());
    crossing.offer(last, ByteBuffer.allocate(1000).putInt(9).array(), 0, 13, true);
    assertEquals(1, tasks.size(), "woken again");
    tasks.remove().run();
    assertEquals(5, noting.count);
    assertTrue(noting.inOrder);
  }
}
