package dev.parley.core.sdp;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which variants of a codec the engine forwards, and which it would rather have. Variants that
 * receivers may lack are left out: a slot shows whatever a publisher sends.
 */
final class CodecProfiles {
  /** The variant is not taken. */
  static final int NONE = -1;

  /** The H.264 profiles that every browser with H.264 decodes, best first. */
  enum H264Profile {
    CONSTRAINED_BASELINE,
    BASELINE,
    MAIN
  }

  /** RFC 6184 section 8.1: Baseline, level 1. */
  private static final String DEFAULT_LEVEL_ID = "42000a";

  private CodecProfiles() {}

  /**
   * From 0, the best, or {@link #NONE}. Codecs of one name and one rank are the same to a receiver,
   * whatever their levels.
   */
  static int rank(String name, Map<String, String> fmtp) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "VP9" -> zero(fmtp, "profile-id"); // RFC 9628 section 6
      case "AV1" -> zero(fmtp, "profile");
      case "H264" -> h264(fmtp);
      default -> 0;
    };
  }

  /** The parameter is 0, also where nothing is said. */
  private static int zero(Map<String, String> fmtp, String parameter) {
    return fmtp.getOrDefault(parameter, "0").equals("0") ? 0 : NONE;
  }

  /** Packetization mode 1 fragments large units without reordering them; 0, the default, cannot. */
  private static int h264(Map<String, String> fmtp) {
    if (!fmtp.getOrDefault("packetization-mode", "0").equals("1")) {
      return NONE;
    }
    return h264Profile(fmtp.getOrDefault("profile-level-id", DEFAULT_LEVEL_ID))
        .map(Enum::ordinal)
        .orElse(NONE);
  }

  /**
   * RFC 6184 table 5: the constraint bits tell profiles apart that one number covers.
   *
   * @param profileLevelId six hexadecimal digits: profile, constraints, level
   */
  static Optional<H264Profile> h264Profile(String profileLevelId) {
    int value = hexadecimal(profileLevelId);
    if (value < 0) {
      return Optional.empty();
    }
    int profile = value >> 16;
    int constraints = value >> 8 & 0xff;
    if ((constraints & 0x0f) != 0) {
      return Optional.empty();
    }
    boolean set0 = (constraints & 0x80) != 0;
    boolean set1 = (constraints & 0x40) != 0;
    boolean set2 = (constraints & 0x20) != 0;
    return switch (profile) {
      case 0x42 -> Optional.of(set1 ? H264Profile.CONSTRAINED_BASELINE : H264Profile.BASELINE);
      case 0x4d ->
          set0
              ? Optional.of(H264Profile.CONSTRAINED_BASELINE)
              : set2 ? Optional.empty() : Optional.of(H264Profile.MAIN);
      case 0x58 ->
          set0
              ? Optional.of(set1 ? H264Profile.CONSTRAINED_BASELINE : H264Profile.BASELINE)
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Negative unless there are six digits. */
  private static int hexadecimal(String text) {
    if (text.length() != 6) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < 6; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0 || text.charAt(i) > 'f') {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
