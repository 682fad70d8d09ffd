package dev.parley.server.browser;

import dev.parley.core.fixtures.network.LinkConditions;
import dev.parley.core.fixtures.network.UdpRelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A bad network between one page and the server: a relay before each of the server's ports. */
final class Detour implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1:";

  private final Map<Integer, UdpRelay> relays = new LinkedHashMap<>();

  Detour(TestServer server) {
    for (String address : server.media()) {
      if (address.startsWith(LOOPBACK)) {
        int port = Integer.parseInt(address.substring(LOOPBACK.length()));
        relays.put(port, start(port));
      }
    }
  }

  private static UdpRelay start(int port) {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    try {
      return UdpRelay.start(
          new InetSocketAddress(loopback, port), new InetSocketAddress(loopback, 0));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** What a page runs before its own scripts to take this way. */
  String script() {
    String ports =
        relays.entrySet().stream()
            .map(e -> e.getKey() + ": " + e.getValue().localAddress().getPort())
            .collect(Collectors.joining(", ", "{", "}"));
    return "const ports = " + ports + ";\n" + Browser.script("detour.js");
  }

  /** From the page to the server, and back. */
  void conditions(LinkConditions up, LinkConditions down) {
    each(relay -> relay.up(up));
    each(relay -> relay.down(down));
  }

  void down(LinkConditions down) {
    each(relay -> relay.down(down));
  }

  private void each(Consumer<UdpRelay> change) {
    relays.values().forEach(change);
  }

  @Override
  public void close() {
    for (UdpRelay relay : relays.values()) {
      try {
        relay.close();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
