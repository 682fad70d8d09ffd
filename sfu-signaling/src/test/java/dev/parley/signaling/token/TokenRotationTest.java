package dev.parley.signaling.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.TestClient;
import dev.parley.signaling.token.TokenRules.KeySetSource;
import dev.parley.signaling.wire.ErrorCode;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys come and go while the tokens they signed are under way. */
final class TokenRotationTest {
  private static final long NOW = Jwts.NOW;
  private static final TokenSecret OLD =
      new TokenSecret(Optional.of("2026"), "the old secret, long enough for the hash");
  private static final TokenSecret NEW =
      new TokenSecret(Optional.of("2027"), "the new secret, long enough for the hash");
  private static final Vertx VERTX = Vertx.vertx();
  private static final KeyPair FIRST = Jwts.ed25519();
  private static final KeyPair SECOND = Jwts.rsa(2048);

  @TempDir private Path directory = Path.of("");

  @AfterAll
  static void close() {
    TestClient.get(VERTX.close().toCompletionStage());
  }

  private static TokenRules secrets(TokenSecret... secrets) {
    return new TokenRules(
        List.of(secrets),
        KeySetSource.NONE,
        Optional.of("parley"),
        Optional.empty(),
        TokenRules.DEFAULT_LEEWAY);
  }

  private static TokenRules keySet(Optional<Path> file, Optional<URI> url) {
    return new TokenRules(
        List.of(),
        new KeySetSource(file, url, KeySetSource.DEFAULT_REFRESH, KeySetSource.DEFAULT_RETRY),
        Optional.of("parley"),
        Optional.empty(),
        TokenRules.DEFAULT_LEEWAY);
  }

  private static String minted(TokenRules rules) {
    return new TokenMinter(VERTX, rules)
        .mint("anna", Optional.empty(), Optional.empty(), Duration.ofHours(2), NOW);
  }

  /** By the first key, named. */
  private static String first() {
    return Jwts.signed(
        FIRST.getPrivate(), "Ed25519", "{\"alg\":\"EdDSA\",\"kid\":\"one\"}", longLived());
  }

  /** By the second key, named. */
  private static String second() {
    return Jwts.signed(
        SECOND.getPrivate(), "SHA256withRSA", "{\"alg\":\"RS256\",\"kid\":\"two\"}", longLived());
  }

  private static String longLived() {
    return "{\"iss\":\"parley\",\"sub\":\"anna\",\"exp\":" + (NOW + 86_400) + "}";
  }

  private static void assertAccepted(TokenVerifier verifier, String token, long nowSec) {
    assertInstanceOf(TokenVerdict.Granted.class, Jwts.verdict(verifier, token, nowSec));
  }

  private static void assertInvalid(TokenVerifier verifier, String token, long nowSec) {
    TokenVerdict.Denied denied =
        assertInstanceOf(TokenVerdict.Denied.class, Jwts.verdict(verifier, token, nowSec));
    assertEquals(ErrorCode.TOKEN_INVALID, denied.refusal().code());
  }

  @Test
  void shouldAcceptTheOldSecretUntilItIsRemoved() {
    String before = minted(secrets(OLD));
    TokenRules both = secrets(NEW, OLD);
    String after = minted(both);
    TokenVerifier during = Jwts.verifier(VERTX, both);
    assertAccepted(during, before, NOW);
    assertAccepted(during, after, NOW);
    TokenVerifier done = Jwts.verifier(VERTX, secrets(NEW));
    assertAccepted(done, after, NOW);
    assertInvalid(done, before, NOW);
    TokenVerifier notBegun = Jwts.verifier(VERTX, secrets(OLD));
    assertInvalid(notBegun, after, NOW);
  }

  @Test
  void shouldRotateFromASecretWithoutAName() {
    TokenSecret nameless = TokenSecret.of(OLD.value());
    String before = minted(secrets(nameless));
    assertAccepted(Jwts.verifier(VERTX, secrets(NEW, OLD)), before, NOW);
    assertAccepted(Jwts.verifier(VERTX, secrets(NEW, nameless)), before, NOW);
    assertInvalid(Jwts.verifier(VERTX, secrets(NEW)), before, NOW);
  }

