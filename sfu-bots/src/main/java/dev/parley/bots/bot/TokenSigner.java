package dev.parley.bots.bot;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.bots.scenario.Tokens;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Gives bots their join tokens (RFC 7519, HS256). Any thread. */
public final class TokenSigner {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final long LIFETIME_SEC = 6 * 3600;

  private final Tokens tokens;

  public TokenSigner(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * The token of a bot; empty when bots bring none.
   *
   * @param number of the bot in the run, from 0
   * @param role of {@code docs/tokens.md}
   */
  public Optional<String> token(String identity, int number, String role, long unixSeconds) {
    return switch (tokens) {
      case Tokens.None none -> Optional.empty();
      case Tokens.Finished finished ->
          Optional.of(finished.tokens().get(number % finished.tokens().size()));
      case Tokens.Signed signed -> Optional.of(sign(signed, identity, role, unixSeconds));
    };
  }

  private static String sign(Tokens.Signed signed, String identity, String role, long unixSeconds) {
    ObjectNode header = JSON.createObjectNode().put("alg", "HS256").put("typ", "JWT");
    signed.kid().ifPresent(kid -> header.put("kid", kid));
    ObjectNode claims =
        JSON.createObjectNode()
            .put("sub", identity)
            .put("iat", unixSeconds)
            .put("exp", unixSeconds + LIFETIME_SEC)
            .put("role", role);
    if (!signed.issuer().isEmpty()) {
      claims.put("iss", signed.issuer());
    }
    String text = part(header) + "." + part(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      byte[] secret = signed.secret().getBytes(StandardCharsets.UTF_8);
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + BASE64.encodeToString(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static String part(ObjectNode node) {
    return BASE64.encodeToString(node.toString().getBytes(StandardCharsets.UTF_8));
  }
}
