package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.core.api.PacketCapture;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CaptureTest {
  private static final long TIME = 1_800_000_000_123_456_789L;
  private static final int FILE_HEADER = 24;
  private static final int RECORD = 16 + 28;

  /** RTP with one CSRC, one extension word and five bytes of payload. */
  private static final byte[] RTP =
      HexFormat.of()
          .parseHex("9160000100000002000000030000000a" + "bede000110ff0000" + "0102030405");

  private static final byte[] RTCP = HexFormat.of().parseHex("80c9000100000007");

  private static ByteBuffer file(Capture capture) {
    return ByteBuffer.wrap(capture.file());
  }

  private static Capture capture(int mostBytes, int payloadBytes) {
    return new Capture(new PacketCapture.Bounds(mostBytes, payloadBytes), now -> TIME + now);
  }

  @Test
  void shouldBeAFileThatToolsKnow() {
    ByteBuffer file = file(capture(1024, 0));
    assertEquals(FILE_HEADER, file.remaining());
    assertEquals(0xa1b23c4d, file.getInt());
    assertEquals(0x0002_0004, file.getInt());
    assertEquals(101, file.getInt(20));
  }

  @Test
  void shouldKeepHeadersAndNoWordOfTheCall() {
    Capture capture = capture(1024, 0);
    capture.onPacket(false, RTP, 0, RTP.length, 5);
    ByteBuffer file = file(capture);
    assertEquals(FILE_HEADER + RECORD + 24, file.remaining());
    assertEquals(1_800_000_000, file.getInt(FILE_HEADER));
    assertEquals(123_456_794, file.getInt(FILE_HEADER + 4));
    assertEquals(28 + 24, file.getInt(FILE_HEADER + 8));
    assertEquals(28 + RTP.length, file.getInt(FILE_HEADER + 12));
    byte[] ip = Arrays.copyOfRange(capture.file(), FILE_HEADER + 16, FILE_HEADER + RECORD);
    // 192.0.2.2 to 192.0.2.1; the checksum was worked out by hand after RFC 1071.
    assertEquals(
        "45000039" + "00000000" + "4011f6b0" + "c0000202" + "c0000201" + "138c138c" + "00250000",
        HexFormat.of().formatHex(ip));
    assertArrayEquals(
        Arrays.copyOf(RTP, 24),
        Arrays.copyOfRange(capture.file(), FILE_HEADER + RECORD, file.limit()));
  }

  @Test
  void shouldKeepAsMuchOfThePayloadAsIsWantedAndRtcpWhole() {
    Capture capture = capture(1024, 2);
    byte[] somewhere = new byte[100];
    System.arraycopy(RTP, 0, somewhere, 7, RTP.length);
    capture.onPacket(true, somewhere, 7, RTP.length, 0);
    capture.onPacket(true, RTCP, 0, RTCP.length, 0);
    ByteBuffer file = file(capture);
    assertEquals(FILE_HEADER + 2 * RECORD + 26 + 8, file.remaining());
    assertEquals(0xc0000201, file.getInt(FILE_HEADER + 16 + 12));
    assertEquals(0x80c90001, file.getInt(file.limit() - 8));
  }

  @Test
  void shouldEndWhenItIsFullAndGrowUntilThen() {
    int record = RECORD + RTP.length;
    Capture capture = capture(FILE_HEADER + 5000 * record + record - 1, 1500);
    for (int i = 0; i < 6000; i++) {
      capture.onPacket(true, RTP, 0, RTP.length, i);
    }
    assertEquals(FILE_HEADER + 5000 * record, capture.file().length);
    // A smaller packet would have fitted, but there are no gaps.
    capture.onPacket(true, RTCP, 0, RTCP.length, 0);
    assertEquals(FILE_HEADER + 5000 * record, capture.file().length);
  }

  @Test
  void shouldRefuseBoundsThatHoldNothing() {
    assertThrows(IllegalArgumentException.class, () -> new PacketCapture.Bounds(100, 0));
    assertThrows(IllegalArgumentException.class, () -> new PacketCapture.Bounds(10_000, -1));
  }
}
