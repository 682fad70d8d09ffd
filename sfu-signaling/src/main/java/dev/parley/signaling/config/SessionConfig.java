package dev.parley.signaling.config;

import java.time.Duration;
import java.util.Optional;

/**
 * What outlives a WebSocket, and who may open how many.
 *
 * @param resumeGrace how long a session waits for its client's next socket; zero: it ends at once
 * @param replayEvents the most events of a session kept for a resume
 * @param replayChars the most characters of them
 * @param rememberedReplies how many of a session's last replies are kept for repeated requests
 * @param onDuplicate see {@link OnDuplicate}
 * @param socketsPerAddress WebSockets open from one address, or from one IPv6 network of 64 bits
 * @param clientAddressHeader the header in which a proxy names the client's address; without one
 *     the address of the TCP connection counts, except loopback
 * @param trustedProxies where such a proxy is; the header of anybody else counts for nothing
 */
public record SessionConfig(
    Duration resumeGrace,
    int replayEvents,
    int replayChars,
    int rememberedReplies,
    OnDuplicate onDuplicate,
    int socketsPerAddress,
    Optional<String> clientAddressHeader,
    TrustedProxies trustedProxies) {
  public static final SessionConfig DEFAULT =
      new SessionConfig(
          Duration.ofSeconds(60), 500, 256 << 10, 64, OnDuplicate.REPLACE, 200, Optional.empty());

  /** The same with proxies on this machine only. */
  public SessionConfig(
      Duration resumeGrace,
      int replayEvents,
      int replayChars,
      int rememberedReplies,
      OnDuplicate onDuplicate,
      int socketsPerAddress,
      Optional<String> clientAddressHeader) {
    this(
        resumeGrace,
        replayEvents,
        replayChars,
        rememberedReplies,
        onDuplicate,
        socketsPerAddress,
        clientAddressHeader,
        TrustedProxies.LOOPBACK);
  }

  public SessionConfig {
    if (resumeGrace.isNegative()
        || replayEvents < 0
        || replayChars < 0
        || rememberedReplies < 1
        || socketsPerAddress < 1) {
      throw new IllegalArgumentException("the limits of a session must be positive");
    }
  }
}
