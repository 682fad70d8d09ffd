package dev.parley.core.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.rtp.RtcpWriter;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReceiverStatisticsTest {
  private static final long MILLI = 1_000_000;
  private static final int RATE = 8000;
  private static final int SAMPLES = 160;

  private final ReceiverStatistics statistics = new ReceiverStatistics(RATE);
  private long now = 5_000 * MILLI;

  /** What a block says; {@code highest} as it is on the wire. */
  private record Block(
      int ssrc, int fraction, int lost, int highest, int jitter, int lastSr, int delay) {}

  private Block block() {
    RtcpWriter writer = new RtcpWriter();
    writer.addReceiverReport(1);
    assertTrue(statistics.addReportBlock(writer, 0xabcd, now));
    assertEquals(32, writer.length());
    ByteBuffer b = ByteBuffer.wrap(writer.bytes());
    return new Block(
        b.getInt(8),
        b.get(12) & 0xff,
        b.getInt(12) << 8 >> 8,
        b.getInt(16),
        b.getInt(20),
        b.getInt(24),
        b.getInt(28));
  }

  /** Packets 20 ms apart, sent and received. */
  private void receive(int... sequences) {
    for (int s : sequences) {
      statistics.onPacket(s & 0xffff, s * SAMPLES, 100, now);
      now += 20 * MILLI;
    }
  }

  @Test
  void shouldSayNothingBeforeTheFirstPacket() {
    RtcpWriter writer = new RtcpWriter();
    writer.addReceiverReport(1);
    assertTrue(statistics.addReportBlock(writer, 1, now));
    assertEquals(8, writer.length());
    assertEquals(0, statistics.lost());
  }

  @Test
  void shouldReportLossOfTheIntervalAndOfAllTime() {
    receive(1, 2, 5, 6, 7, 8, 9, 10);
    Block first = block();
    assertEquals(0xabcd, first.ssrc());
    assertEquals(2 * 256 / 10, first.fraction());
    assertEquals(2, first.lost());
    receive(11, 12, 13, 14);
    assertEquals(0, block().fraction());
    receive(16);
    Block third = block();
    assertEquals(128, third.fraction());
    assertEquals(3, third.lost());
    assertEquals(3, statistics.lost());
  }

  @Test
  void shouldReportZeroFractionWhereDuplicatesOutnumberLosses() {
    receive(1, 2, 2, 2, 4);
    Block b = block();
    assertEquals(0, b.fraction());
    assertEquals(-1, b.lost(), "RFC 3550 section 6.4.1: may be negative with duplicates");
    assertEquals(0, statistics.lost());
  }

  @Test
  void shouldReportZeroFractionForAnEmptyInterval() {
    receive(1, 2, 3);
    block();
    assertEquals(0, block().fraction());
  }

  @Test
  void shouldCountCyclesFromZero() {
    receive(65_534, 65_535);
    assertEquals(0x0000_ffff, block().highest());
    receive(65_536, 65_537, 65_538);
    Block b = block();
    assertEquals(0x0001_0002, b.highest());
    assertEquals(0, b.lost());
  }

  @Test
  void shouldNotCountReorderedPacketAsLost() {
    receive(1, 3, 2, 4);
    Block b = block();
    assertEquals(0, b.lost());
    assertEquals(4, b.highest());
  }

  @Test
  void shouldNotConsumeTheIntervalWhenTheBlockDidNotFit() {
    receive(1, 2, 4);
    RtcpWriter full = new RtcpWriter();
    assertFalse(statistics.addReportBlock(full, 1, now));
    assertEquals(64, block().fraction());
  }

  @Test
  void shouldSeeNoJitterInSteadyStream() {
    for (int i = 0; i < 100; i++) {
      receive(i);
    }
    assertEquals(0, block().jitter());
  }

  @Test
  void shouldSmoothJitterAsAppendixA8() {
    receive(1, 2);
    now += 10 * MILLI; // 80 timestamp units late: 80, then back to the old beat: 80 again
    receive(3);
    assertEquals(80 / 16, block().jitter());
    now -= 10 * MILLI;
    receive(4);
    assertEquals((80 + 80 - (80 + 8 >> 4)) / 16, block().jitter());
  }

  /** The code of RFC 3550 appendix A.8, word for word, over any arrival times. */
  @Property
  void shouldAgreeWithTheRfcsCode(
      @ForAll @Size(max = 100) List<@IntRange(max = 60_000) Integer> gapMicros,
      @ForAll int firstTimestamp) {
    ReceiverStatistics s = new ReceiverStatistics(1_000_000);
    long jitter = 0;
    int transit = 0;
    long nanos = 1;
    int timestamp = firstTimestamp;
    int sequence = 65_500;
    for (int i = 0; i < gapMicros.size(); i++) {
      nanos += gapMicros.get(i) * 1000L;
      timestamp += 20_000;
      s.onPacket(sequence++ & 0xffff, timestamp, 1, nanos);
      int t = (int) (nanos / 1000) - timestamp;
      if (i > 0) {
        jitter += Math.abs(t - transit) - (jitter + 8 >> 4);
      }
      transit = t;
    }
    assertEquals(jitter >> 4, s.jitter());
  }

  @Test
  void shouldNeverReportNegativeJitter() {
    statistics.onPacket(1, 0, 1, now);
    statistics.onPacket(2, Integer.MIN_VALUE, 1, now);
    assertTrue(statistics.jitter() >= 0, "jitter " + statistics.jitter());
  }

  @Test
  void shouldTellWhenTheLastSenderReportCame() {
    receive(1);
    Block before = block();
    assertEquals(0, before.lastSr());
    assertEquals(0, before.delay());
    statistics.onSenderReport(0xb44d_b705_2000_0000L, now);
    now += 5_250 * MILLI;
    Block after = block();
    assertEquals(0xb705_2000, after.lastSr());
    assertEquals(0x0005_4000, after.delay());
  }

  @Test
  void shouldWorkWithNegativeMonotonicTime() {
    now = -3_000_000_000_000L;
    for (int i = 0; i < 50; i++) {
      receive(i);
    }
    assertEquals(0, block().jitter());
  }
}
