package dev.parley.core.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RtcpTest {
  private static final long NOW = 77;

  private final RtcpWriter writer = new RtcpWriter();
  private final Heard heard = new Heard();

  /** Writes down what the reader says. */
  private static final class Heard implements RtcpReader.Visitor {
    final List<String> all = new ArrayList<>();

    @Override
    public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos) {
      all.add("sr %x %x %x %d".formatted(ssrc, ntp, rtpTimestamp, nowNanos));
    }

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
      all.add(
          "block %x %d %d %x %d %x %x"
              .formatted(
                  ssrc,
                  fractionLost,
                  cumulativeLost,
                  highestSequence,
                  jitter,
                  lastSr,
                  delaySinceLastSr));
    }

    @Override
    public void onKeyFrameRequest(int mediaSsrc, long nowNanos) {
      all.add("key %x".formatted(mediaSsrc));
    }
  }

  private boolean read(byte[] bytes, int offset, int length) {
    heard.all.clear();
    return RtcpReader.read(bytes, offset, length, heard, NOW);
  }

  private boolean readHex(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return read(bytes, 0, bytes.length);
  }

  private void writeEverything() {
    assertTrue(writer.addSenderReport(0x11, 0x0123_4567_89ab_cdefL, 0x55, 1000, 200_000));
    assertTrue(writer.addReportBlock(0x22, 255, -3, 0x1_0002, 9, 0xaabb, 0xccdd));
    assertTrue(writer.addReceiverReport(0x33));
    assertTrue(writer.addReportBlock(0x44, 0, 7, 5, 4, 3, 2));
    assertTrue(writer.addReportBlock(0x45, 1, 8, 6, 5, 4, 3));
    assertTrue(writer.addCname(0x33, "cname"));
    assertTrue(writer.addPli(0x33, 0x66));
    assertTrue(writer.addFir(0x33, 0x77, 12));
  }

  @Test
  void shouldReadWhatWasWritten() {
    writeEverything();
    assertTrue(read(writer.bytes(), 0, writer.length()));
    assertEquals(
        List.of(
            "sr 11 123456789abcdef 55 77",
            "block 22 255 -3 10002 9 aabb ccdd",
            "block 44 0 7 5 4 3 2",
            "block 45 1 8 6 5 4 3",
            "key 66",
            "key 77"),
        heard.all);
  }

  @Test
  void shouldLayOutPacketsAsTheRfcsDraw() {
    writer.addSenderReport(0x01020304, 0x1112131415161718L, 0x21222324, 5, 6);
    writer.addReportBlock(0x31323334, 0x40, 0x7f, 0x51, 0x61, 0x71, 0x81);
    writer.addCname(0x01020304, "ab");
    writer.addPli(9, 10);
    writer.addFir(9, 11, 3);
    String expected =
        "81c8000c 01020304 1112131415161718 21222324 00000005 00000006"
            + "31323334 4000007f 00000051 00000061 00000071 00000081"
            + "81ca0003 01020304 01026162 00000000"
            + "81ce0002 00000009 0000000a"
            + "84ce0004 00000009 00000000 0000000b 03000000";
    assertEquals(
        expected.replace(" ", ""), HexFormat.of().formatHex(writer.bytes(), 0, writer.length()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 255})
  void shouldEndCnameWithZeroAtWordBoundary(int length) {
    assertTrue(writer.addCname(5, "x".repeat(length)));
    byte[] b = writer.bytes();
    int bytes = 4 * (1 + ((b[2] & 0xff) << 8 | b[3] & 0xff));
    assertEquals(writer.length(), bytes);
    assertEquals(length, b[9] & 0xff);
    assertEquals(0, b[10 + length], "RFC 3550 section 6.5: a null octet ends the list");
    assertTrue(bytes >= 10 + length + 1 && bytes < 10 + length + 1 + 4);
    assertTrue(read(b, 0, writer.length()));
  }

  @Test
  void shouldClampCumulativeLossTo24Bits() {
    writer.addReceiverReport(1);
    writer.addReportBlock(2, 0, 1L << 40, 0, 0, 0, 0);
    writer.addReportBlock(3, 0, -(1L << 40), 0, 0, 0, 0);
    assertTrue(read(writer.bytes(), 0, writer.length()));
    assertEquals(List.of("block 2 0 8388607 0 0 0 0", "block 3 0 -8388608 0 0 0 0"), heard.all);
  }

  @Test
  void shouldRefuseBlockWithoutReportAndAfterOtherPackets() {
    assertFalse(writer.addReportBlock(1, 0, 0, 0, 0, 0, 0));
    writer.addReceiverReport(1);
    writer.addPli(1, 2);
    assertFalse(writer.addReportBlock(1, 0, 0, 0, 0, 0, 0));
    writer.clear();
    assertFalse(writer.addReportBlock(1, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void shouldTake31BlocksInOneReport() {
    writer.addReceiverReport(1);
    for (int i = 0; i < 31; i++) {
      assertTrue(writer.addReportBlock(i, 0, 0, 0, 0, 0, 0));
    }
    assertFalse(writer.addReportBlock(31, 0, 0, 0, 0, 0, 0));
    assertTrue(read(writer.bytes(), 0, writer.length()));
    assertEquals(31, heard.all.size());
  }

  @Test
  void shouldStayWithinItsLimitAndKeepSpareBytes() {
    while (writer.addSenderReport(1, 2, 3, 4, 5)) {
      assertTrue(writer.length() <= RtcpWriter.MAX_BYTES);
    }
    assertFalse(writer.addSenderReport(1, 2, 3, 4, 5));
    assertTrue(writer.bytes().length - writer.length() >= 64);
    assertTrue(read(writer.bytes(), 0, writer.length()));
  }

  @Test
  void shouldLeaveRoomForCnameBehindReports() {
    // RFC 3550 section 6.1: every compound packet has an SDES with a CNAME.
    while (writer.addSenderReport(1, 2, 3, 4, 5)) {
      assertTrue(writer.length() <= RtcpWriter.MAX_BYTES);
    }
    assertTrue(writer.addCname(1, "parley"));
    writer.clear();
    writer.addReceiverReport(1);
    for (int i = 0; ; i++) {
      if (!writer.addReportBlock(i, 0, 0, 0, 0, 0, 0) && !writer.addReceiverReport(1)) {
        break;
      }
    }
    assertTrue(writer.addCname(1, "parley"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80c9 0001 00000001", // an empty receiver report
        "80cb 0000 80c9 0001 00000001", // BYE of nobody, and a report
        "80c9 0001 00000001 81cb 0001 00000001", // BYE
        "80c9 0001 00000001 8fcd 0003 00000001 00000002 00000000", // transport-wide feedback
        "80c9 0001 00000001 80cf 0004 00000001 04000002 00000000 00000000", // XR
        "a0c9 0002 00000001 00000004", // padding of one word
        "80c9 0001 00000001 80ff 0001 00000000", // an unknown type
      })
  void shouldSkipWhatItDoesNotUse(String hex) {
    assertTrue(readHex(hex), hex);
    assertEquals(List.of(), heard.all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80c90000",
        "80c90001000000",
        "00c9000100000001",
        "40c9000100000001",
        "80c9000200000001", // longer than there is
        "81c9000100000001", // a block is promised and missing
        "80c8000100000001", // a sender report without its numbers
        "81ce000100000001", // a PLI without media source
        "a0c9000100000000", // padding of zero bytes
        "a0c90001000000ff", // padding longer than the packet
      })
  void shouldRefuseWhatDoesNotFit(String hex) {
    assertFalse(readHex(hex), hex);
  }

  @Test
  void shouldReadEachEntryOfFir() {
    assertTrue(readHex("84ce0006 00000001 00000000 0000000a 01000000 0000000b 02000000"));
    assertEquals(List.of("key a", "key b"), heard.all);
  }

  @Test
  void shouldReadAtAnOffset() {
    writeEverything();
    byte[] shifted = new byte[writer.length() + 9];
    System.arraycopy(writer.bytes(), 0, shifted, 7, writer.length());
    assertTrue(read(shifted, 7, writer.length()));
    assertEquals(6, heard.all.size());
  }

  @Test
  void shouldAcceptTruncationOnlyBetweenPackets() {
    writeEverything();
    byte[] whole = Arrays.copyOf(writer.bytes(), writer.length());
    Set<Integer> ends = new HashSet<>();
    for (int at = 0; at < whole.length; ) {
      at += 4 * (1 + ((whole[at + 2] & 0xff) << 8 | whole[at + 3] & 0xff));
      ends.add(at);
    }
    for (int length = 0; length <= whole.length; length++) {
      assertEquals(
          ends.contains(length), read(Arrays.copyOf(whole, length), 0, length), "at " + length);
    }
  }

  @Property(tries = 3000)
  void shouldSurviveMutations(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 200) Integer> places,
      @ForAll byte value) {
    writer.clear();
    writeEverything();
    byte[] bytes = Arrays.copyOf(writer.bytes(), writer.length());
    for (int place : places) {
      bytes[place % bytes.length] ^= value;
    }
    read(bytes, 0, bytes.length);
  }

  @Property(tries = 3000)
  void shouldSurviveRandomBytes(
      @ForAll @Size(max = 100) byte[] random, @ForAll @IntRange(min = 192, max = 223) int type) {
    byte[] bytes = random.clone();
    if (bytes.length > 4) {
      bytes[0] = (byte) (0x80 | bytes[0] & 0x3f);
      bytes[1] = (byte) type;
      bytes[2] = 0;
      bytes[3] = (byte) Math.min(bytes.length / 4 - 1, bytes[3] & 0xff);
    }
    read(bytes, 0, bytes.length);
  }
}