  @Test
  void shouldReadAChangedFileWhenATokenNamesAnUnknownKey() throws IOException {
    Path file = directory.resolve("keys.json");
    Files.writeString(file, Jwts.set(Jwts.ed25519Jwk(FIRST, "one")));
    TokenVerifier verifier = Jwts.verifier(VERTX, keySet(Optional.of(file), Optional.empty()));
    assertAccepted(verifier, first(), NOW);
    Files.writeString(file, Jwts.set(Jwts.ed25519Jwk(FIRST, "one"), Jwts.rsaJwk(SECOND, "two")));
    assertInvalid(verifier, second(), NOW + 29);
    assertAccepted(verifier, second(), NOW + 30);
    assertAccepted(verifier, first(), NOW + 30);
    Files.writeString(file, Jwts.set(Jwts.rsaJwk(SECOND, "two")));
    assertAccepted(verifier, first(), NOW + 629);
    assertInvalid(verifier, first(), NOW + 630);
    assertAccepted(verifier, second(), NOW + 630);
    Files.delete(file);
    assertAccepted(verifier, second(), NOW + 1300);
    Files.writeString(file, "{\"keys\":[]}");
    assertInvalid(verifier, second(), NOW + 1330);
  }

  @Test
  void shouldAskAgainNoSoonerThanAllowedHoweverManyTokensCome() {
    List<CompletableFuture<KeyRing>> readings = new ArrayList<>();
    KeySet set =
        new KeySet(
            "test",
            () -> {
              CompletableFuture<KeyRing> reading = new CompletableFuture<>();
              readings.add(reading);
              return reading;
            },
            KeySetSource.DEFAULT_REFRESH,
            KeySetSource.DEFAULT_RETRY);
    TokenText one = TokenText.parse(first()).orElseThrow();
    TokenText two = TokenText.parse(second()).orElseThrow();
    CompletableFuture<Optional<KeyRing>> waiting = set.keysFor(one, NOW);
    assertFalse(waiting.isDone());
    assertSame(waiting, set.keysFor(two, NOW + 5));
    readings.getFirst().completeExceptionally(new IOException("down"));
    assertEquals(Optional.empty(), waiting.join());
    assertEquals(Optional.empty(), set.keysFor(one, NOW + 29).join());
    assertEquals(1, readings.size());

    waiting = set.keysFor(one, NOW + 30);
    readings.getLast().complete(ring(FIRST, "one"));
    assertTrue(waiting.join().isPresent());
    assertTrue(set.keysFor(one, NOW + 31).join().isPresent());
    for (int i = 0; i < 1000; i++) {
      assertTrue(set.keysFor(two, NOW + 59).isDone());
    }
    assertEquals(2, readings.size());

    CompletableFuture<Optional<KeyRing>> forUnknown = set.keysFor(two, NOW + 60);
    assertFalse(forUnknown.isDone());
    assertTrue(set.keysFor(one, NOW + 60).isDone(), "a known key waits for nothing");
    readings.getLast().completeExceptionally(new IOException("down"));
    assertTrue(forUnknown.join().orElseThrow().mayVerify(one), "the keys stay");

    waiting = set.keysFor(one, NOW + 630);
    assertFalse(waiting.isDone(), "what is known is ten minutes old");
    readings.getLast().completeExceptionally(new IOException("down"));
    assertTrue(waiting.join().orElseThrow().mayVerify(one), "the keys stay");
    assertTrue(set.keysFor(one, NOW + 659).isDone());
    assertFalse(set.keysFor(one, NOW).isDone(), "the clock was set back");
    assertEquals(5, readings.size());
  }

  private static KeyRing ring(KeyPair pair, String kid) {
    try {
      return KeyRing.of(VERTX, PublicKeys.parse(Jwts.set(Jwts.ed25519Jwk(pair, kid))));
    } catch (PublicKeys.MalformedException broken) {
      throw new AssertionError(broken);
    }
  }

