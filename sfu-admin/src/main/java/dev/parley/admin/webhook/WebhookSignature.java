package dev.parley.admin.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;

/** The header {@code webhook-signature}: one {@code v1} signature for each secret. */
final class WebhookSignature {
  private WebhookSignature() {}

  /**
   * Signs one request.
   *
   * @param atSec when it is sent, in seconds since 1970
   */
  static String of(List<WebhookSecret> secrets, String id, long atSec, byte[] body) {
    return secrets.stream()
        .map(secret -> "v1," + signature(secret, id, atSec, body))
        .collect(Collectors.joining(" "));
  }

  private static String signature(WebhookSecret secret, String id, long atSec, byte[] body) {
    try {
      Mac mac = Mac.getInstance(WebhookSecret.ALGORITHM);
      mac.init(secret.key());
      mac.update((id + "." + atSec + ".").getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + WebhookSecret.ALGORITHM, e);
    }
  }
}
