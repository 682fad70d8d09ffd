package dev.parley.signaling.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.TrackSource;
import dev.parley.signaling.TestClient;
import dev.parley.signaling.TestServer;
import dev.parley.signaling.token.TokenRules.KeySetSource;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Role;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.spec.InvalidKeySpecException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TokenMinterTest {
  private static final long NOW = Jwts.NOW;
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir private Path directory = Path.of("");

  @AfterAll
  static void close() {
    TestClient.get(VERTX.close().toCompletionStage());
  }

  private static TokenVerdict.Granted granted(Grants grants) {
    return new TokenVerdict.Granted(
        "anna",
        Optional.of("Anna"),
        Map.of("team", "red"),
        List.of("standup", "lab-*"),
        grants,
        Optional.empty());
  }

  private static TokenVerdict.Granted read(TokenRules rules, String token, long nowSec) {
    return assertInstanceOf(
        TokenVerdict.Granted.class, Jwts.verdict(Jwts.verifier(VERTX, rules), token, nowSec));
  }

  private static void assertSame(TokenVerdict.Granted expected, TokenVerdict.Granted read) {
    assertEquals(
        expected,
        new TokenVerdict.Granted(
            read.identity(),
            read.name(),
            read.attributes(),
            read.rooms(),
            read.grants(),
            Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void shouldReadWhatItWrote(Role role) {
    TokenMinter minter = new TokenMinter(VERTX, TestServer.TOKENS);
    Grants usual = Grants.of(role);
    for (Set<TrackSource> publish :
        List.of(
            Set.<TrackSource>of(),
            Set.of(TrackSource.MICROPHONE, TrackSource.SCREEN_AUDIO),
            EnumSet.allOf(TrackSource.class))) {
      Grants turned =
          new Grants(
              publish,
              !usual.subscribe(),
              !usual.chat(),
              !usual.data(),
              !usual.moderate(),
              role,
              !usual.bypassQueue(),
              9,
              OptionalInt.of(600));
      for (Grants grants : List.of(usual, turned)) {
        TokenVerdict.Granted who = granted(grants);
        String token = minter.mint(who, Duration.ofMinutes(5), NOW);
        assertSame(who, read(TestServer.TOKENS, token, NOW));
      }
    }
  }

  @Test
  void shouldOpenTheRoomsItNames() {
    TokenVerdict.Granted who = granted(Grants.DEFAULT);
    assertTrue(who.opens("standup") && who.opens("lab-7") && who.opens("lab-"));
    for (String other : List.of("standup2", "Standup", "lab", "xlab-7", "*", "")) {
      assertTrue(!who.opens(other), other);
    }
    assertTrue(TokenVerdict.Granted.anonymous("x").opens("anything"));
  }

  @Test
  void shouldRefreshWithTheSameGrantsAndLifetime() {
    TokenMinter minter = new TokenMinter(VERTX, TestServer.TOKENS);
    TokenVerdict.Granted who = granted(Grants.of(Role.MODERATOR));
    TokenVerdict.Granted first =
        read(TestServer.TOKENS, minter.mint(who, Duration.ofMinutes(5), NOW), NOW + 290);
    String fresh = minter.refresh(first, NOW + 290).orElseThrow();
    TokenVerdict.Granted again = read(TestServer.TOKENS, fresh, NOW + 589);
    assertSame(who, again);
    assertEquals(Optional.of(new TokenVerdict.Validity(NOW + 590, 300)), again.validity());
    assertEquals(Optional.empty(), minter.refresh(TokenVerdict.Granted.anonymous("x"), NOW));
  }

  @Test
  void shouldSignWithAPrivateKeyWhatTheKeySetChecks() throws Exception {
    KeyPair rsa = Jwts.rsa(2048);
    KeyPair ed = Jwts.ed25519();
    Path file = directory.resolve("keys.json");
    Files.writeString(file, Jwts.set(Jwts.rsaJwk(rsa, "r"), Jwts.ed25519Jwk(ed, "e")));
    TokenRules rules =
        new TokenRules(
            List.of(),
            new KeySetSource(
                Optional.of(file),
                Optional.empty(),
                KeySetSource.DEFAULT_REFRESH,
                KeySetSource.DEFAULT_RETRY),
            Optional.of("parley"),
            Optional.of("calls"),
            TokenRules.DEFAULT_LEEWAY);
    for (SigningKey key :
        List.of(
            SigningKey.ofPem(Jwts.pem(rsa.getPrivate()), Optional.of("r")),
            SigningKey.ofPem("text before\n" + Jwts.pem(ed.getPrivate()), Optional.of("e")))) {
      TokenVerdict.Granted who = granted(Grants.DEFAULT);
      String token = new TokenMinter(VERTX, key, rules).mint(who, Duration.ofMinutes(1), NOW);
      assertSame(who, read(rules, token, NOW));
    }
    assertThrows(IllegalArgumentException.class, () -> new TokenMinter(VERTX, rules));
  }

  @Test
  void shouldTakeNothingElseForAPrivateKey() {
    for (String text :
        List.of(
            "",
            "a secret",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            Jwts.pem(Jwts.rsa(2048).getPrivate()).replace("PRIVATE", "RSA PRIVATE"),
            Jwts.pem(Jwts.x25519().getPrivate()))) {
      assertThrows(
          InvalidKeySpecException.class, () -> SigningKey.ofPem(text, Optional.empty()), text);
    }
  }

  @Test
  void shouldLookAtTheAudienceWhenThereIsOne() {
    TokenSecret secret = TestServer.TOKENS.secrets().getFirst();
    TokenRules calls =
        new TokenRules(
            List.of(secret),
            KeySetSource.NONE,
            Optional.empty(),
            Optional.of("calls"),
            Duration.ofSeconds(60));
    TokenVerifier verifier = Jwts.verifier(VERTX, calls);
    String header = "{\"alg\":\"HS256\"}";
    for (String aud : List.of("\"calls\"", "[\"mail\",\"calls\"]")) {
      String token = Jwts.hs256(secret.value(), header, Jwts.claims(",\"aud\":" + aud));
      assertInstanceOf(TokenVerdict.Granted.class, Jwts.verdict(verifier, token, NOW + 119), aud);
      TokenVerdict.Denied late =
          assertInstanceOf(TokenVerdict.Denied.class, Jwts.verdict(verifier, token, NOW + 120));
      assertEquals(ErrorCode.TOKEN_EXPIRED, late.refusal().code());
    }
    for (String aud : List.of("", ",\"aud\":\"mail\"", ",\"aud\":[\"mail\"]")) {
      String token = Jwts.hs256(secret.value(), header, Jwts.claims(aud));
      TokenVerdict.Denied denied =
          assertInstanceOf(TokenVerdict.Denied.class, Jwts.verdict(verifier, token, NOW), aud);
      assertEquals("aud", denied.refusal().details().get("claim"));
    }
  }
}
