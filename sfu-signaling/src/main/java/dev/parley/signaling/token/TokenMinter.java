package dev.parley.signaling.token;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.time.Duration;
import java.util.Optional;

/** Makes tokens that {@link TokenVerifier} accepts: for the command line and for tests. */
public final class TokenMinter {
  private final JWTAuth jwt;
  private final Optional<String> issuer;

  public TokenMinter(Vertx vertx, TokenSecret secret) {
    this.jwt = TokenVerifier.jwt(vertx, secret);
    this.issuer = secret.issuer();
  }

  /**
   * Makes a token that is valid from now on.
   *
   * @param name the display name, when the token fixes one
   * @param room the only room it opens; empty opens all
   * @param nowSec the time of issue, in seconds since 1970
   */
  public String mint(
      String identity, Optional<String> name, Optional<String> room, Duration ttl, long nowSec) {
    if (!TokenVerifier.isIdentity(identity) || ttl.isNegative() || ttl.isZero()) {
      throw new IllegalArgumentException("a token needs an identity and a positive lifetime");
    }
    JsonObject claims =
        new JsonObject()
            .put("sub", identity)
            .put("iat", nowSec)
            .put("nbf", nowSec)
            .put("exp", nowSec + ttl.toSeconds());
    issuer.ifPresent(known -> claims.put("iss", known));
    name.ifPresent(known -> claims.put("name", known));
    room.ifPresent(known -> claims.put("room", known));
    return jwt.generateToken(claims);
  }
}
