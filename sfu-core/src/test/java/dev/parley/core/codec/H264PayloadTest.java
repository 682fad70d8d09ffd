package dev.parley.core.codec;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class H264PayloadTest {
  /** Chromium's, baseline, 640 times 360: 23 rows of macroblocks, cropped by 8 lines. */
  private static final String PARAMETERS_360 = "6742c01f8c8d405017fcb35060606078442350";

  private final VideoPayload h264 = VideoPayload.of(Codec.H264, 0);
  private int timestamp;

  private boolean read(String hex) {
    return h264.read(
        rtp().timestamp(timestamp).payload(HexFormat.of().parseHex(hex.replace(" ", ""))).packet());
  }

  /** What a packet begins with, and whether a key frame does. */
  @ParameterizedTest
  @CsvSource({
    "65 88 84, true",
    "41 9a 00, false",
    "67 42c01f, true",
    "68 ce3c80, false",
    "06 0505, false",
    "78 0002 6500 0002 4100, true",
    "78 0002 6742 0002 68ce, true",
    "78 0002 4100, false",
    "7c 85 88, true",
    "7c 05 88, false",
    "7c 45 88, false",
    "7c 81 88, false",
  })
  void shouldTellKeyFrames(String hex, boolean key) {
    assertTrue(read(hex));
    assertEquals(key, h264.keyFrameStart());
  }

  @ParameterizedTest
  @CsvSource({"78 00", "78 0005 6500", "78 0000", "7c", "00 01", "7d 01 02", "7e 01"})
  void shouldRefuseWhatIsCutOrNotNegotiated(String hex) {
    assertFalse(read(hex));
  }

  @Test
  void shouldBeginOnceInAPicture() {
    timestamp = 5;
    assertTrue(read("78 0002 6742 0002 68ce"));
    assertTrue(h264.keyFrameStart() && h264.frameStart());
    assertTrue(read("7c 85 88"));
    assertFalse(h264.keyFrameStart() || h264.frameStart());
    timestamp = 6;
    assertTrue(read("41 9a"));
    assertTrue(h264.frameStart());
    assertFalse(h264.keyFrameStart());
    timestamp = 7;
    assertTrue(read("65 88"));
    assertTrue(h264.keyFrameStart());
  }

  @Test
  void shouldReadTheSizeOfThePicture() {
    assertTrue(read(PARAMETERS_360));
    assertEquals(640, h264.width());
    assertEquals(360, h264.height());
  }

  /** Macroblocks across and down, whether frames only, cropped left, right, top, bottom; pixels. */
  @ParameterizedTest
  @CsvSource({
    "40, 30, true, '', 640, 480",
    "80, 45, true, '', 1280, 720",
    "120, 68, true, '0 0 0 4', 1920, 1080",
    "120, 34, false, '0 0 0 2', 1920, 1080",
    "40, 30, true, '1 2 3 4', 634, 466",
    "1, 1, true, '', 16, 16",
    "1, 1, true, '4 4 0 0', 0, 0",
    "2000, 30, true, '', 0, 0",
  })
  void shouldReadSizesWithTheirCropping(
      int across, int down, boolean framesOnly, String crop, int width, int height) {
    // Baseline; then level, the orders of pictures of type 2, one reference.
    StringBuilder bits = new StringBuilder("01000010" + "00000000" + "00011111" + golomb(0));
    bits.append(golomb(0) + golomb(2) + golomb(1) + "0" + golomb(across - 1) + golomb(down - 1));
    bits.append(framesOnly ? "1" : "01").append("1").append(crop.isEmpty() ? "0" : "1");
    for (String c : crop.isEmpty() ? new String[0] : crop.split(" ", -1)) {
      bits.append(golomb(Integer.parseInt(c)));
    }
    assertTrue(read("67" + hex(bits + "01")));
    assertEquals(width, h264.width());
    assertEquals(height, h264.height());
  }

  /** A 3 behind two zeros is no part of what was written (ITU-T H.264 section 7.4.1). */
  @Test
  void shouldLeaveOutTheBytesThatPreventEmulation() {
    // Order of pictures of type 1 with long offsets, which give zeros.
    String zeros = "0".repeat(24) + "1" + "0".repeat(24);
    String bits =
        "01000010" + "00000000" + "00011111" + golomb(0) + golomb(0) + golomb(1) + "0" + zeros;
    bits += golomb(0) + golomb(0) + golomb(1) + "0" + golomb(39) + golomb(29) + "1" + "1" + "0";
    String plain = hex(bits + "1");
    String sent = plain.replace("0000020000", "00000302000003");
    assertEquals(plain.length() + 4, sent.length());
    assertTrue(read("67" + sent));
    assertEquals("640x480", h264.width() + "x" + h264.height());
    VideoPayload other = h264.sibling();
    String aggregated = "78" + String.format("%04x", 1 + sent.length() / 2) + "67" + sent;
    assertTrue(other.read(rtp().payload(HexFormat.of().parseHex(aggregated)).packet()));
    assertTrue(other.keyFrameStart());
    assertEquals("640x480", other.width() + "x" + other.height());
  }

  private static String golomb(int value) {
    String binary = Integer.toBinaryString(value + 1);
    return "0".repeat(binary.length() - 1) + binary;
  }

  private static String hex(String bits) {
    String padded = bits + "0".repeat(-bits.length() & 7);
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < padded.length(); i += 8) {
      hex.append(String.format("%02x", Integer.parseInt(padded.substring(i, i + 8), 2)));
    }
    return hex.toString();
  }

  @Test
  void shouldStandParametersThatAreCut() {
    byte[] whole = HexFormat.of().parseHex(PARAMETERS_360);
    for (int length = 1; length < whole.length; length++) {
      String cut = HexFormat.of().formatHex(Arrays.copyOf(whole, length));
      assertTrue(read(cut), "first " + length + " bytes");
    }
  }
}
