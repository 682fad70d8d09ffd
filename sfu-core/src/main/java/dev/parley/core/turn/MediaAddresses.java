package dev.parley.core.turn;

import dev.parley.core.common.PeerAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The only peers there are: each announced address with each media port of this process. More may
 * come, and none goes: clients that know an address may use it for a while yet. Turn thread only.
 */
public final class MediaAddresses {
  /**
   * One of them.
   *
   * @param ip the number of its IP address among the announced ones
   * @param port the number of its media port, in the order given
   */
  record Entry(PeerAddress address, int ip, int port) {}

  private final List<PeerAddress> ips = new ArrayList<>();
  private final Map<PeerAddress, Entry> entries = new HashMap<>();

  /**
   * Of the ports of all workers.
   *
   * @param ports for each media port the addresses under which clients know it
   */
  public MediaAddresses(List<List<PeerAddress>> ports) {
    add(ports);
  }

  /** Adds what is new; the ports in the same order. */
  void add(List<List<PeerAddress>> ports) {
    for (int port = 0; port < ports.size(); port++) {
      for (PeerAddress address : ports.get(port)) {
        PeerAddress ip = new PeerAddress(address.high(), address.low(), 0);
        if (!ips.contains(ip)) {
          ips.add(ip);
        }
        entries.putIfAbsent(address, new Entry(address, ips.indexOf(ip), port));
      }
    }
  }

  int ipCount() {
    return ips.size();
  }

  /** The first announced IP address of a family, as an address with port 0. */
  @Nullable PeerAddress firstIp(boolean v4) {
    return ips.stream().filter(ip -> ip.isV4() == v4).findFirst().orElse(null);
  }

  @Nullable Entry find(long high, long low, int port) {
    return entries.get(new PeerAddress(high, low, port));
  }

  /** The number of an announced IP address, or -1. */
  int ip(long high, long low) {
    return ips.indexOf(new PeerAddress(high, low, 0));
  }

  /** Whether an announced address is a media port's. */
  boolean isPort(int port) {
    return entries.keySet().stream().anyMatch(address -> address.port() == port);
  }
}
