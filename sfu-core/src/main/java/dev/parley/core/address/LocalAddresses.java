package dev.parley.core.address;

import dev.parley.core.common.AddressScope;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The machine's own addresses, for candidates when none are configured. Any thread. */
public final class LocalAddresses {
  private LocalAddresses() {}

  /**
   * All that a socket may be bound to, but those of one link.
   *
   * @throws IllegalStateException when the interfaces cannot be listed
   */
  public static List<InetAddress> all() {
    List<InetAddress> all = new ArrayList<>();
    try {
      for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (device.isUp()) {
          Collections.list(device.getInetAddresses()).stream()
              .filter(address -> AddressScope.of(address) != AddressScope.LINK)
              .forEach(all::add);
        }
      }
    } catch (SocketException e) {
      throw new IllegalStateException("the network interfaces cannot be listed", e);
    }
    return all;
  }

  /**
   * Those to announce, best first: public ones, IPv6 and IPv4 in turn (RFC 8421 section 4), private
   * IPv4, private IPv6 (RFC 6724 section 2.1), loopback. Without any other, loopback is announced
   * in any case.
   */
  public static List<InetAddress> toAnnounce(
      List<InetAddress> own, boolean loopback, boolean ipv4Only) {
    List<InetAddress> best = new ArrayList<>();
    List<InetAddress> v6 = of(own, AddressScope.PUBLIC, false, ipv4Only);
    List<InetAddress> v4 = of(own, AddressScope.PUBLIC, true, ipv4Only);
    for (int i = 0; i < Math.max(v6.size(), v4.size()); i++) {
      best.addAll(v6.subList(Math.min(i, v6.size()), Math.min(i + 1, v6.size())));
      best.addAll(v4.subList(Math.min(i, v4.size()), Math.min(i + 1, v4.size())));
    }
    best.addAll(of(own, AddressScope.PRIVATE, true, ipv4Only));
    best.addAll(of(own, AddressScope.PRIVATE, false, ipv4Only));
    if (loopback || best.isEmpty()) {
      // Browsers gather 127.0.0.1 alone, and only when told to.
      best.addAll(of(own, AddressScope.LOOPBACK, true, ipv4Only));
    }
    return List.copyOf(best);
  }

  private static List<InetAddress> of(
      List<InetAddress> own, AddressScope scope, boolean v4, boolean ipv4Only) {
    return own.stream()
        .filter(address -> AddressScope.of(address) == scope)
        .filter(address -> address instanceof Inet4Address == v4 && (v4 || !ipv4Only))
        .toList();
  }
}
