package dev.parley.signaling.token;

import dev.parley.signaling.token.PublicKeys.PublicKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keys that check signatures. Each has one algorithm for good, so a public key never serves as a
 * secret (RFC 8725, section 3.1). Immutable; any thread.
 */
final class KeyRing {
  private record KeyName(String algorithm, Optional<String> kid) {
    boolean mayHaveSigned(TokenText token) {
      return algorithm.equals(token.algorithm())
          && (kid.isEmpty() || token.kid().isEmpty() || kid.equals(token.kid()));
    }
  }

  private final List<KeyName> names;
  private final JWTAuth jwt;

  private KeyRing(Vertx vertx, List<KeyName> names, JWTAuthOptions keys) {
    this.names = List.copyOf(names);
    // The times are checked elsewhere, by a clock that is an argument.
    this.jwt =
        JWTAuth.create(vertx, keys.setJWTOptions(new JWTOptions().setIgnoreExpiration(true)));
  }

  static KeyRing of(Vertx vertx, List<TokenSecret> secrets) {
    List<KeyName> names = new ArrayList<>();
    JWTAuthOptions keys = new JWTAuthOptions();
    for (TokenSecret secret : secrets) {
      names.add(new KeyName(TokenText.HS256, secret.kid()));
      keys.addPubSecKey(options(secret));
    }
    return new KeyRing(vertx, names, keys);
  }

  static KeyRing of(Vertx vertx, PublicKeys published) {
    List<KeyName> names = new ArrayList<>();
    JWTAuthOptions keys = new JWTAuthOptions();
    for (PublicKey key : published.keys()) {
      names.add(new KeyName(key.algorithm(), key.kid()));
      keys.addJwk(key.jwk());
    }
    return new KeyRing(vertx, names, keys);
  }

  static PubSecKeyOptions options(TokenSecret secret) {
    PubSecKeyOptions options =
        new PubSecKeyOptions()
            .setAlgorithm(TokenText.HS256)
            .setBuffer(Buffer.buffer(secret.value()));
    secret.kid().ifPresent(options::setId);
    return options;
  }

  int size() {
    return names.size();
  }

  /** Whether one of the keys has the algorithm and, where both have one, the name. */
  boolean mayVerify(TokenText token) {
    return names.stream().anyMatch(name -> name.mayHaveSigned(token));
  }

  /** Whether one of those keys made the signature. Never fails. */
  Future<Boolean> verifies(TokenText token) {
    if (!mayVerify(token)) {
      return Future.succeededFuture(false);
    }
    TokenCredentials credentials = new TokenCredentials(token.text());
    // Inside compose, since the library throws on some tokens.
    return Future.succeededFuture(jwt)
        .compose(known -> known.authenticate(credentials))
        .map(user -> true)
        .otherwise(false);
  }
}
