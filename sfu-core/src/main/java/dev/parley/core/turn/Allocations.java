package dev.parley.core.turn;

import dev.parley.core.common.PeerAddress;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All allocations, their quotas and their ports, none of which is opened. Turn thread only. */
final class Allocations {
  private static final int FIRST_PORT = 49_152;
  private static final int LAST_PORT = 65_535;

  /** Why there is no allocation to be had. */
  enum Quota {
    NONE,
    USER,
    SERVER
  }

  private final TurnSettings settings;
  private final MediaAddresses media;
  private final Set<TurnAllocation> all = new LinkedHashSet<>();
  private final Map<String, Integer> byOwner = new HashMap<>();
  private final Map<PeerAddress, Integer> byNetwork = new HashMap<>();
  private final BitSet ports = new BitSet(LAST_PORT + 1);
  private int cursor = FIRST_PORT;

  Allocations(TurnSettings settings, MediaAddresses media) {
    this.settings = settings;
    this.media = media;
    for (int port = FIRST_PORT; port <= LAST_PORT; port++) {
      if (media.isPort(port)) {
        ports.set(port);
      }
    }
  }

  Quota exceeded(String owner, PeerAddress client) {
    if (byOwner.getOrDefault(owner, 0) >= settings.maxAllocationsPerUser()) {
      return Quota.USER;
    }
    boolean full =
        all.size() >= settings.maxAllocations()
            || byNetwork.getOrDefault(network(client), 0) >= settings.maxAllocationsPerAddress()
            || freePort() < 0;
    return full ? Quota.SERVER : Quota.NONE;
  }

  /** Who has one IPv6 address has a network of them. */
  private static PeerAddress network(PeerAddress client) {
    return new PeerAddress(client.high(), client.isV4() ? client.low() : 0, 0);
  }

  private int freePort() {
    int port = ports.nextClearBit(cursor);
    if (port > LAST_PORT) {
      port = ports.nextClearBit(FIRST_PORT);
    }
    return port > LAST_PORT ? -1 : port;
  }

  /** No quota is exceeded, and the family has an address. */
  TurnAllocation open(
      TurnClient client, String username, byte[] key, PeerAddress ip, long nowNanos) {
    int port = freePort();
    ports.set(port);
    cursor = port == LAST_PORT ? FIRST_PORT : port + 1;
    PeerAddress relayed = new PeerAddress(ip.high(), ip.low(), port);
    TurnAllocation allocation =
        new TurnAllocation(client, username, key, relayed, media, settings, nowNanos);
    all.add(allocation);
    byOwner.merge(allocation.owner(), 1, Integer::sum);
    byNetwork.merge(network(client.address()), 1, Integer::sum);
    client.open(allocation);
    return allocation;
  }

  void close(TurnAllocation allocation) {
    if (!all.remove(allocation)) {
      return;
    }
    allocation.close();
    ports.clear(allocation.relayed().port());
    less(byOwner, allocation.owner());
    less(byNetwork, network(allocation.client().address()));
    allocation.client().release();
  }

  private static <K> void less(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
  }

  /** When the next of them ends; {@code Long.MAX_VALUE}: there is none. */
  long nextEndNanos() {
    return all.stream().mapToLong(TurnAllocation::endsNanos).min().orElse(Long.MAX_VALUE);
  }

  List<TurnAllocation> ended(long nowNanos) {
    return all.stream().filter(a -> a.endsNanos() - nowNanos <= 0).toList();
  }

  Set<TurnAllocation> all() {
    return all;
  }
}
