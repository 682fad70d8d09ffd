package dev.parley.signaling.token;

import dev.parley.signaling.token.TokenRules.KeySetSource;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Checks tokens: HS256 with the secrets, RS256 and EdDSA with the key sets, nothing else, whatever
 * a token says of itself (RFC 8725, section 3.1). Times are checked here and not by the library, so
 * that each failure has its own code and the clock is an argument. Any thread; nothing blocks.
 */
public final class TokenVerifier {
  /** In UTF-16 units. */
  public static final int MAX_IDENTITY = TokenClaims.MAX_IDENTITY;

  private final Vertx vertx;
  private final TokenRules rules;
  private final KeyRing secrets;
  private final List<KeySet> keySets;
  private final boolean tokenRequired;
  private final Supplier<String> anonymousIdentity;

  /**
   * @param tokenRequired false lets people in without one (development); a token that is given
   *     counts all the same when there is a key to check it with
   * @param anonymousIdentity names people who came without a token
   */
  public TokenVerifier(
      Vertx vertx, TokenRules rules, boolean tokenRequired, Supplier<String> anonymousIdentity) {
    if (tokenRequired && !rules.canVerify()) {
      throw new IllegalArgumentException("tokens are required but there is no key");
    }
    this.vertx = vertx;
    this.rules = rules;
    this.secrets = KeyRing.of(vertx, rules.secrets());
    this.keySets = keySets(vertx, rules.keySet());
    this.tokenRequired = tokenRequired;
    this.anonymousIdentity = anonymousIdentity;
  }

  private static List<KeySet> keySets(Vertx vertx, KeySetSource source) {
    List<KeySet> sets = new ArrayList<>();
    source
        .file()
        .ifPresent(file ->
            sets.add(
                new KeySet(
                    file.toString(),
                    () -> KeySetReader.file(vertx, file),
                    source.refresh(),
                    source.retry())));
    source
        .url()
        .ifPresent(url ->
            sets.add(
                new KeySet(
                    url.getHost(),
                    () -> KeySetReader.url(vertx, url),
                    source.refresh(),
                    source.retry())));
    return List.copyOf(sets);
  }

  /** Whether a token may name somebody so. */
  public static boolean isIdentity(String text) {
    return TokenClaims.isIdentity(text);
  }

  /**
   * Never fails: whatever is wrong with the token is a {@link TokenVerdict.Denied}. The result
   * comes on the caller's event loop.
   *
   * @param nowSec seconds since 1970
   */
  public Future<TokenVerdict> verify(Optional<String> token, long nowSec) {
    if (token.isEmpty() || (!rules.canVerify() && !tokenRequired)) {
      return Future.succeededFuture(
          tokenRequired
              ? denied(ErrorCode.NOT_AUTHENTICATED, "a token is required: get one and try again")
              : TokenVerdict.Granted.anonymous(anonymousIdentity.get()));
    }
    Optional<TokenText> parsed = TokenText.parse(token.get());
    if (parsed.isEmpty()) {
      return Future.succeededFuture(
          invalid(
              "the token is no JWT of at most %d characters signed with one of %s"
                  .formatted(TokenText.MAX_LENGTH, String.join(", ", TokenText.ALGORITHMS))));
    }
    ClaimReader reader = new ClaimReader(parsed.get().claims());
    TokenClaims claims = TokenClaims.read(reader);
    if (reader.refusal().isPresent()) {
      return Future.succeededFuture(new TokenVerdict.Denied(reader.refusal().get()));
    }
    return signed(parsed.get(), nowSec)
        .map(right ->
            right
                ? claims.verdict(rules, nowSec)
                : invalid("the token's signature is of no key that this server trusts"));
  }

  private Future<Boolean> signed(TokenText token, long nowSec) {
    if (token.algorithm().equals(TokenText.HS256)) {
      return secrets.verifies(token);
    }
    Future<Boolean> signed = Future.succeededFuture(false);
    for (KeySet set : keySets) {
      signed =
          signed.compose(
              already -> already ? Future.succeededFuture(true) : signedBy(set, token, nowSec));
    }
    return signed;
  }

  private Future<Boolean> signedBy(KeySet set, TokenText token, long nowSec) {
    CompletableFuture<Optional<KeyRing>> keys = set.keysFor(token, nowSec);
    Context loop = vertx.getOrCreateContext();
    return (keys.isDone()
            ? Future.succeededFuture(keys.join())
            : Future.fromCompletionStage(keys, loop))
        .compose(known ->
            known.isPresent() ? known.get().verifies(token) : Future.succeededFuture(false));
  }

  private static TokenVerdict invalid(String message) {
    return denied(ErrorCode.TOKEN_INVALID, message);
  }

  private static TokenVerdict denied(ErrorCode code, String message) {
    return new TokenVerdict.Denied(Refusal.of(code, message));
  }
}
