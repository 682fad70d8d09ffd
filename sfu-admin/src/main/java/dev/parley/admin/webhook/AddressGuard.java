package dev.parley.admin.webhook;

import dev.parley.signaling.config.Networks;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which addresses may be connected to: the public ones, and those of networks that are allowed by
 * name. Against requests that are forged on the server's side: an endpoint's name may be made to
 * resolve to a machine inside, or to a cloud's metadata service.
 */
public final class AddressGuard {
  /** By the special-purpose registries of IANA (RFC 6890) and what clouds use besides. */
  private static final Map<String, Networks> INNER_V4 =
      Map.of(
          "private", networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
          "loopback", networks("127.0.0.0/8"),
          "link-local", networks("169.254.0.0/16"),
          "shared by a carrier", networks("100.64.0.0/10"),
          "a cloud's own", networks("168.63.129.16"),
          "multicast", networks("224.0.0.0/4"),
          "reserved",
              networks(
                  "0.0.0.0/8",
                  "192.0.0.0/24",
                  "192.0.2.0/24",
                  "192.88.99.0/24",
                  "198.18.0.0/15",
                  "198.51.100.0/24",
                  "203.0.113.0/24",
                  "240.0.0.0/4"));

  private static final Networks GLOBAL_V6 = networks("2000::/3");
  private static final Networks RESERVED_V6 =
      networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");
  private static final Networks NAT64 = networks("64:ff9b::/96");

  private final Networks allowed;

  public AddressGuard(Networks allowed) {
    this.allowed = allowed;
  }

  /** Whether the operator has named a network of it; http is for those. */
  public boolean isNamed(InetAddress address) {
    return allowed.contains(address) || embedded(address).filter(allowed::contains).isPresent();
  }

  /** Why it may not be connected to; empty when it may. */
  public Optional<String> refusal(InetAddress address) {
    if (isNamed(address)) {
      return Optional.empty();
    }
    if (address instanceof Inet4Address) {
      return INNER_V4.entrySet().stream()
          .filter(inner -> inner.getValue().contains(address))
          .map(Map.Entry::getKey)
          .findFirst();
    }
    Optional<InetAddress> inside = embedded(address);
    if (inside.isPresent()) {
      return refusal(inside.get());
    }
    return GLOBAL_V6.contains(address) && !RESERVED_V6.contains(address)
        ? Optional.empty()
        : Optional.of("not public");
  }

  /** The IPv4 address that a gateway makes of it (RFC 6052); Java itself unwraps mapped ones. */
  private static Optional<InetAddress> embedded(InetAddress address) {
    if (!NAT64.contains(address)) {
      return Optional.empty();
    }
    byte[] bytes = address.getAddress();
    try {
      return Optional.of(
          InetAddress.getByAddress(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static Networks networks(String... names) {
    return new Networks(List.of(names));
  }
}
