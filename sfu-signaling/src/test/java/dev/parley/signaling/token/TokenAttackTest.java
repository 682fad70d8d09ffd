package dev.parley.signaling.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.TestClient;
import dev.parley.signaling.token.TokenRules.KeySetSource;
import dev.parley.signaling.wire.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.spec.InvalidKeySpecException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token may not get away with. Each attack stands beside the token that it starts from. */
final class TokenAttackTest {
  private static final long NOW = Jwts.NOW;
  private static final String SECRET = "the first secret, long enough for the hash";
  private static final String OTHER_SECRET = "the other secret, long enough for the hash";
  private static final String HS = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
  private static final Vertx VERTX = Vertx.vertx();
  private static final KeyPair RSA = Jwts.rsa(2048);
  private static final KeyPair ED = Jwts.ed25519();
  private static final KeyPair FOREIGN = Jwts.rsa(2048);

  @TempDir private static Path directory = Path.of("");
  private static TokenVerifier verifier = Jwts.verifier(VERTX, rules(Path.of("none")));

  private static TokenRules rules(Path keySet) {
    return new TokenRules(
        List.of(
            new TokenSecret(Optional.of("a"), SECRET),
            new TokenSecret(Optional.of("b"), OTHER_SECRET)),
        new KeySetSource(
            Optional.of(keySet),
            Optional.empty(),
            KeySetSource.DEFAULT_REFRESH,
            KeySetSource.DEFAULT_RETRY),
        Optional.of("parley"),
        Optional.empty(),
        TokenRules.DEFAULT_LEEWAY);
  }

  @BeforeAll
  static void open() throws IOException {
    Path file = directory.resolve("keys.json");
    Files.writeString(file, Jwts.set(Jwts.rsaJwk(RSA, "r"), Jwts.ed25519Jwk(ED, "e")));
    verifier = Jwts.verifier(VERTX, rules(file));
  }

  @AfterAll
  static void close() {
    TestClient.get(VERTX.close().toCompletionStage());
  }

  private static void assertAccepted(String token) {
    assertInstanceOf(TokenVerdict.Granted.class, Jwts.verdict(verifier, token, NOW), token);
  }

  private static TokenVerdict.Denied assertRefused(String token) {
    TokenVerdict.Denied denied =
        assertInstanceOf(TokenVerdict.Denied.class, Jwts.verdict(verifier, token, NOW), token);
    assertEquals(ErrorCode.TOKEN_INVALID, denied.refusal().code(), token);
    return denied;
  }

  private static String rs256(String header) {
    return Jwts.signed(RSA.getPrivate(), "SHA256withRSA", header, Jwts.claims(""));
  }

