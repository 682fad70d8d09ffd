package dev.parley.core.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.core.fixtures.FuzzSeeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** See docs/fuzzing.md. */
class RtpFuzzTest implements RtcpReader.Visitor, TransportFeedbackReader.Visitor {
  private final RtpPacket packet = new RtpPacket();

  static List<byte[]> rtp() {
    return FuzzSeeds.packets(false);
  }

  static List<byte[]> rtcp() {
    return FuzzSeeds.packets(true);
  }

  @MethodSource("rtp")
  @FuzzTest(maxDuration = "10m")
  void shouldReadRtpWithinItsBounds(byte[] data) {
    byte[] b = new byte[data.length + 7];
    System.arraycopy(data, 0, b, 3, data.length);
    if (!packet.wrap(b, 3, data.length)) {
      return;
    }
    int from = packet.payloadOffset();
    int end = from + packet.payloadBytes();
    assertTrue(from >= 3 + RtpPacket.FIXED_HEADER_BYTES && from <= end && end <= 3 + data.length);
    for (int id = 0; id < 256; id++) {
      int found = packet.extension(id);
      assertTrue(found < 0 || (found >>> 8) + (found & 0xff) <= from, "extension " + id);
    }
    int sequence = packet.payloadBytes() < 2 ? -1 : packet.short16(from);
    if (packet.unwrapRetransmission(77, 96)) {
      assertEquals(sequence, packet.sequence16());
      assertEquals(77, packet.ssrc());
      assertEquals(96, packet.payloadType());
      assertTrue(packet.payloadOffset() + packet.payloadBytes() <= 3 + data.length);
    }
  }

  @MethodSource("rtcp")
  @FuzzTest(maxDuration = "10m")
  void shouldReadRtcpWithinItsBounds(byte[] data) {
    byte[] b = new byte[data.length + 5];
    System.arraycopy(data, 0, b, 2, data.length);
    var unused = RtcpReader.read(b, 2, data.length, this, 0);
  }

  static List<byte[]> feedback() {
    return FuzzSeeds.packets(true).stream().filter(b -> (b[1] & 0xff) == 205).toList();
  }

  /** All packets that are counted are told, in order, or none. */
  @MethodSource("feedback")
  @FuzzTest(maxDuration = "10m")
  void shouldTellEveryPacketOfTransportFeedback(byte[] data) {
    // The array ends with the packet: nothing behind it is read.
    byte[] b = new byte[data.length + 7];
    System.arraycopy(data, 0, b, 7, data.length);
    List<Integer> told = new ArrayList<>();
    boolean read =
        TransportFeedbackReader.read(
            b, 7, data.length, (number16, received, arrivalMicros) -> told.add(number16));
    int first = data.length < 16 ? 0 : (data[12] & 0xff) << 8 | (data[13] & 0xff);
    int count = read ? (data[14] & 0xff) << 8 | (data[15] & 0xff) : 0;
    assertEquals(count, told.size());
    for (int i = 0; i < count; i++) {
      assertEquals(first + i & 0xffff, told.get(i));
    }
  }

  @Override
  public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos) {}

  @Override
  public void onReportBlock(
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int highestSequence,
      int jitter,
      int lastSr,
      int delaySinceLastSr,
      long nowNanos) {
    assertTrue(fractionLost >= 0 && fractionLost < 256);
  }

  @Override
  public void onKeyFrameRequest(int mediaSsrc, long nowNanos) {}

  @Override
  public void onRemb(long bitsPerSecond, long nowNanos) {
    assertTrue(bitsPerSecond >= 0);
  }

  @Override
  public void onTransportFeedback(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    assertTrue(offset >= 2 && offset + lengthBytes <= bytes.length - 3);
    var unused = TransportFeedbackReader.read(bytes, offset, lengthBytes, this);
  }

  @Override
  public void onPacket(int number16, boolean received, long arrivalMicros) {
    assertTrue(number16 >= 0 && number16 < 1 << 16);
  }
}
