package dev.parley.signaling.http;

import dev.parley.signaling.tls.Hops;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The network address that a client's connections are counted by. Behind a proxy every connection
 * comes from the proxy, so without the proxy's word there is none.
 */
final class ClientAddress {
  private static final int IPV6_NETWORK_BYTES = 8;

  private ClientAddress() {}

  /**
   * Empty where the address is not known.
   *
   * @param hops who is behind connections from this process itself
   * @param header the header that the proxy writes; of a list its own entry is the last
   */
  static Optional<String> of(HttpServerRequest request, Optional<String> header, Hops hops) {
    Optional<SocketAddress> behindFront =
        hops.clientOf(request.localAddress(), request.remoteAddress());
    if (behindFront.isPresent()) {
      return direct(behindFront.get());
    }
    if (header.isPresent()) {
      return Optional.ofNullable(request.getHeader(header.get())).flatMap(ClientAddress::last);
    }
    return direct(request.remoteAddress());
  }

  private static Optional<String> direct(SocketAddress remote) {
    return Optional.ofNullable(remote.hostAddress())
        .flatMap(ClientAddress::literal)
        .filter(address -> !address.isLoopbackAddress())
        .map(ClientAddress::key);
  }

  private static Optional<String> last(String list) {
    return literal(list.substring(list.lastIndexOf(',') + 1).strip()).map(ClientAddress::key);
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  /** One subscriber has a whole IPv6 network of 64 bits. */
  private static String key(InetAddress address) {
    return address instanceof Inet6Address
        ? HexFormat.of().formatHex(address.getAddress(), 0, IPV6_NETWORK_BYTES)
        : address.getHostAddress();
  }
}
