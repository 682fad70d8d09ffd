package dev.parley.signaling.token;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A key that signs and checks HS256 tokens.
 *
 * @param kid its name in the header of tokens, when it has one
 * @param value the secret, as text; never logged
 */
public record TokenSecret(Optional<String> kid, String value) {
  /** The value that the sample configuration carries. It is public, so it protects nothing. */
  public static final String SAMPLE = "change-me-this-sample-secret-protects-nothing";

  /** A key shorter than the hash is refused (RFC 7518, section 3.2). */
  public static final int MIN_BYTES = 32;

  /** A secret without a name. */
  public static TokenSecret of(String value) {
    return new TokenSecret(Optional.empty(), value);
  }

  /**
   * Why a secret must not be used outside development, or empty when it may.
   *
   * @return a sentence for the operator, without the secret
   */
  public static Optional<String> weakness(String value) {
    if (value.equals(SAMPLE)) {
      return Optional.of(
          "the token secret still has the value of the sample configuration: set one of your own");
    }
    if (value.getBytes(StandardCharsets.UTF_8).length < MIN_BYTES) {
      return Optional.of("the token secret is shorter than " + MIN_BYTES + " bytes");
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return "TokenSecret[kid=" + kid.orElse("") + "]";
  }
}
