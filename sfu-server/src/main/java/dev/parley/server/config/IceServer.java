package dev.parley.server.config;

import java.util.List;
import java.util.Optional;

/**
 * A STUN or TURN server that clients are told to use; the fields are those of WebRTC.
 *
 * @param secret shared with the server, which takes short-lived credentials made from it (coturn's
 *     {@code use-auth-secret}); instead of {@code username} and {@code credential}
 */
public record IceServer(
    List<String> urls,
    Optional<String> username,
    Optional<Secret> credential,
    Optional<Secret> secret) {
  public IceServer {
    urls = List.copyOf(urls);
  }
}
