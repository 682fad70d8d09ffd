package dev.parley.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.signaling.token.TokenRules;
import dev.parley.signaling.token.TokenText;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.token.TokenVerifier;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.Optional;

/** What a token says, and what this server makes of it. */
final class TokenReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TokenReport() {}

  /**
   * Prints both. The claims come from whoever made the token: what could steer a terminal is
   * escaped.
   *
   * @return whether this server would let its holder in
   */
  static boolean print(Vertx vertx, TokenRules rules, String token, long nowSec, PrintWriter out) {
    Optional<TokenText> text = TokenText.parse(token);
    text.ifPresent(known -> {
      out.println("header   " + shown(known.header().toString()));
      out.println("claims   " + pretty(known.claims()));
    });
    if (!rules.canVerify()) {
      out.println(
          "verdict  not checked: with --dev and without a key this server lets everybody in");
      return text.isPresent();
    }
    TokenVerifier verifier = new TokenVerifier(vertx, rules, true, () -> "");
    return switch (verifier.verify(Optional.of(token), nowSec).await()) {
      case TokenVerdict.Granted who -> {
        out.println("verdict  accepted for " + expiry(who, nowSec));
        out.println("rooms    " + (who.rooms().isEmpty() ? "all" : shown(who.rooms().toString())));
        out.println("role     " + who.grants().role().wireName());
        out.println("grants   " + String.join(", ", who.grants().permissions()));
        yield true;
      }
      case TokenVerdict.Denied denied -> {
        out.println(
            "verdict  %s: %s"
                .formatted(denied.refusal().code().wireName(), denied.refusal().message()));
        yield false;
      }
    };
  }

  private static String expiry(TokenVerdict.Granted who, long nowSec) {
    return who.validity()
        .map(validity -> validity.expiresAtSec() - nowSec + " s more")
        .orElse("ever");
  }

  private static String pretty(JsonNode node) {
    try {
      return shown(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node));
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("a tree that was read cannot be written", broken);
    }
  }

  private static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    text.chars()
        .forEach(c -> {
          int type = Character.getType(c);
          boolean steers =
              type == Character.FORMAT || (type == Character.CONTROL && c != '\n' && c != '\r');
          shown.append(steers ? "\\u%04x".formatted(c) : String.valueOf((char) c));
        });
    return shown.toString();
  }
}
