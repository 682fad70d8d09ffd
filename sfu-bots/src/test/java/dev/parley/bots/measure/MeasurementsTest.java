package dev.parley.bots.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sums and percentiles, in all and of an interval. */
class MeasurementsTest {
  private static final long MS = 1_000_000;

  @Test
  void shouldCutIntervalsThatAddUp() {
    Measurements live = new Measurements();
    Measurements total = new Measurements();
    for (int round = 0; round < 4; round++) {
      for (int i = 1; i <= 25; i++) {
        live.time(Metric.JOIN_TOTAL, (round * 25 + i) * MS);
      }
      live.count(Metric.BOTS_STARTED, 30);
      live.count(Metric.JOIN_FAILED, 3);
      live.failure("room_full");
      Measurements interval = live.cut();
      assertEquals(25, interval.count(Metric.JOIN_TOTAL));
      assertEquals(0, live.count(Metric.BOTS_STARTED));
      total.add(interval);
    }
    assertEquals(100, total.count(Metric.JOIN_TOTAL));
    assertEquals(95, total.value(Metric.JOIN_TOTAL, Stat.P95).orElseThrow(), 0.2);
    assertEquals(100, total.value(Metric.JOIN_TOTAL, Stat.MAX).orElseThrow(), 0.2);
    assertEquals(0.1, total.value(Metric.JOIN_FAILURES, Stat.P95).orElseThrow(), 1e-9);
    assertEquals(Map.of("room_full", 4L), total.failures());
  }

  @Test
  void shouldTellNothingFromNought() {
    Measurements empty = new Measurements();
    assertTrue(empty.value(Metric.JOIN_TOTAL, Stat.P95).isEmpty());
    assertTrue(empty.value(Metric.LOSS_AFTER_REPAIR, Stat.P95).isEmpty());
    assertEquals(0, empty.value(Metric.BOTS_JOINED, Stat.P95).orElseThrow());
  }

  @Test
  void shouldReadWhatPrometheusReads() {
    Map<String, Double> values =
        ServerWatch.parse(
            """
            # HELP sfu_media_rtp_received_total authenticated RTP packets
            # TYPE sfu_media_rtp_received_total counter
            sfu_media_rtp_received_total 12345.0
            sfu_media_dropped_total{reason="a b"} 2.0
            sfu_media_dropped_total{reason="c"} 3.0
            jvm_memory_bytes_used{area="heap",} 1.5E7
            jvm_memory_bytes_used{area="nonheap",} 9.0E7
            odd +Inf
            """);
    assertEquals(12_345, values.get("sfu_media_rtp_received_total"));
    assertEquals(5, values.get("sfu_media_dropped_total"));
    assertEquals(1.5e7, values.get("jvm_memory_bytes_used"));
  }

  @Test
  void shouldTellWithinWhichBoundAPartOfTheServersPacketsIs() {
    String text =
        """
        sfu_x_seconds_bucket{le="0.001",} %d
        sfu_x_seconds_bucket{le="0.01",} %d
        sfu_x_seconds_bucket{le="+Inf",} %d
        sfu_x_seconds_count %d
        """;
    ServerSample before =
        new ServerSample(0, ServerWatch.parse(text.formatted(100, 100, 100, 100)));
    ServerSample after = new ServerSample(1, ServerWatch.parse(text.formatted(150, 199, 200, 200)));
    assertEquals(0.001, after.quantileSince(before, "sfu_x_seconds", 0.5).orElseThrow());
    assertEquals(0.01, after.quantileSince(before, "sfu_x_seconds", 0.99).orElseThrow());
    assertTrue(after.quantileSince(before, "sfu_x_seconds", 0.999).isEmpty(), "longer");
    assertTrue(before.quantileSince(before, "sfu_x_seconds", 0.5).isEmpty(), "nothing counted");
  }
}
