package dev.parley.signaling.session;

import dev.parley.signaling.config.SignalingConfig;
import java.util.List;
import java.util.OptionalLong;

/**
 * STUN and TURN servers for one client.
 *
 * @param expiresAtMs when the credentials end, in milliseconds since 1970; empty: never
 */
public record IceOffer(List<SignalingConfig.IceServer> servers, OptionalLong expiresAtMs) {
  public IceOffer {
    servers = List.copyOf(servers);
  }
}
