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

  @Test
  void shouldStandParametersThatAreCut() {
    byte[] whole = HexFormat.of().parseHex(PARAMETERS_360);
    for (int length = 1; length < whole.length; length++) {
      String cut = HexFormat.of().formatHex(Arrays.copyOf(whole, length));
      assertTrue(read(cut), "first " + length + " bytes");
    }
  }
}
