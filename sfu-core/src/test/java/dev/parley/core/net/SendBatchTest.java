package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.PeerAddress;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SendBatchTest {
  private static final PeerAddress A = PeerAddress.ofV4(0x0a000001, 5000);
  private static final int UDP_LIMIT = 65_507;

  private final SendBatch batch = new SendBatch(Arena.ofAuto(), SendBatch.CAPACITY);

  /** Lengths to one destination, and the groups they leave in. */
  @ParameterizedTest
  @CsvSource({
    "'100', '100'",
    "'100 100 100', '100+100+100'",
    "'100 100 40', '100+100+40'",
    "'100 40 40', '100+40 40'",
    "'100 40 100', '100+40 100'",
    "'40 100', '40 100'",
    "'100 101', '100 101'",
    "'100 99 98 98 98 97', '100+99 98+98+98+97'",
  })
  void shouldGroupEqualLengthsWithShorterLast(String lengths, String groups) {
    for (String length : lengths.split(" ", -1)) {
      batch.add(Integer.parseInt(length), A);
    }
    List<String> got = new ArrayList<>();
    for (int m = 0; m < batch.messages(); m++) {
      List<String> parts = new ArrayList<>();
      for (int d = batch.firstDatagram(m); d >= 0; d = batch.after(d)) {
        parts.add(Integer.toString(batch.lengthBytes(d)));
      }
      assertEquals(parts.size(), batch.segments(m));
      got.add(String.join("+", parts));
    }
    assertEquals(groups, String.join(" ", got));
  }

  @Test
  void shouldKeepWithinWhatTheKernelTakes() {
    for (int i = 0; i < 200; i++) {
      batch.add(1500, A);
    }
    for (int m = 0; m < batch.messages(); m++) {
      assertTrue(batch.segments(m) <= 64);
      assertTrue(batch.segments(m) * 1500 <= UDP_LIMIT);
    }
  }

  @Test
  void shouldGiveEachDatagramItsOwnStretch() {
    assertEquals(0, batch.nextOffset());
    assertEquals(0, batch.nextOffset(), "a reservation not committed is reused");
    for (int i = 0; i < SendBatch.CAPACITY; i++) {
      assertFalse(batch.isFull());
      assertEquals(SendBatch.offset(i), batch.nextOffset());
      assertTrue(batch.slab().byteSize() - batch.nextOffset() >= 1500);
      batch.add(1, PeerAddress.ofV4(i, 1));
    }
    assertTrue(batch.isFull());
    assertEquals(SendBatch.CAPACITY, batch.messages());
    batch.clear();
    assertFalse(batch.isFull());
    assertEquals(0, batch.messages());
  }

  /** Against a plain list: every datagram once, in order for each destination. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldAgreeWithModel(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      batch.clear();
      int destinations = 1 + random.nextInt(300);
      Map<PeerAddress, List<Integer>> model = new HashMap<>();
      int count = random.nextInt(SendBatch.CAPACITY + 1);
      for (int d = 0; d < count; d++) {
        int which = random.nextInt(destinations);
        PeerAddress to = which % 2 == 0 ? PeerAddress.ofV4(which, 7) : new PeerAddress(which, 5, 7);
        batch.add(1 + random.nextInt(3), to);
        model.computeIfAbsent(to, a -> new ArrayList<>()).add(d);
      }
      assertEquals(count, batch.datagrams());
      Map<PeerAddress, List<Integer>> got = new HashMap<>();
      for (int m = 0; m < batch.messages(); m++) {
        int size = batch.lengthBytes(batch.firstDatagram(m));
        for (int d = batch.firstDatagram(m); d >= 0; d = batch.after(d)) {
          got.computeIfAbsent(batch.destination(m), a -> new ArrayList<>()).add(d);
          boolean last = batch.after(d) < 0;
          int length = batch.lengthBytes(d);
          assertTrue(last ? length <= size : length == size, "seed " + seed);
        }
      }
      assertEquals(model, got, "seed " + seed + " round " + round);
    }
  }
}
