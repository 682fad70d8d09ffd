package dev.parley.signaling.token;

import io.vertx.core.Vertx;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes tokens that {@link TokenVerifier} accepts. Any thread. */
public final class TokenMinter {
  private final JWTAuth jwt;
  private final TokenRules rules;

  /** Signs with the first secret of the rules, which must have one. */
  public TokenMinter(Vertx vertx, TokenRules rules) {
    this(vertx, SigningKey.of(firstSecret(rules)), rules);
  }

  /**
   * @param rules give the issuer and the audience
   */
  public TokenMinter(Vertx vertx, SigningKey key, TokenRules rules) {
    this.jwt =
        JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .setJWTOptions(new JWTOptions().setAlgorithm(key.algorithm()))
                .addPubSecKey(key.options()));
    this.rules = rules;
  }

  /**
   * Makes a token that is valid from now on. The validity of {@code who} is not looked at.
   *
   * @param nowSec the time of issue, in seconds since 1970
   */
  public String mint(TokenVerdict.Granted who, Duration ttl, long nowSec) {
    if (!TokenClaims.isIdentity(who.identity()) || ttl.toSeconds() < 1) {
      throw new IllegalArgumentException("a token needs an identity and a positive lifetime");
    }
    return jwt.generateToken(TokenClaims.write(who, rules, nowSec, nowSec + ttl.toSeconds()));
  }

  /** The same with the default grants, for one room or, when it is empty, for all. */
  public String mint(
      String identity, Optional<String> name, Optional<String> room, Duration ttl, long nowSec) {
    return mint(
        new TokenVerdict.Granted(
            identity,
            name,
            Map.of(),
            room.map(List::of).orElse(List.of()),
            Grants.DEFAULT,
            Optional.empty()),
        ttl,
        nowSec);
  }

  /**
   * A fresh token with the same grants and the same lifetime, from now on.
   *
   * @return nothing for somebody who came without a token
   */
  public Optional<String> refresh(TokenVerdict.Granted who, long nowSec) {
    return who.validity()
        .map(validity -> mint(who, Duration.ofSeconds(validity.lifetimeSec()), nowSec));
  }

  private static TokenSecret firstSecret(TokenRules rules) {
    if (!rules.canSign()) {
      throw new IllegalArgumentException("there is no secret to sign tokens with");
    }
    return rules.secrets().get(0);
  }
}
