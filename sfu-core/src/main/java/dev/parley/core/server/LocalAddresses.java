package dev.parley.core.server;

import dev.parley.core.common.AddressText;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The machine's own addresses, for candidates when none are configured. */
final class LocalAddresses {
  private LocalAddresses() {}

  /**
   * IPv4 first, loopback last; no link-local and no multicast addresses.
   *
   * @throws IllegalStateException when the interfaces cannot be listed
   */
  static List<String> of(boolean loopback, boolean ipv4Only) {
    List<String> v4 = new ArrayList<>();
    List<String> v6 = new ArrayList<>();
    List<String> local = new ArrayList<>();
    try {
      for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (!device.isUp()) {
          continue;
        }
        for (InetAddress address : Collections.list(device.getInetAddresses())) {
          boolean isV4 = address.getAddress().length == 4;
          if (address.isLinkLocalAddress() || address.isMulticastAddress() || (ipv4Only && !isV4)) {
            continue;
          }
          String plain = AddressText.of(address);
          if (address.isLoopbackAddress()) {
            // Browsers gather 127.0.0.1 alone, and only when told to.
            if (isV4) {
              local.add(plain);
            }
          } else {
            (isV4 ? v4 : v6).add(plain);
          }
        }
      }
    } catch (SocketException e) {
      throw new IllegalStateException("the network interfaces cannot be listed", e);
    }
    v4.addAll(v6);
    if (loopback || v4.isEmpty()) {
      v4.addAll(local);
    }
    return v4;
  }
}
