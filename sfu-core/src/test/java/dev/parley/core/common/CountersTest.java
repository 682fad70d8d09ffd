package dev.parley.core.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CountersTest {
  private final Counters counters = new Counters();

  @ParameterizedTest
  @EnumSource
  void shouldCountEachReasonAlone(DropReason reason) {
    counters.drop(reason);
    counters.drop(reason, 41);
    assertEquals(42, counters.total(reason));
    assertEquals(42, sum());
  }

  @ParameterizedTest
  @EnumSource
  void shouldCountEachCounterAlone(Counter counter) {
    counters.increment(counter);
    counters.add(counter, 1L << 40);
    assertEquals((1L << 40) + 1, counters.total(counter));
    assertEquals((1L << 40) + 1, sum());
  }

  @Test
  void shouldCountEachKindOfPairAlone() {
    for (PairKind pair : PairKind.all()) {
      assertEquals(0, counters.total(pair));
      counters.selected(pair);
      assertEquals(1, counters.total(pair));
    }
    assertEquals(0, sum());
  }

  private long sum() {
    return Arrays.stream(DropReason.values()).mapToLong(counters::total).sum()
        + Arrays.stream(Counter.values()).mapToLong(counters::total).sum();
  }

  @Test
  void shouldNameEachOnceAndSayWhatItIs() {
    Set<String> ids = new HashSet<>();
    Stream.concat(
            Arrays.stream(Counter.values()).map(Counter::id),
            Arrays.stream(DropReason.values()).map(DropReason::id))
        .forEach(id -> assertTrue(id.matches("[a-z][a-z_]*") && ids.add(id), id));
    assertTrue(Arrays.stream(DropReason.values()).noneMatch(r -> r.sentence().isBlank()));
    assertTrue(Arrays.stream(Counter.values()).noneMatch(c -> c.sentence().isBlank()));
  }
}
