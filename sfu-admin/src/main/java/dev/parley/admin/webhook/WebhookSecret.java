package dev.parley.admin.webhook;

import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;

/**
 * What signs the requests to an endpoint, and is known there as well: {@code whsec_} and the key in
 * base64.
 */
public final class WebhookSecret {
  static final String ALGORITHM = "HmacSHA256";

  private static final String PREFIX = "whsec_";
  private static final int LEAST_BYTES = 24;
  private static final int MOST_BYTES = 64;

  private final SecretKeySpec key;

  private WebhookSecret(SecretKeySpec key) {
    this.key = key;
  }

  /**
   * Reads a secret.
   *
   * @throws IllegalArgumentException when it is none; the message does not show it
   */
  public static WebhookSecret of(String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text.startsWith(PREFIX) ? text.substring(6) : "!");
    } catch (IllegalArgumentException malformed) {
      throw unusable();
    }
    if (bytes.length < LEAST_BYTES || bytes.length > MOST_BYTES) {
      throw unusable();
    }
    return new WebhookSecret(new SecretKeySpec(bytes, ALGORITHM));
  }

  private static IllegalArgumentException unusable() {
    return new IllegalArgumentException(
        "expected %s and %d to %d random bytes in base64, as from: echo %s$(openssl rand -base64 32)"
            .formatted(PREFIX, LEAST_BYTES, MOST_BYTES, PREFIX));
  }

  SecretKeySpec key() {
    return key;
  }

  @Override
  public String toString() {
    return "(hidden)";
  }
}
