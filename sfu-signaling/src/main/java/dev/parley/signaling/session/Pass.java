package dev.parley.signaling.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.WireJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a checked hello is worth.
 *
 * @param expiresAtMs when its token ends, in milliseconds since 1970; empty without a token
 * @param address the network address; empty: not known
 */
record Pass(TokenVerdict.Granted who, OptionalLong expiresAtMs, String address) {
  /**
   * @param token the text that was checked, or made by this server
   */
  static Pass of(TokenVerdict.Granted who, Optional<String> token, String address) {
    return new Pass(who, token.map(Pass::expiresAtMs).orElse(OptionalLong.empty()), address);
  }

  private static OptionalLong expiresAtMs(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return OptionalLong.empty();
    }
    try {
      byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
      JsonNode expiry =
          WireJson.MAPPER.readTree(new String(claims, StandardCharsets.UTF_8)).path("exp");
      return expiry.isNumber() ? OptionalLong.of(expiry.longValue() * 1000) : OptionalLong.empty();
    } catch (IllegalArgumentException | JsonProcessingException notAToken) {
      return OptionalLong.empty();
    }
  }
}
