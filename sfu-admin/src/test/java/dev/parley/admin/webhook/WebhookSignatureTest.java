package dev.parley.admin.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebhookSignatureTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

  private static String sign(String... secrets) {
    return WebhookSignature.of(
        List.of(secrets).stream().map(WebhookSecret::of).toList(),
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        BODY);
  }

  @Test
  void shouldSignAsTheSpecificationsVectorSays() {
    assertEquals(SIGNATURE, sign(SECRET));
  }

  @Test
  void shouldSignWithBothSecretsWhileOneIsChanged() {
    String other = "whsec_" + "B".repeat(32);
    assertEquals(sign(other) + " " + SIGNATURE, sign(other, SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa",
        "whsec_not base64 at all, but long enough",
        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
      })
  void shouldRefuseWhatIsNoSecretWithoutShowingIt(String text) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> WebhookSecret.of(text));
    assertFalse(text.length() > 6 && String.valueOf(refused.getMessage()).contains(text));
  }

  @Test
  void shouldNotShowASecret() {
    assertEquals("(hidden)", WebhookSecret.of(SECRET).toString());
  }
}
