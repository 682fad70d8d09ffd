package dev.parley.bots.client;

import dev.parley.core.common.Counters;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.ice.IceClient;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.sdp.Candidate;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Checks the one path to a server that is the only peer. Owner's thread only. */
record LightIce(IceClient agent, PeerAddress server) implements ClientIce {
  /** One for each client. Owner's thread only. */
  static final class Source implements ClientIce.Source {
    private final DatagramSink sink;
    private final Candidate.Transport transport;
    private final boolean loopback;
    private final Predicate<InetSocketAddress> hasRoute;

    /** An ICE restart stays with the server's address. */
    private @Nullable PeerAddress chosen;

    /**
     * @param transport of the candidates that are looked at
     * @param loopback whether the sockets are bound to a loopback address; see {@link
     *     CandidateChoice}
     * @param hasRoute whether the system would send to an address
     */
    Source(
        DatagramSink sink,
        Candidate.Transport transport,
        boolean loopback,
        Predicate<InetSocketAddress> hasRoute) {
      this.sink = sink;
      this.transport = transport;
      this.loopback = loopback;
      this.hasRoute = hasRoute;
    }

    @Override
    public IceCredentials draw() {
      return IceCredentials.random();
    }

    @Override
    public ClientIce begin(
        IceCredentials local, Remote remote, IceClient.Listener listener, long nowNanos) {
      PeerAddress server = chosen == null ? choose(remote) : chosen;
      chosen = server;
      return new LightIce(
          new IceClient(
              local, remote.credentials(), server, sink, listener, new Counters(), nowNanos),
          server);
    }

    private PeerAddress choose(Remote remote) {
      List<InetSocketAddress> candidates =
          remote.candidates().stream()
              .filter(c -> c.transport() == transport)
              .map(c -> new InetSocketAddress(c.address(), c.port()))
              .toList();
      return CandidateChoice.of(candidates, loopback, hasRoute)
          .map(PeerAddress::of)
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "it has no " + transport + " candidate in reach, only " + candidates));
    }
  }

  @Override
  public boolean sendsUnchecked() {
    return true;
  }

  @Override
  public void handle(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    agent.handle(bytes, offset, lengthBytes, server, nowNanos);
  }

  @Override
  public long nextTimeoutNanos() {
    return agent.nextTimeoutNanos();
  }

  @Override
  public void handleTimeout(long nowNanos) {
    if (nowNanos >= agent.nextTimeoutNanos()) {
      agent.handleTimeout(nowNanos);
    }
  }

  @Override
  public boolean addressChanged(long nowNanos) {
    agent.addressChanged(nowNanos);
    return true;
  }

  @Override
  public void stop() {
    agent.stop();
  }
}
