package dev.parley.signaling.session;

import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.token.TokenVerdict;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Where fresh credentials come from. Asked on the room thread and on event loops: must not block.
 *
 * @param freshToken a new join token with the same rights; empty where the server cannot sign
 * @param iceServers the servers for a session's id, or for the identity of who has none
 */
public record Credentials(
    Function<TokenVerdict.Granted, Optional<String>> freshToken,
    Function<String, IceOffer> iceServers) {

  /** No token is ever renewed, and the configured servers do not change. */
  public static Credentials fixed(SignalingConfig config) {
    IceOffer configured = new IceOffer(config.iceServers(), OptionalLong.empty());
    return new Credentials(who -> Optional.empty(), owner -> configured);
  }

  public IceOffer iceOf(String owner) {
    return iceServers.apply(owner);
  }
}
