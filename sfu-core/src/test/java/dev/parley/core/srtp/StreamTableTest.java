package dev.parley.core.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamTableTest {
  @ParameterizedTest
  @CsvSource({
    // highest seen, sequence number, index
    "0x00000, 0x0001, 0x00001",
    "0x00000, 0x8000, 0x08000",
    "0x00000, 0x8001, -0x07fff",
    "0x0ffff, 0x0000, 0x10000",
    "0x0ffff, 0x7ffe, 0x17ffe",
    "0x0ffff, 0x7fff, 0x07fff",
    "0x10000, 0xffff, 0x0ffff",
    "0x17fff, 0xffff, 0x1ffff",
    "0x18000, 0x0000, 0x10000",
    "0x18001, 0x0000, 0x20000",
    "0xffffffff0000, 0xffff, 0xfffffffeffff",
  })
  void shouldEstimateTheIndexNearestToTheHighest(String highest, String seq16, String index) {
    StreamTable table = new StreamTable(4, 64);
    int stream = table.add(1, Long.decode(highest));
    assertEquals(Long.decode(index), table.estimate(stream, Integer.decode(seq16)));
  }

  @Property(tries = 300)
  void shouldAcceptWhatASetWouldAccept(
      @ForAll @Size(min = 1, max = 400) int @IntRange(min = -200, max = 300) [] steps) {
    StreamTable table = new StreamTable(1, 128);
    long highest = 70_000;
    int stream = table.add(5, highest);
    Set<Long> seen = new HashSet<>(Set.of(highest));
    for (int step : steps) {
      long index = highest + step;
      boolean expected = index <= highest && (highest - index >= 128 || seen.contains(index));
      assertEquals(expected, table.isReplay(stream, index));
      if (!expected) {
        table.accept(stream, index);
        seen.add(index);
        highest = Math.max(highest, index);
      }
    }
  }

  @Property(tries = 100)
  void shouldFindEveryStreamAdded(@ForAll @Size(max = 300) Set<Integer> ssrcs) {
    StreamTable table = new StreamTable(300, 64);
    int next = 0;
    for (int ssrc : ssrcs) {
      assertEquals(StreamTable.NONE, table.find(ssrc));
      assertEquals(next++, table.add(ssrc, 0));
    }
    next = 0;
    for (int ssrc : ssrcs) {
      assertEquals(next++, table.find(ssrc));
    }
    assertTrue(table.size() == ssrcs.size());
  }
}