  @Test
  void shouldAcceptEachAlgorithmWithItsKey() {
    assertAccepted(Jwts.hs256(SECRET, HS, Jwts.claims("")));
    assertAccepted(Jwts.hs256(OTHER_SECRET, HS, Jwts.claims("")));
    assertAccepted(rs256("{\"alg\":\"RS256\",\"kid\":\"r\"}"));
    assertAccepted(rs256("{\"alg\":\"RS256\"}"));
    assertAccepted(
        Jwts.signed(
            ED.getPrivate(), "Ed25519", "{\"alg\":\"EdDSA\",\"kid\":\"e\"}", Jwts.claims("")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "nOnE", "", "HS384", "HS512", "RS512", "ES256"})
  void shouldRefuseOtherAlgorithmsWithAnySignature(String algorithm) {
    String header = "{\"alg\":\"" + algorithm + "\"}";
    String forged = Jwts.hs256(SECRET, header, Jwts.claims(""));
    assertRefused(forged);
    assertRefused(forged.substring(0, forged.lastIndexOf('.') + 1));
    assertRefused(forged.substring(0, forged.lastIndexOf('.')));
  }

  @Test
  void shouldNotTakeAPublicKeyForASecret() {
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(RSA.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    for (byte[] secret :
        List.of(
            RSA.getPublic().getEncoded(),
            pem.getBytes(StandardCharsets.UTF_8),
            pem.strip().getBytes(StandardCharsets.UTF_8),
            Jwts.rsaJwk(RSA, "r").getString("n").getBytes(StandardCharsets.UTF_8))) {
      for (String kid : List.of("", ",\"kid\":\"r\"")) {
        assertRefused(Jwts.hs256(secret, "{\"alg\":\"HS256\"" + kid + "}", Jwts.claims("")));
      }
    }
  }

  @Test
  void shouldNotTakeASignatureForAnotherAlgorithm() {
    assertRefused(Jwts.hs256(SECRET, "{\"alg\":\"RS256\",\"kid\":\"r\"}", Jwts.claims("")));
    assertRefused(rs256("{\"alg\":\"HS256\"}"));
    assertRefused(rs256("{\"alg\":\"EdDSA\"}"));
    assertRefused(Jwts.signed(ED.getPrivate(), "Ed25519", "{\"alg\":\"RS256\"}", Jwts.claims("")));
  }

  @Test
  void shouldNoticeEveryChangedCharacter() {
    for (String token :
        List.of(Jwts.hs256(SECRET, HS, Jwts.claims("")), rs256("{\"alg\":\"RS256\"}"))) {
      assertAccepted(token);
      int signature = token.lastIndexOf('.') + 1;
      for (int at = 0; at < signature; at++) {
        char other = token.charAt(at) == 'A' ? 'B' : 'A';
        assertRefused(token.substring(0, at) + other + token.substring(at + 1));
      }
      // The last character of Base64 may hold bits that mean nothing.
      for (int at = signature; at < token.length() - 1; at += 7) {
        char other = token.charAt(at) == 'A' ? 'B' : 'A';
        assertRefused(token.substring(0, at) + other + token.substring(at + 1));
      }
    }
  }

  @Test
  void shouldRefuseATokenThatIsCutOff() {
    String token = Jwts.hs256(SECRET, HS, Jwts.claims(""));
    assertAccepted(token);
    for (int length = 0; length < token.length(); length++) {
      assertRefused(token.substring(0, length));
    }
    assertRefused(token + ".");
    assertRefused(token + "." + token);
    assertRefused(" " + token);
    assertRefused(token + "\n");
  }

  @Test
  void shouldRefuseATokenThatIsTooLong() {
    assertAccepted(Jwts.hs256(SECRET, HS, Jwts.claims(",\"x\":\"" + "y".repeat(5900) + "\"")));
    assertRefused(Jwts.hs256(SECRET, HS, Jwts.claims(",\"x\":\"" + "y".repeat(6200) + "\"")));
    assertRefused("a".repeat(20_000_000));
    assertRefused(".".repeat(1_000_000));
    assertRefused(
        Jwts.hs256(SECRET, HS, Jwts.claims(",\"x\":" + "[".repeat(1000) + "]".repeat(1000))));
  }

  @Test
  void shouldTakeTheNameOfAKeyAtItsWord() {
    assertAccepted(Jwts.hs256(SECRET, "{\"alg\":\"HS256\",\"kid\":\"a\"}", Jwts.claims("")));
    assertRefused(Jwts.hs256(SECRET, "{\"alg\":\"HS256\",\"kid\":\"b\"}", Jwts.claims("")));
    assertRefused(Jwts.hs256(SECRET, "{\"alg\":\"HS256\",\"kid\":\"c\"}", Jwts.claims("")));
    assertRefused(Jwts.hs256(SECRET, "{\"alg\":\"HS256\",\"kid\":\"\"}", Jwts.claims("")));
    assertRefused(Jwts.hs256(SECRET, "{\"alg\":\"HS256\",\"kid\":7}", Jwts.claims("")));
    assertRefused(Jwts.hs256(SECRET, "{\"alg\":\"HS256\",\"kid\":null}", Jwts.claims("")));
    assertRefused(rs256("{\"alg\":\"RS256\",\"kid\":\"e\"}"));
    assertRefused(rs256("{\"alg\":\"RS256\",\"kid\":\"../../etc/passwd\"}"));
  }

  @Test
  void shouldIgnoreKeysThatATokenBringsAlong() {
    JsonObject key = Jwts.rsaJwk(FOREIGN, "r");
    for (JsonObject header :
        List.of(
            new JsonObject().put("jwk", key),
            new JsonObject().put("jwk", key).put("kid", "r"),
            new JsonObject().put("jku", "https://127.0.0.1:1/keys.json"),
            new JsonObject().put("x5u", "https://127.0.0.1:1/cert.pem"),
            new JsonObject().put("x5c", List.of("MIIB")))) {
      String text = header.put("alg", "RS256").encode();
      assertRefused(Jwts.signed(FOREIGN.getPrivate(), "SHA256withRSA", text, Jwts.claims("")));
      assertAccepted(rs256(text));
    }
  }

  @Test
  void shouldRefuseWhatItMustUnderstandAndDoesNot() {
    assertRefused(
        Jwts.hs256(
            SECRET, "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}", Jwts.claims("")));
  }

  @Test
  void shouldRefuseNamesThatStandTwice() {
    assertRefused(Jwts.hs256(SECRET, HS, Jwts.claims(",\"sub\":\"root\"")));
    assertRefused(Jwts.hs256(SECRET, HS, Jwts.claims(",\"attributes\":{\"a\":\"1\",\"a\":\"2\"}")));
    assertRefused(Jwts.hs256(SECRET, "{\"alg\":\"HS256\",\"alg\":\"HS256\"}", Jwts.claims("")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exp|\"1800000060\"",
        "exp|null",
        "exp|true",
        "exp|1e300",
        "nbf|\"soon\"",
        "iat|[1]",
        "sub|7",
        "sub|\" \"",
        "name|true",
        "room|7",
        "room|[]",
        "room|[\"a\",7]",
        "aud|{}",
        "iss|7",
        "publish|\"camera\"",
        "publish|[\"camera\",\"x\"]",
        "publish|[[\"camera\"]]",
        "publish|{\"camera\":true}",
        "publish|1",
        "subscribe|\"true\"",
        "chat|1",
        "data|[]",
        "moderate|\"yes\"",
        "bypassQueue|0",
        "role|\"admin\"",
        "role|[\"host\"]",
        "priority|10",
        "priority|-1",
        "priority|1.5",
        "priority|\"1\"",
        "maxSessionSec|0",
        "maxSessionSec|86401",
        "maxSessionSec|\"1h\"",
        "attributes|\"a\"",
        "attributes|{\"a\":1}",
      })
  void shouldNameTheClaimOfTheWrongType(String claim, String value) {
    Object wrong = new JsonArray("[" + value + "]").getValue(0);
    String claims = new JsonObject(Jwts.claims("")).put(claim, wrong).encode();
    TokenVerdict.Denied denied = assertRefused(Jwts.hs256(SECRET, HS, claims));
    assertEquals(claim, denied.refusal().details().get("claim"), claims);
    assertTrue(denied.refusal().message().contains(claim), denied.refusal().message());
  }

  @Test
  void shouldRefuseATokenOfTheFutureUntilItsTimeComes() {
    String token = Jwts.hs256(SECRET, HS, Jwts.claims(",\"nbf\":" + (NOW + 30)));
    TokenVerdict.Denied early =
        assertInstanceOf(TokenVerdict.Denied.class, Jwts.verdict(verifier, token, NOW));
    assertEquals(ErrorCode.TOKEN_NOT_YET_VALID, early.refusal().code());
    assertEquals(30_000, early.refusal().retryAfterMs().orElse(0));
    assertInstanceOf(TokenVerdict.Granted.class, Jwts.verdict(verifier, token, NOW + 25));
  }

  @Test
  void shouldKeepUnicodeAndDropWhatHidesInIt() {
    String claims =
        "{\"iss\":\"parley\",\"sub\":\"\u041e\u043b\u0435\u043d\u0430 \ud83d\ude80\",\"exp\":"
            + (NOW + 60)
            + ",\"name\":\"\u041e\u043b\u0435\u043d\u0430\u202e \u0000\ud83d\ude80\"}";
    claims = claims.replace("\u0000", "\\u0000");
    TokenVerdict.Granted who =
        assertInstanceOf(
            TokenVerdict.Granted.class,
            Jwts.verdict(verifier, Jwts.hs256(SECRET, HS, claims), NOW));
    assertEquals("\u041e\u043b\u0435\u043d\u0430 \ud83d\ude80", who.identity());
    assertEquals(Optional.of("\u041e\u043b\u0435\u043d\u0430 \ud83d\ude80"), who.name());
    assertRefused(Jwts.hs256(SECRET, HS, Jwts.claims("")) + "\u0430");
    assertRefused(Jwts.hs256(SECRET, HS, Jwts.claims("")).replace('.', '\u3002'));
    String[] parts = Jwts.hs256(SECRET, HS, Jwts.claims("")).split("\\.", -1);
    byte[] notUtf8 = Jwts.claims("").getBytes(StandardCharsets.UTF_8);
    notUtf8[notUtf8.length - 3] = (byte) 0xff;
    assertRefused(parts[0] + "." + Jwts.base64(notUtf8) + "." + parts[2]);
  }

  @Test
  void shouldAcceptNoKeyThatIsTooShort() throws Exception {
    KeyPair small = Jwts.rsa(1024);
    PublicKeys keys = PublicKeys.parse(Jwts.set(Jwts.rsaJwk(small, "s"), Jwts.rsaJwk(RSA, "r")));
    assertEquals(1, keys.keys().size());
    assertEquals(1, keys.ignored());
    assertThrows(
        InvalidKeySpecException.class,
        () -> SigningKey.ofPem(Jwts.pem(small.getPrivate()), Optional.empty()));
  }

  @Test
  void shouldTakeNoSecretFromAPublishedSet() throws Exception {
    JsonObject secret =
        new JsonObject().put("kty", "oct").put("kid", "o").put("k", Jwts.base64(SECRET));
    JsonObject encryption = Jwts.rsaJwk(RSA, "r").put("use", "enc");
    JsonObject otherAlgorithm = Jwts.rsaJwk(RSA, "r").put("alg", "RS512");
    PublicKeys keys = PublicKeys.parse(Jwts.set(secret, encryption, otherAlgorithm));
    assertEquals(0, keys.keys().size());
    assertEquals(3, keys.ignored());
    JsonObject leaked = Jwts.rsaJwk(RSA, "r").put("d", "AQAB").put("x5c", List.of("MIIB"));
    Map<String, Object> kept = PublicKeys.parse(Jwts.set(leaked)).keys().getFirst().jwk().getMap();
    assertEquals(Set.of("kty", "alg", "kid", "n", "e"), kept.keySet());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"keys\":{}}",
        "{\"keys\":[]",
        "{\"keys\":[],\"keys\":[]}",
        "<html>not here</html>"
      })
  void shouldRefuseWhatIsNoKeySet(String document) {
    assertThrows(PublicKeys.MalformedException.class, () -> PublicKeys.parse(document));
  }

  @Test
  void shouldRefuseTwoKeysOfOneName() {
    assertThrows(
        PublicKeys.MalformedException.class,
        () -> PublicKeys.parse(Jwts.set(Jwts.rsaJwk(RSA, "r"), Jwts.rsaJwk(FOREIGN, "r"))));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new TokenRules(
                List.of(
                    new TokenSecret(Optional.of("a"), SECRET),
                    new TokenSecret(Optional.of("a"), OTHER_SECRET)),
                KeySetSource.NONE,
                Optional.empty(),
                Optional.empty(),
                TokenRules.DEFAULT_LEEWAY));
  }
}
