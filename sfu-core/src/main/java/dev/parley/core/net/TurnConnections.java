package dev.parley.core.net;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.PeerAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The relay's TCP and TLS connections and their bounds. One without an allocation has some seconds
 * to open one, and when there are too many of those the oldest goes: so whoever floods the port
 * drives out its own. Turn thread only.
 */
final class TurnConnections {
  private final TurnRelay.Limits limits;
  private final Counters counters;
  private final Set<StreamClient> all = new LinkedHashSet<>();

  /** The one that has waited longest first. */
  private final Set<StreamClient> unproven = new LinkedHashSet<>();

  private final Map<PeerAddress, Integer> byAddress = new HashMap<>();

  TurnConnections(TurnRelay.Limits limits, Counters counters) {
    this.limits = limits;
    this.counters = counters;
  }

  void opened(StreamClient client, long nowNanos) {
    counters.increment(Counter.TURN_CONNECTIONS_OPENED);
    PeerAddress ip = ip(client);
    if (byAddress.getOrDefault(ip, 0) >= limits.mostPerAddress()) {
      counters.increment(Counter.TURN_CONNECTIONS_REFUSED);
      counters.increment(Counter.TURN_CONNECTIONS_CLOSED);
      client.close();
      return;
    }
    client.open(true);
    all.add(client);
    byAddress.merge(ip, 1, Integer::sum);
    unproven(client, nowNanos);
    while (unproven.size() > limits.mostUnproven()
        || (all.size() > limits.most() && !unproven.isEmpty())) {
      drop(unproven.iterator().next());
    }
  }

  private static PeerAddress ip(StreamClient client) {
    return new PeerAddress(client.address().high(), client.address().low(), 0);
  }

  private void drop(StreamClient client) {
    counters.increment(Counter.TURN_CONNECTIONS_UNPROVEN);
    forget(client);
    client.close();
  }

  void proven(StreamClient client) {
    unproven.remove(client);
  }

  /** It has no allocation, or no longer. */
  void unproven(StreamClient client, long nowNanos) {
    if (client.isOpen()) {
      client.unprovenSince(nowNanos);
      unproven.add(client);
    }
  }

  /** Its bytes are no TURN messages. */
  void broken(StreamClient client) {
    counters.increment(Counter.TURN_CONNECTIONS_BROKEN);
    client.close();
  }

  /** True: it was among the connections. */
  boolean forget(StreamClient client) {
    if (!client.isOpen()) {
      return false;
    }
    client.open(false);
    counters.increment(Counter.TURN_CONNECTIONS_CLOSED);
    all.remove(client);
    unproven.remove(client);
    byAddress.computeIfPresent(ip(client), (ip, count) -> count == 1 ? null : count - 1);
    return true;
  }

  /** Closes those that took too long. */
  void handleTimeout(long nowNanos) {
    long sinceNanos = nowNanos - limits.unprovenSec() * 1_000_000_000L;
    for (StreamClient client : List.copyOf(unproven)) {
      if (client.unprovenSinceNanos() - sinceNanos > 0) {
        return;
      }
      drop(client);
    }
  }

  void closeAll() {
    List.copyOf(all).forEach(StreamClient::close);
  }

  int size() {
    return all.size();
  }

  int unprovenSize() {
    return unproven.size();
  }
}
