package dev.parley.server.browser;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens of people who, unlike others in development, are no moderators. */
final class GuestToken {
  /** Of the server in tests. */
  static final String SECRET = "the-guests-of-a-test-prove-who-they-are";

  private static final Duration LIFE = Duration.ofMinutes(10);

  private GuestToken() {}

  /**
   * Makes one.
   *
   * @param claims JSON members beside the usual ones, or nothing
   */
  static String of(String identity, String claims) {
    String payload =
        """
        {"sub": "%s", "iss": "parley", "exp": %d%s}\
        """
            .formatted(
                identity,
                Instant.now().plus(LIFE).getEpochSecond(),
                claims.isEmpty() ? "" : ", " + claims);
    String signed = base64("{\"alg\": \"HS256\", \"typ\": \"JWT\"}") + "." + base64(payload);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
