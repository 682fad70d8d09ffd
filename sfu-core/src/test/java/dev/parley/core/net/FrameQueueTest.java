package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FrameQueueTest {
  private static final long MS = 1_000_000;

  private static byte[] packet(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(1500)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static List<byte[]> take(FrameQueue queue, int bytes) {
    ByteBuf out = Unpooled.buffer(bytes, bytes);
    int moved = queue.moveTo(out);
    List<byte[]> all = new ArrayList<>();
    while (out.isReadable()) {
      byte[] packet = new byte[out.readUnsignedShort()];
      out.readBytes(packet);
      all.add(packet);
    }
    assertEquals(moved, all.size());
    return all;
  }

  /** Against two lists that hold whole packets. */
  @Property(tries = 200)
  void shouldKeepTheOrderOfEachKindAndDropTheOldestVideo(@ForAll long seed) {
    Random random = new Random(seed);
    FrameQueue queue = new FrameQueue();
    Deque<byte[]> first = new ArrayDeque<>();
    Deque<byte[]> video = new ArrayDeque<>();
    int firstBytes = 0;
    int videoBytes = 0;
    for (int step = 0; step < 1500; step++) {
      if (random.nextInt(8) > 0) {
        byte[] packet = packet(random);
        boolean isVideo = random.nextInt(4) > 0;
        int size = packet.length + 2;
        int dropped = 0;
        if (isVideo) {
          while (videoBytes + size > FrameQueue.MOST_VIDEO_BYTES) {
            videoBytes -= video.removeFirst().length + 2;
            dropped++;
          }
          video.add(packet);
          videoBytes += size;
        } else if (firstBytes + size > FrameQueue.MOST_OTHER_BYTES) {
          dropped = 1;
        } else {
          first.add(packet);
          firstBytes += size;
        }
        byte[] lent = Arrays.copyOf(packet, packet.length + 5);
        assertEquals(dropped, queue.add(lent, 0, packet.length, isVideo));
      } else {
        for (byte[] packet : take(queue, random.nextInt(6000))) {
          Deque<byte[]> from = first.isEmpty() ? video : first;
          byte[] expected = from.removeFirst();
          assertArrayEquals(expected, packet);
          if (from == first) {
            firstBytes -= expected.length + 2;
          } else {
            videoBytes -= expected.length + 2;
          }
        }
      }
      assertEquals(firstBytes + videoBytes, queue.bytes());
      assertEquals(first.isEmpty() && video.isEmpty(), queue.isEmpty());
    }
  }

  private static void add(FrameQueue queue, int value, boolean isVideo) {
    assertEquals(0, queue.add(new byte[] {(byte) value}, 0, 1, isVideo));
  }

  private static List<Integer> values(FrameQueue queue) {
    return take(queue, 4096).stream().map(packet -> (int) packet[0]).toList();
  }

  @Test
  void shouldDropVideoThatWaitedTooLongAndNothingElse() {
    FrameQueue queue = new FrameQueue();
    add(queue, 1, false);
    add(queue, 2, true);
    queue.stamp(0);
    add(queue, 3, true);
    queue.stamp(100 * MS);
    assertEquals(0, queue.dropStale(FrameQueue.LONGEST_NANOS));
    assertEquals(1, queue.dropStale(FrameQueue.LONGEST_NANOS + 50 * MS));
    assertEquals(List.of(1, 3), values(queue));
    add(queue, 4, true);
    queue.stamp(1_000 * MS);
    assertEquals(0, queue.dropStale(1_100 * MS), "what has left is forgotten");
    assertEquals(List.of(4), values(queue));
  }

  @Test
  void shouldDropWhatIsStaleHoweverOftenItIsStamped() {
    FrameQueue queue = new FrameQueue();
    int dropped = 0;
    for (int ms = 0; ms < 2_000; ms++) {
      add(queue, ms, true);
      dropped += queue.dropStale(ms * MS);
      queue.stamp(ms * MS);
    }
    assertTrue(dropped >= 1_490 && dropped <= 1_530, "dropped " + dropped);
    assertEquals(2_000 - dropped, values(queue).size());
  }

  @Test
  void shouldGiveItsMemoryBack() {
    FrameQueue queue = new FrameQueue();
    add(queue, 1, true);
    add(queue, 2, false);
    queue.stamp(0);
    assertEquals(2, queue.release());
    assertTrue(queue.isEmpty());
    add(queue, 3, true);
    assertEquals(0, queue.dropStale(10_000 * MS), "nobody has said since when it waits");
    assertEquals(List.of(3), values(queue));
  }
}
