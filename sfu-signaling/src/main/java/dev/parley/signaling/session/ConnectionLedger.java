package dev.parley.signaling.session;

import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts who is connected and how often: WebSockets, WHIP and WHEP alike. Any thread. */
public final class ConnectionLedger {
  private static final long RETRY_MS = 5000;

  private final int perUser;
  private final int inAll;
  private final Map<String, Integer> byIdentity = new HashMap<>();
  private int total;

  public ConnectionLedger(SignalingConfig.Limits limits) {
    this.perUser = limits.connectionsPerUser();
    this.inAll = limits.connections();
  }

  /** Enters a connection, or says why not. What was entered must be {@link #remove}d once. */
  public synchronized Optional<Refusal> add(String identity) {
    if (total >= inAll) {
      return Optional.of(
          Refusal.retryAfter(
              ErrorCode.SERVER_FULL, "the server is full: " + inAll + " connections", RETRY_MS));
    }
    int own = byIdentity.getOrDefault(identity, 0);
    if (own >= perUser) {
      return Optional.of(
          Refusal.of(
              ErrorCode.TOO_MANY_CONNECTIONS,
              "already connected " + own + " times, the most for one user: close one"));
    }
    byIdentity.put(identity, own + 1);
    total++;
    return Optional.empty();
  }

  public synchronized void remove(String identity) {
    int own = byIdentity.getOrDefault(identity, 0);
    if (own == 0) {
      throw new IllegalStateException("a connection was removed that had not been added");
    }
    if (own == 1) {
      byIdentity.remove(identity);
    } else {
      byIdentity.put(identity, own - 1);
    }
    total--;
  }

  public synchronized int total() {
    return total;
  }
}
