package dev.parley.signaling.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.PlainText;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.RequestCodec;
import dev.parley.signaling.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Checks tokens. Only HS256 is accepted, whatever the token says of itself (RFC 8725, section 3.1).
 * Times are checked here and not by the library, so that each failure has its own code and the
 * clock is an argument. Any thread.
 */
public final class TokenVerifier {
  static final String ALGORITHM = "HS256";

  /** Clocks of servers differ by a little. */
  private static final int LEEWAY_SEC = 5;

  /** In UTF-16 units. */
  public static final int MAX_IDENTITY = 128;

  private final Optional<JWTAuth> jwt;
  private final boolean tokenRequired;
  private final Supplier<String> anonymousIdentity;

  /**
   * @param tokenRequired false lets people in without one (development); a token that is given
   *     counts all the same when there is a secret to check it with
   * @param anonymousIdentity names people who came without a token
   */
  public TokenVerifier(
      Vertx vertx,
      Optional<TokenSecret> secret,
      boolean tokenRequired,
      Supplier<String> anonymousIdentity) {
    if (tokenRequired && secret.isEmpty()) {
      throw new IllegalArgumentException("tokens are required but there is no secret");
    }
    this.jwt = secret.map(known -> jwt(vertx, known));
    this.tokenRequired = tokenRequired;
    this.anonymousIdentity = anonymousIdentity;
  }

  /** Whether a token may name somebody so. */
  public static boolean isIdentity(String text) {
    return !text.isBlank() && text.length() <= MAX_IDENTITY;
  }

  static JWTAuth jwt(Vertx vertx, TokenSecret secret) {
    JWTOptions options = new JWTOptions().setAlgorithm(ALGORITHM).setIgnoreExpiration(true);
    secret.issuer().ifPresent(options::setIssuer);
    return JWTAuth.create(
        vertx,
        new JWTAuthOptions()
            .setJWTOptions(options)
            .addPubSecKey(
                new PubSecKeyOptions()
                    .setAlgorithm(ALGORITHM)
                    .setBuffer(Buffer.buffer(secret.value()))));
  }

  /** Never fails: whatever is wrong with the token is a {@link TokenVerdict.Denied}. */
  public Future<TokenVerdict> verify(Optional<String> token, long nowSec) {
    if (token.isEmpty() || (jwt.isEmpty() && !tokenRequired)) {
      return Future.succeededFuture(
          tokenRequired
              ? denied(ErrorCode.NOT_AUTHENTICATED, "a token is required: get one and try again")
              : new TokenVerdict.Granted(
                  anonymousIdentity.get(), Optional.empty(), Optional.empty()));
    }
    if (!isSignedAsExpected(token.get())) {
      return Future.succeededFuture(invalid("the token is not a JWT signed with " + ALGORITHM));
    }
    TokenCredentials credentials = new TokenCredentials(token.get());
    // Inside compose, since the library throws on some claims of the wrong type.
    return Future.succeededFuture(jwt.orElseThrow())
        .compose(known -> known.authenticate(credentials))
        .map(user -> read(user, nowSec))
        .otherwise(refused ->
            invalid("the token's signature, issuer or claims are not what this server expects"));
  }

  private static boolean isSignedAsExpected(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return false;
    }
    try {
      JsonNode header = WireJson.MAPPER.readTree(decodeText(parts[0]));
      return header.isObject() && header.path("alg").asText().equals(ALGORITHM);
    } catch (IllegalArgumentException | JsonProcessingException notBase64OrJson) {
      return false;
    }
  }

  private static String decodeText(String base64) {
    return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static TokenVerdict read(User user, long nowSec) {
    JsonObject claims = user.attributes().getJsonObject("accessToken", new JsonObject());
    for (String time : new String[] {"exp", "nbf", "iat"}) {
      Object value = claims.getValue(time);
      if (value != null && !(value instanceof Number)) {
        return invalid("the token's " + time + " is not a number of seconds");
      }
    }
    if (!(claims.getValue("exp") instanceof Number expiry)) {
      return invalid("the token has no exp: tokens must expire");
    }
    if (expiry.longValue() + LEEWAY_SEC <= nowSec) {
      return denied(
          ErrorCode.TOKEN_EXPIRED,
          "the token expired " + (nowSec - expiry.longValue()) + " s ago: get a new one");
    }
    if (claims.getValue("nbf") instanceof Number start && start.longValue() - LEEWAY_SEC > nowSec) {
      long waitSec = start.longValue() - nowSec;
      return new TokenVerdict.Denied(
          Refusal.retryAfter(
              ErrorCode.TOKEN_NOT_YET_VALID,
              "the token is valid in " + waitSec + " s only",
              waitSec * 1000));
    }
    if (!(claims.getValue("sub") instanceof String identity) || !isIdentity(identity)) {
      return invalid("the token has no sub, or not a text of 1 to " + MAX_IDENTITY + " characters");
    }
    Object name = claims.getValue("name");
    Object room = claims.getValue("room");
    if ((name != null && !(name instanceof String))
        || (room != null && !(room instanceof String))) {
      return invalid("the token's name and room must be texts");
    }
    return new TokenVerdict.Granted(
        identity,
        name instanceof String text ? displayName(text) : Optional.empty(),
        room instanceof String text ? Optional.of(text) : Optional.empty());
  }

  private static Optional<String> displayName(String claim) {
    String plain = PlainText.of(claim);
    int length = plain.codePointCount(0, plain.length());
    return plain.isEmpty()
        ? Optional.empty()
        : Optional.of(
            length <= RequestCodec.MAX_DISPLAY_NAME
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, RequestCodec.MAX_DISPLAY_NAME)));
  }

  private static TokenVerdict invalid(String message) {
    return denied(ErrorCode.TOKEN_INVALID, message);
  }

  private static TokenVerdict denied(ErrorCode code, String message) {
    return new TokenVerdict.Denied(Refusal.of(code, message));
  }
}
