package dev.parley.core.sdp;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * The hash of a DTLS certificate (RFC 8122).
 *
 * @param algorithm in lower case, for instance {@code sha-256}
 * @param value upper-case hexadecimal bytes with colons between
 */
public record Fingerprint(String algorithm, String value) {
  private static final HexFormat HEX = HexFormat.ofDelimiter(":").withUpperCase();

  static Fingerprint of(SdpLine line) {
    List<String> words = line.words(2, "a=fingerprint:hash bytes");
    String algorithm = line.token(words.get(0), 32, "the hash").toLowerCase(Locale.ROOT);
    String value = words.get(1).toUpperCase(Locale.ROOT);
    int size = size(algorithm);
    if (!isHex(value) || (size != 0 && value.length() != 3 * size - 1)) {
      throw line.invalid("the fingerprint is not that of a " + algorithm + " hash");
    }
    return new Fingerprint(algorithm, value);
  }

  /** Is the hash one that nobody can forge: SHA-256, SHA-384 or SHA-512? */
  public boolean strong() {
    return size(algorithm) >= 32;
  }

  /**
   * A copy of the hash's bytes.
   *
   * @throws IllegalArgumentException when the value is not hexadecimal; never for one that was read
   */
  public byte[] bytes() {
    return HEX.parseHex(value);
  }

  /** Bytes of a hash; 0 for one that is not known. */
  private static int size(String algorithm) {
    return switch (algorithm) {
      case "md5" -> 16;
      case "sha-1" -> 20;
      case "sha-224" -> 28;
      case "sha-256" -> 32;
      case "sha-384" -> 48;
      case "sha-512" -> 64;
      default -> 0;
    };
  }

  private static boolean isHex(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean good = i % 3 == 2 ? c == ':' : HexFormat.isHexDigit(c);
      if (!good) {
        return false;
      }
    }
    return value.length() % 3 == 2;
  }
}
