package dev.parley.admin.rest;

import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * Who may ask. With tokens: who has one of them (RFC 6750). Without: who connects from the
 * loopback, and not through a proxy.
 */
final class Gate {
  /** Who asks, and may do so much. */
  record Caller(String name, AdminRole role) {}

  private static final class Known {
    private final byte[] digest;
    private final Caller caller;

    Known(AdminToken token) {
      this.digest = Sha256.of(token.token());
      this.caller = new Caller(token.name(), token.role());
    }
  }

  private static final Caller LOCAL = new Caller("loopback", AdminRole.OPERATE);

  private final List<Known> known;

  Gate(List<AdminToken> tokens) {
    this.known = tokens.stream().map(Known::new).toList();
  }

  boolean hasTokens() {
    return !known.isEmpty();
  }

  /** Takes the same time for every token. */
  Optional<Caller> byToken(String token) {
    byte[] given = Sha256.of(token);
    Optional<Caller> found = Optional.empty();
    for (Known one : known) {
      if (MessageDigest.isEqual(one.digest, given)) {
        found = Optional.of(one.caller);
      }
    }
    return found;
  }

  /** Who needs no token. */
  Optional<Caller> byAddress(boolean loopback, boolean forwarded) {
    return !hasTokens() && loopback && !forwarded ? Optional.of(LOCAL) : Optional.empty();
  }
}
