package dev.parley.core.dtls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A certificate's hash as {@code a=fingerprint} carries it (RFC 8122 section 5).
 *
 * @param algorithm {@code sha-256}, {@code sha-384} or {@code sha-512}, in any case
 * @param value hexadecimal bytes with colons, in any case
 */
public record DtlsFingerprint(String algorithm, String value) {
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

  /** The hash of a certificate in DER by {@code sha-256}, {@code sha-384} or {@code sha-512}. */
  static DtlsFingerprint of(String algorithm, byte[] der) {
    return new DtlsFingerprint(algorithm, COLONS.formatHex(digest(algorithm).digest(der)));
  }

  /** Whether this is the certificate's hash; false for an algorithm too weak or unknown. */
  boolean matches(byte[] der) {
    String name = algorithm.toLowerCase(Locale.ROOT);
    return switch (name) {
      case "sha-256", "sha-384", "sha-512" -> of(name, der).value.equalsIgnoreCase(value);
      default -> false;
    };
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.toUpperCase(Locale.ROOT));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
