package dev.parley.core.sdp;

import static dev.parley.core.sdp.CodecProfiles.H264Profile.BASELINE;
import static dev.parley.core.sdp.CodecProfiles.H264Profile.CONSTRAINED_BASELINE;
import static dev.parley.core.sdp.CodecProfiles.H264Profile.MAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecProfilesTest {
  static Stream<Arguments> taken() {
    return Stream.of(
        Arguments.of("42e01f", CONSTRAINED_BASELINE),
        Arguments.of("42E034", CONSTRAINED_BASELINE),
        Arguments.of("42c00b", CONSTRAINED_BASELINE),
        Arguments.of("42401f", CONSTRAINED_BASELINE),
        Arguments.of("4d801f", CONSTRAINED_BASELINE),
        Arguments.of("58c01f", CONSTRAINED_BASELINE),
        Arguments.of("42001f", BASELINE),
        Arguments.of("42a01f", BASELINE),
        Arguments.of("58801f", BASELINE),
        Arguments.of("4d001f", MAIN),
        Arguments.of("4d4033", MAIN));
  }

  @ParameterizedTest
  @MethodSource("taken")
  void shouldTellProfilesByTheirConstraints(String levelId, CodecProfiles.H264Profile profile) {
    assertEquals(Optional.of(profile), CodecProfiles.h264Profile(levelId));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "64001f", "640c1f", "f4001f", "58001f", "4d201f", "42e11f", "", "42e0", "42e01f0", "42e0zz",
        "-42e01", "٤٢e01f"
      })
  void shouldTakeNoOtherProfile(String levelId) {
    assertEquals(Optional.empty(), CodecProfiles.h264Profile(levelId));
  }

  @Test
  void shouldAssumeWhatTheFormatsSayOfSilence() {
    assertEquals(BASELINE.ordinal(), rank("H264", Map.of("packetization-mode", "1")));
    assertEquals(CodecProfiles.NONE, rank("H264", Map.of("profile-level-id", "42e01f")));
    assertEquals(0, rank("VP9", Map.of()));
    assertEquals(0, rank("AV1", Map.of()));
  }

  @Test
  void shouldTakeTheFirstProfileOfVp9AndAv1Only() {
    assertEquals(0, rank("vp9", Map.of("profile-id", "0")));
    assertEquals(CodecProfiles.NONE, rank("VP9", Map.of("profile-id", "2")));
    assertEquals(0, rank("av1", Map.of("profile", "0")));
    assertEquals(CodecProfiles.NONE, rank("AV1", Map.of("profile", "1")));
  }

  @Test
  void shouldTakeWhatHasNoProfiles() {
    assertEquals(0, rank("VP8", Map.of("max-fs", "12288")));
  }

  private static int rank(String name, Map<String, String> fmtp) {
    return CodecProfiles.rank(name, fmtp);
  }
}
