package dev.parley.signaling.http;

import dev.parley.signaling.config.SessionConfig;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.tls.Hops;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is behind a request: the client of the TCP connection, also of one that came by this server's
 * own TLS port, or whom a trusted proxy names. Any thread.
 */
final class ClientAddress {
  private static final Logger log = LoggerFactory.getLogger(ClientAddress.class);
  private static final int IPV6_NETWORK_BYTES = 8;

  private final SessionConfig config;
  private final Hops hops;
  private final AtomicBoolean warned = new AtomicBoolean();

  /** {@code hops}: who is behind connections from this process itself. */
  ClientAddress(SessionConfig config, Hops hops) {
    this.config = config;
    this.hops = hops;
  }

  /**
   * What the client's connections are counted by; empty where that is not known. Behind a proxy
   * every connection comes from the proxy, so without the proxy's word there is none.
   */
  Optional<String> key(HttpServerRequest request) {
    return speaksForOthers(request)
        ? named(request).map(ClientAddress::key)
        : literal(peer(request))
            .filter(address -> !address.isLoopbackAddress())
            .map(ClientAddress::key);
  }

  /** For the log: the client's address and port, or its address alone where a proxy names it. */
  String text(HttpServerRequest request) {
    return (speaksForOthers(request) ? named(request) : Optional.<InetAddress>empty())
        .map(InetAddress::getHostAddress)
        .orElseGet(() -> String.valueOf(peer(request)));
  }

  private SocketAddress peer(HttpServerRequest request) {
    return hops.clientOf(request.localAddress(), request.remoteAddress())
        .orElseGet(request::remoteAddress);
  }

  private boolean speaksForOthers(HttpServerRequest request) {
    if (config.clientAddressHeader().isEmpty()) {
      return false;
    }
    SocketAddress peer = peer(request);
    if (literal(peer).filter(config.trustedProxies()::contains).isPresent()) {
      return true;
    }
    if (request.getHeader(config.clientAddressHeader().get()) != null
        && warned.compareAndSet(false, true)) {
      // Once: clients can write the header, too.
      LogLine.event("http.proxy_not_trusted")
          .with("remote", peer)
          .with("trusted", config.trustedProxies().networks())
          .warn(log);
    }
    return false;
  }

  /** Of a list the proxy's own entry is the last, also where it has a header line of its own. */
  private Optional<InetAddress> named(HttpServerRequest request) {
    return config
        .clientAddressHeader()
        .map(header -> request.headers().getAll(header))
        .filter(lines -> !lines.isEmpty())
        .map(List::getLast)
        .flatMap(list -> literal(list.substring(list.lastIndexOf(',') + 1).strip()));
  }

  private static Optional<InetAddress> literal(SocketAddress peer) {
    return Optional.ofNullable(peer.hostAddress()).flatMap(ClientAddress::literal);
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
