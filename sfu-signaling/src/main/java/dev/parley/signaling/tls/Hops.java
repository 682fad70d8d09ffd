package dev.parley.signaling.tls;

import io.vertx.core.net.SocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is behind the connections that come from this process itself: the HTTP server sees the front
 * as its client, and asks here for the real one. Any thread.
 */
public final class Hops {
  private final Map<Integer, SocketAddress> clientsByPort = new ConcurrentHashMap<>();
  private volatile int innerPort = -1;

  /** The loopback port that the front hands on to. */
  public void innerPort(int port) {
    innerPort = port;
  }

  int innerPort() {
    return innerPort;
  }

  void add(int localPort, SocketAddress client) {
    clientsByPort.put(localPort, client);
  }

  void remove(int localPort) {
    clientsByPort.remove(localPort);
  }

  /** The client behind a connection of the front's; empty for any other connection. */
  public Optional<SocketAddress> clientOf(SocketAddress local, SocketAddress remote) {
    return local.port() == innerPort
        ? Optional.ofNullable(clientsByPort.get(remote.port()))
        : Optional.empty();
  }

  /** How many connections are handed on now. */
  public int size() {
    return clientsByPort.size();
  }
}
