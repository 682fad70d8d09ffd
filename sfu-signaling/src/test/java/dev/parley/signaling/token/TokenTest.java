package dev.parley.signaling.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.TestClient;
import dev.parley.signaling.TestServer;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.wire.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class TokenTest {
  private static final long NOW = 1_800_000_000L;
  private static final Vertx VERTX = Vertx.vertx();
  private static final TokenVerifier VERIFIER =
      new TokenVerifier(VERTX, TestServer.TOKENS, true, () -> "nobody");
  private static final TokenMinter MINTER = new TokenMinter(VERTX, TestServer.TOKENS);

  @AfterAll
  static void close() {
    TestClient.get(VERTX.close().toCompletionStage());
  }

  private static String mint() {
    return MINTER.mint("anna", Optional.of("Anna"), Optional.of("r"), Duration.ofMinutes(10), NOW);
  }

  private static TokenVerdict verdict(String token, long now) {
    return TestClient.get(VERIFIER.verify(Optional.of(token), now).toCompletionStage());
  }

  private static ErrorCode refusal(String token, long now) {
    return assertInstanceOf(TokenVerdict.Denied.class, verdict(token, now)).refusal().code();
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String signed(JsonObject claims) {
    return JWTAuth.create(
            VERTX,
            new JWTAuthOptions()
                .addPubSecKey(KeyRing.options(TestServer.TOKENS.secrets().getFirst())))
        .generateToken(
            claims.put("iss", "parley"),
            new JWTOptions().setAlgorithm("HS256").setNoTimestamp(true));
  }

  @Test
  void shouldReadItsOwnTokens() {
    TokenVerdict.Granted granted =
        assertInstanceOf(TokenVerdict.Granted.class, verdict(mint(), NOW));
    assertEquals("anna", granted.identity());
    assertEquals(Optional.of("Anna"), granted.name());
    assertTrue(granted.opens("r"));
    assertFalse(granted.opens("s"));
  }

  @Test
  void shouldKnowTheTime() {
    assertInstanceOf(TokenVerdict.Granted.class, verdict(mint(), NOW + 600));
    assertEquals(ErrorCode.TOKEN_EXPIRED, refusal(mint(), NOW + 606));
    assertInstanceOf(TokenVerdict.Granted.class, verdict(mint(), NOW - 5));
    assertEquals(ErrorCode.TOKEN_NOT_YET_VALID, refusal(mint(), NOW - 6));
  }

  @Test
  void shouldRefuseForgeries() {
    String[] parts = mint().split("\\.", -1);
    String none = base64("{\"alg\":\"none\",\"typ\":\"JWT\"}");
    String admin = base64("{\"sub\":\"root\",\"iss\":\"parley\",\"exp\":" + (NOW + 60) + "}");
    for (String forged :
        new String[] {
          "",
          "x",
          "a.b.c",
          "..",
          none + "." + parts[1] + ".",
          none + "." + parts[1] + "." + parts[2],
          parts[0] + "." + admin + "." + parts[2],
          parts[0] + "." + parts[1] + ".",
          parts[0] + "." + parts[1] + "." + base64("no signature at all"),
          base64("{\"alg\":\"HS512\"}") + "." + parts[1] + "." + parts[2]
        }) {
      assertEquals(ErrorCode.TOKEN_INVALID, refusal(forged, NOW), forged);
    }
    TokenMinter other =
        new TokenMinter(
            VERTX,
            TokenRules.of(TokenSecret.of("another secret, as long as the first one"), "parley"));
    assertEquals(
        ErrorCode.TOKEN_INVALID,
        refusal(
            other.mint("a", Optional.empty(), Optional.empty(), Duration.ofSeconds(9), NOW), NOW));
    TokenMinter elsewhere =
        new TokenMinter(VERTX, TokenRules.of(TestServer.TOKENS.secrets().getFirst(), "else"));
    assertEquals(
        ErrorCode.TOKEN_INVALID,
        refusal(
            elsewhere.mint("a", Optional.empty(), Optional.empty(), Duration.ofSeconds(9), NOW),
            NOW));
  }

  @Test
  void shouldRefuseClaimsOfTheWrongKind() {
    long exp = NOW + 60;
    assertEquals(ErrorCode.TOKEN_INVALID, refusal(signed(new JsonObject().put("sub", "a")), NOW));
    for (JsonObject claims :
        new JsonObject[] {
          new JsonObject().put("exp", exp),
          new JsonObject().put("exp", exp).put("sub", 7),
          new JsonObject().put("exp", exp).put("sub", " "),
          new JsonObject().put("exp", exp).put("sub", "a".repeat(129)),
          new JsonObject().put("exp", "soon").put("sub", "a"),
          new JsonObject().put("exp", exp).put("sub", "a").put("room", 7),
          new JsonObject().put("exp", exp).put("sub", "a").put("name", true)
        }) {
      assertEquals(ErrorCode.TOKEN_INVALID, refusal(signed(claims), NOW), claims.encode());
    }
  }

  @Test
  void shouldNotServeWithoutASecretOfItsOwn() {
    for (Optional<TokenRules> tokens :
        List.of(
            Optional.<TokenRules>empty(),
            Optional.of(TokenRules.of(TokenSecret.of(TokenSecret.SAMPLE), "parley")),
            Optional.of(TokenRules.of(TokenSecret.of("short"), "parley")))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> TestServer.with(SignalingConfig.Limits.DEFAULT, tokens, false));
    }
    assertFalse(
        TestServer.TOKENS.toString().contains(TestServer.TOKENS.secrets().getFirst().value()));
  }
}
