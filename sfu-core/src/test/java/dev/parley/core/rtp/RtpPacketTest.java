package dev.parley.core.rtp;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.fixtures.RtpBuilder;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RtpPacketTest {
  private final RtpPacket packet = new RtpPacket();

  private boolean wrap(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    return packet.wrap(bytes, 0, bytes.length);
  }

  /** The data found under an id, or null-like {@code "-"}. */
  private static String extension(RtpPacket packet, int id) {
    int found = packet.extension(id);
    if (found < 0) {
      return "-";
    }
    int from = found >>> 8;
    return HexFormat.of()
        .formatHex(Arrays.copyOfRange(packet.bytes(), from, from + (found & 0xff)));
  }

  @Test
  void shouldReadFieldsOfFixedHeader() {
    assertTrue(wrap("80 e0 fffe 89abcdef 01020304 0a0b"));
    assertTrue(packet.marker());
    assertEquals(96, packet.payloadType());
    assertEquals(0xfffe, packet.sequence16());
    assertEquals(0x89abcdef, packet.timestamp());
    assertEquals(0x01020304, packet.ssrc());
    assertEquals(12, packet.payloadOffset());
    assertEquals(2, packet.payloadBytes());
    assertEquals(-1, packet.extension(1));
  }

  /** Header in hex, whether it is valid, payload offset, payload bytes. */
  @ParameterizedTest
  @CsvSource({
    "80600001 00000000 00000001, true, 12, 0",
    "00600001 00000000 00000001, false, 0, 0",
    "40600001 00000000 00000001, false, 0, 0",
    "c0600001 00000000 00000001, false, 0, 0",
    "80600001 00000000 000000, false, 0, 0",
    "82600001 00000000 00000001 aaaaaaaa bbbbbbbb 01, true, 20, 1",
    "82600001 00000000 00000001 aaaaaaaa bbbbbb, false, 0, 0",
    "90600001 00000000 00000001 bede0000 01, true, 16, 1",
    "90600001 00000000 00000001 bede0001 10ff0000 01, true, 20, 1",
    "90600001 00000000 00000001 bede0001 10ff00, false, 0, 0",
    "90600001 00000000 00000001 bede, false, 0, 0",
    "90600001 00000000 00000001, false, 0, 0",
    "90600001 00000000 00000001 bedeffff 10ff0000, false, 0, 0",
    "91600001 00000000 00000001 cccccccc abcd0001 12345678 0102, true, 24, 2",
    "a0600001 00000000 00000001 0102 000003, true, 12, 2",
    "a0600001 00000000 00000001 000003, true, 12, 0",
    "a0600001 00000000 00000001 000004, false, 0, 0",
    "a0600001 00000000 00000001 000000, false, 0, 0",
    "a0600001 00000000 00000001, false, 0, 0",
    "b0600001 00000000 00000001 bede0001 10ff0000 0001, true, 20, 1",
    "b0600001 00000000 00000001 bede0001 10ff0000, false, 0, 0",
  })
  void shouldAcceptAndRefuseHeaders(String hex, boolean valid, int offset, int payloadBytes) {
    assertEquals(valid, wrap(hex));
    if (valid) {
      assertEquals(offset, packet.payloadOffset());
      assertEquals(payloadBytes, packet.payloadBytes());
    }
  }

  @Test
  void shouldFindOneByteExtensions() {
    // RFC 8285 section 4.2: padding between, the length less one, id 15 ends the block.
    RtpPacket p = rtp().rawExtension(0xbede, hex("10aa 00 32bbccdd 00 f0 50ee")).packet();
    assertEquals("aa", extension(p, 1));
    assertEquals("bbccdd", extension(p, 3));
    assertEquals("-", extension(p, 5));
    assertEquals("-", extension(p, 15));
    assertEquals("-", extension(p, 2));
    assertEquals("-", extension(p, 0));
  }

  @Test
  void shouldFindTwoByteExtensions() {
    // RFC 8285 section 4.3: a length of zero is allowed, ids go to 255, the low four bits are free.
    for (int profile : new int[] {0x1000, 0x1005, 0x100f}) {
      RtpPacket p = rtp().rawExtension(profile, hex("0100 00 0f02abcd ff0107 00 1401ee")).packet();
      assertEquals("", extension(p, 1));
      assertEquals("abcd", extension(p, 15));
      assertEquals("07", extension(p, 255));
      assertEquals("ee", extension(p, 20));
      assertEquals("-", extension(p, 2));
    }
  }

  @Test
  void shouldNotReadExtensionThatLeavesItsBlock() {
    assertEquals("-", extension(rtp().rawExtension(0xbede, hex("10aa001f")).packet(), 1 + 99));
    assertEquals("-", extension(rtp().rawExtension(0xbede, hex("0000002f")).packet(), 2));
    assertEquals("-", extension(rtp().rawExtension(0x1000, hex("00000002")).packet(), 2));
    assertEquals("-", extension(rtp().rawExtension(0x1000, hex("00000205")).packet(), 2));
  }

  @Test
  void shouldIgnoreExtensionBlockOfOtherProfile() {
    RtpPacket p = rtp().rawExtension(0xabcd, hex("10aa0000")).packet();
    assertEquals("-", extension(p, 1));
    assertEquals(20, p.payloadOffset());
  }

  @Test
  void shouldForgetExtensionsOfPacketBefore() {
    byte[] with = rtp().oneByte(1, (byte) 7).build();
    byte[] without = rtp().build();
    assertTrue(packet.wrap(with, 0, with.length));
    assertTrue(packet.wrap(without, 0, without.length));
    assertEquals(-1, packet.extension(1));
  }

  @Test
  void shouldReadAtAnOffset() {
    byte[] inner =
        rtp().csrcs(5, 6).oneByte(3, (byte) 9).payload((byte) 1, (byte) 2).padding(4).build();
    byte[] outer = new byte[inner.length + 20];
    Arrays.fill(outer, (byte) 0xff);
    System.arraycopy(inner, 0, outer, 11, inner.length);
    assertTrue(packet.wrap(outer, 11, inner.length));
    assertEquals("09", extension(packet, 3));
    assertEquals(2, packet.payloadBytes());
    assertEquals(1, outer[packet.payloadOffset()]);
  }

  @Test
  void shouldRefuseEveryTruncationInsideTheHeader() {
    byte[] whole = rtp().csrcs(1, 2, 3).twoByte(20, new byte[19]).payload().build();
    for (int length = 0; length < whole.length; length++) {
      assertFalse(packet.wrap(Arrays.copyOf(whole, length), 0, length), "length " + length);
    }
    assertTrue(packet.wrap(whole, 0, whole.length));
  }

  @Test
  void shouldWriteHeaderThatReadsBack() {
    byte[] out = new byte[16];
    RtpPacket.writeFixedHeader(out, 2, false, 0, true, 127, 65_535, -1, 0x80000001);
    assertTrue(packet.wrap(out, 2, 12));
    assertTrue(packet.marker());
    assertEquals(127, packet.payloadType());
    assertEquals(65_535, packet.sequence16());
    assertEquals(-1, packet.timestamp());
    assertEquals(0x80000001, packet.ssrc());
    RtpPacket.writeFixedHeader(out, 0, true, 1, false, 0, 0, 0, 0);
    assertArrayEquals(new byte[] {(byte) 0x91, 0}, Arrays.copyOf(out, 2));
  }

  @Property(tries = 5000)
  void shouldNeverThrowOrLeaveTheBytes(
      @ForAll @Size(max = 80) byte[] random,
      @ForAll @IntRange(max = 255) int firstByte,
      @ForAll boolean oneByteForm) {
    byte[] bytes = random.clone();
    if (bytes.length > 0) {
      bytes[0] = (byte) (0x80 | firstByte & 0x3f);
    }
    if (bytes.length >= 16 && (bytes[0] & 0x0f) == 0) {
      bytes[12] = (byte) (oneByteForm ? 0xbe : 0x10);
      bytes[13] = (byte) (oneByteForm ? 0xde : 0x00);
      bytes[14] = 0;
    }
    if (!packet.wrap(bytes, 0, bytes.length)) {
      return;
    }
    assertTrue(packet.payloadBytes() >= 0);
    assertTrue(packet.payloadOffset() + packet.payloadBytes() <= bytes.length);
    for (int id = 0; id < 256; id++) {
      int found = packet.extension(id);
      if (found >= 0) {
        assertTrue((found >>> 8) + (found & 0xff) <= packet.payloadOffset(), "id " + id);
      }
    }
  }

  @Property
  void shouldFindWhatWasBuilt(
      @ForAll @Size(min = 1, max = 16) byte[] data,
      @ForAll @IntRange(min = 1, max = 14) int id,
      @ForAll @IntRange(max = 15) int csrcs,
      @ForAll @IntRange(max = 255) int padding,
      @ForAll boolean twoByte) {
    RtpBuilder builder = rtp().csrcs(new int[csrcs]).padding(padding).payload(data);
    RtpPacket p = (twoByte ? builder.twoByte(id, data) : builder.oneByte(id, data)).packet();
    assertEquals(HexFormat.of().formatHex(data), extension(p, id));
    assertEquals(data.length, p.payloadBytes());
    assertEquals(data[0], p.bytes()[p.payloadOffset()]);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}
