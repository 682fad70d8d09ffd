package dev.parley.core.codec;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.fixtures.Vp8Payloads;
import dev.parley.core.rtp.RtpPacket;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Vp8PayloadTest {
  private final VideoPayload vp8 = VideoPayload.of(Codec.VP8, 0);
  private RtpPacket packet = rtp().packet();

  private boolean read(byte... payload) {
    packet = rtp().payload(payload).packet();
    return vp8.read(packet);
  }

  /** Payload in hex, picture id, its modulus (0: not looked at), TL0PICIDX. */
  @ParameterizedTest
  @CsvSource({
    "10 01aa, -1, 0, -1",
    "00 01aa, -1, 0, -1",
    "9000 01aa, -1, 0, -1",
    "9080 00 01aa, 0, 128, -1",
    "9080 7f 01aa, 127, 128, -1",
    "9080 8000 01aa, 0, 32768, -1",
    "9080 ffff 01aa, 32767, 32768, -1",
    "9080 9234 01aa, 4660, 32768, -1",
    "9040 fe 01aa, -1, 0, 254",
    "9020 40 01aa, -1, 0, -1",
    "9010 05 01aa, -1, 0, -1",
    "9030 45 01aa, -1, 0, -1",
    "90f0 9234 07 45 01aa, 4660, 32768, 7",
    "90e0 11 00 20 01aa, 17, 128, 0",
    "b0c0 11 09 01aa, 17, 128, 9",
  })
  void shouldReadDescriptors(String hex, int pictureId, int modulus, int tl0) {
    byte[] b = hex(hex);
    assertTrue(read(b));
    assertEquals(pictureId, vp8.pictureId());
    assertEquals(tl0, vp8.tl0PicIdx());
    assertFalse(vp8.keyFrameStart());
    if (modulus != 0) {
      assertEquals(modulus, vp8.pictureIdModulus());
    }
  }

  /** S bit, partition, P bit, and whether a key frame starts (RFC 7741 sections 4.2, 4.3). */
  @ParameterizedTest
  @CsvSource({
    "10 10 0200 9d012a 8002 e001 00, true, 640, 480",
    "10 10 0200 9d012a 0045 d042 00, true, 1280, 720",
    "10 10 0200 9d012a ffff ffff 00, true, 16383, 16383",
    "10 11 0200 9d012a 8002 e001 00, false, 0, 0",
    "00 10 0200 9d012a 8002 e001 00, false, 0, 0",
    "11 10 0200 9d012a 8002 e001 00, false, 0, 0",
    "17 10 0200 9d012a 8002 e001 00, false, 0, 0",
    "30 10 0200 9d012a 8002 e001 00, true, 640, 480",
    "90f0 9234 07 45 10 0200 9d012a 8002 e001, true, 640, 480",
  })
  void shouldTellKeyFrames(String hex, boolean key, int width, int height) {
    byte[] b = hex(hex);
    assertTrue(read(b));
    assertEquals(key, vp8.keyFrameStart());
    if (key) {
      assertEquals(width, vp8.width());
      assertEquals(height, vp8.height());
    }
  }

  @Test
  void shouldRefuseEveryTruncationInsideTheDescriptor() {
    byte[] b = hex("90f0 9234 07 45");
    for (int length = 0; length <= b.length; length++) {
      assertFalse(read(Arrays.copyOf(b, length)), "length " + length);
    }
  }

  @Test
  void shouldForgetThePacketBefore() {
    byte[] key = Vp8Payloads.keyFrame(20_000, true, 5, 640, 360);
    assertTrue(read(key));
    assertTrue(vp8.keyFrameStart());
    byte[] plain = hex("10 01aa");
    assertTrue(read(plain));
    assertFalse(vp8.keyFrameStart());
    assertEquals(-1, vp8.pictureId());
    assertEquals(-1, vp8.tl0PicIdx());
    byte[] copy = plain.clone();
    vp8.rewrite(copy, 0, 77, 88);
    assertArrayEquals(plain, copy);
  }

  @ParameterizedTest
  @CsvSource({
    "90f0 9234 07 45 01aa, 32767, 255, 90f0 ffff ff 45 01aa",
    "90f0 9234 07 45 01aa, 0, 0, 90f0 8000 00 45 01aa",
    "90f0 34 07 45 01aa, 127, 3, 90f0 7f 03 45 01aa",
    "9080 34 01aa, 5, 3, 9080 05 01aa",
    "9040 34 01aa, 5, 3, 9040 03 01aa",
    "9020 34 01aa, 5, 3, 9020 34 01aa",
  })
  void shouldRewriteInTheSameWidths(String from, int pictureId, int tl0, String to) {
    byte[] b = hex(from);
    assertTrue(read(b));
    byte[] copy = new byte[b.length + 8];
    System.arraycopy(b, 0, copy, 7, b.length);
    vp8.rewrite(copy, 7, pictureId, tl0);
    assertArrayEquals(hex(to), Arrays.copyOfRange(copy, 7, 7 + b.length));
  }

  @Property(tries = 3000)
  void shouldNeverThrowAndRewriteWithinThePayload(
      @ForAll @Size(max = 20) byte[] payload, @ForAll @IntRange(max = 32_767) int pictureId) {
    if (!read(payload)) {
      return;
    }
    byte[] copy = payload.clone();
    int newId = pictureId % (vp8.pictureId() < 0 ? 1 : vp8.pictureIdModulus());
    boolean hasId = vp8.pictureId() >= 0;
    boolean hasTl0 = vp8.tl0PicIdx() >= 0;
    vp8.rewrite(copy, 0, newId, pictureId & 0xff);
    assertTrue(read(copy));
    assertEquals(hasId ? newId : -1, vp8.pictureId());
    assertEquals(hasTl0 ? pictureId & 0xff : -1, vp8.tl0PicIdx());
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}
