package dev.parley.core.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequenceUnwrapperTest {
  private static final long START = 1 << 16;

  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();

  /** First number, second number, and how far the second is from the first. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, 1",
    "65535, 0, 1",
    "65535, 65535, 0",
    "0, 65535, -1",
    "100, 99, -1",
    "65530, 5, 11",
    "5, 65530, -11",
    "0, 32767, 32767",
    "0, 32769, -32767",
    "40000, 7231, 32767",
  })
  void shouldTakeTheNearestValue(int first, int second, long distance) {
    long from = unwrapper.unwrap(first);
    assertEquals(distance, unwrapper.unwrap(second) - from);
  }

  @Test
  void shouldSayMinusOneBeforeTheFirst() {
    assertEquals(-1, unwrapper.highest());
  }

  @Test
  void shouldStayPositiveBeforeTheFirst() {
    assertEquals(START, unwrapper.unwrap(0));
    assertEquals(START - 1, unwrapper.unwrap(65_535));
    assertEquals(START, unwrapper.highest());
  }

  @Test
  void shouldCountThousandCycles() {
    long expected = START;
    for (int i = 0; i < 1000 * 65_536; i += 1000) {
      assertEquals(expected, unwrapper.unwrap(i & 0xffff));
      expected += 1000;
    }
  }

  @Property
  void shouldFollowModelOfWholeNumbers(
      @ForAll @IntRange(max = 65_535) int start,
      @ForAll @Size(max = 200) List<@IntRange(min = -32_767, max = 32_767) Integer> steps) {
    SequenceUnwrapper fresh = new SequenceUnwrapper();
    long highest = START + start;
    assertEquals(highest, fresh.unwrap(start));
    for (int step : steps) {
      long whole = highest + step;
      assertEquals(whole, fresh.unwrap((int) whole & 0xffff));
      highest = Math.max(highest, whole);
      assertEquals(highest, fresh.highest());
    }
  }
}
