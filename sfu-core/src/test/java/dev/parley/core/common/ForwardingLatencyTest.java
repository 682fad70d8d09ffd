package dev.parley.core.common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ForwardingLatencyTest {
  @Test
  void shouldCountEachPacketInTheShortestClassThatHoldsIt() {
    ForwardingLatency latency = new ForwardingLatency();
    latency.add(3, 50_000);
    latency.add(2, 50_001);
    latency.add(1, 5_000_000_000L);
    assertEquals(3, latency.packets(0));
    assertEquals(2, latency.packets(1));
    assertEquals(1, latency.packets(ForwardingLatency.CLASSES - 1));
    assertEquals(3 * 50_000 + 2 * 50_001 + 5_000_000_000L, latency.sumNanos());
    assertEquals(50_000, ForwardingLatency.longestNanos(0));
    assertEquals(Long.MAX_VALUE, ForwardingLatency.longestNanos(ForwardingLatency.CLASSES - 1));
  }

  @Test
  void shouldHaveClassesInRisingOrder() {
    for (int i = 1; i < ForwardingLatency.CLASSES; i++) {
      assertEquals(
          1,
          Long.compare(ForwardingLatency.longestNanos(i), ForwardingLatency.longestNanos(i - 1)));
    }
  }
}