  @Test
  void shouldReadAKeySetFromItsAddressOnceForMany() {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        serve(response -> {
          asked.incrementAndGet();
          var unused = response.end(Jwts.set(Jwts.ed25519Jwk(FIRST, "one")));
        });
    TokenVerifier verifier =
        Jwts.verifier(VERTX, keySet(Optional.empty(), Optional.of(url(server))));
    for (int i = 0; i < 20; i++) {
      assertAccepted(verifier, first(), NOW);
      assertInvalid(verifier, second(), NOW);
    }
    assertEquals(1, asked.get());
    TestClient.get(server.close().toCompletionStage());
    assertInvalid(verifier, second(), NOW + 30);
    assertAccepted(verifier, first(), NOW + 86_000);
  }

  @ParameterizedTest
  @CsvSource({"status", "redirect", "size", "endless", "text", "closed"})
  void shouldTakeNothingElseForAKeySet(String fault) {
    HttpServer server =
        serve(response -> {
          switch (fault) {
            case "status" -> response.setStatusCode(500).end(goodSet());
            case "redirect" ->
                response.setStatusCode(302).putHeader("Location", "/elsewhere").end(goodSet());
            case "size" -> response.end(goodSet() + " ".repeat(PublicKeys.MAX_BYTES));
            case "endless" -> {
              response.setChunked(true);
              writeForEver(response);
            }
            case "text" -> response.end("<html>" + goodSet());
            default -> response.reset();
          }
        });
    TokenVerifier verifier =
        Jwts.verifier(VERTX, keySet(Optional.empty(), Optional.of(url(server))));
    assertInvalid(verifier, first(), NOW);
    TestClient.get(server.close().toCompletionStage());
  }

  private static String goodSet() {
    return Jwts.set(Jwts.ed25519Jwk(FIRST, "one"));
  }

  private static void writeForEver(HttpServerResponse response) {
    var unused =
        response
            .write(" ".repeat(32 << 10))
            .onSuccess(nothing -> VERTX.runOnContext(again -> writeForEver(response)));
  }

  @Test
  void shouldAnswerOnTheEventLoopThatAsked() {
    HttpServer server =
        serve(response -> {
          var unused = response.end(goodSet());
        });
    TokenVerifier verifier =
        Jwts.verifier(VERTX, keySet(Optional.empty(), Optional.of(url(server))));
    Context loop = VERTX.getOrCreateContext();
    Promise<Boolean> sameLoop = Promise.promise();
    loop.runOnContext(nothing ->
        verifier
            .verify(Optional.of(first()), NOW)
            .onComplete(verdict ->
                sameLoop.complete(
                    verdict.result() instanceof TokenVerdict.Granted
                        && Vertx.currentContext() == loop)));
    assertTrue(TestClient.get(sameLoop.future().toCompletionStage()));
    TestClient.get(server.close().toCompletionStage());
  }

  @ParameterizedTest
  @CsvSource({
    "https://id.example/keys, true",
    "http://127.0.0.1:9/keys, true",
    "http://localhost/keys, true",
    "http://[::1]:9/keys, true",
    "http://id.example/keys, false",
    "http://127.0.0.1.example/keys, false",
    "http://localhost.example/keys, false",
    "https://user:pass@id.example/keys, false",
    "ftp://id.example/keys, false",
    "file:///etc/passwd, false",
    "keys.json, false"
  })
  void shouldTrustNoPlainTextAddress(String url, boolean safe) {
    assertEquals(safe, KeySetSource.isSafe(URI.create(url)), url);
  }

  private static HttpServer serve(Consumer<HttpServerResponse> answer) {
    return TestClient.get(
        VERTX
            .createHttpServer()
            .requestHandler(request -> answer.accept(request.response()))
            .listen(0, "127.0.0.1")
            .toCompletionStage());
  }

  private static URI url(HttpServer server) {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/keys.json");
  }
}
