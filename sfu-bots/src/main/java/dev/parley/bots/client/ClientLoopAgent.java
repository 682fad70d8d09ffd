package dev.parley.bots.client;

import dev.parley.bots.network.Link;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.ice.IceClient;
import dev.parley.core.ice.IceCredentials;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.ice4j.ice.Agent;
import org.jspecify.annotations.Nullable;

/**
 * A client's end with full ICE: what is sent goes by the pair that was selected last. Until a
 * restart has found a new one, the old one goes on. Loop's thread only.
 */
final class ClientLoopAgent implements ClientLoopEnd, ClientIce.Source {
  /** Kept, since a logger that nobody holds forgets its level. */
  private static final Logger ICE4J = Logger.getLogger("org.ice4j");

  static {
    // Else it asks a cloud's metadata service, and waits for it.
    System.setProperty("ice4j.harvest.mapping.aws.enabled", "false");
    ICE4J.setLevel(Level.SEVERE); // What fails is reported as the bot's failure.
  }

  private final ClientLoop loop;
  private final ClientWay.Full way;
  private @Nullable LightClient client;
  private @Nullable Agent drawn;

  /** The latest; {@code carrying} may still be the one before. */
  private @Nullable ClientLoopChecks latest;

  private @Nullable ClientLoopChecks carrying;
  private @Nullable ClientLoopCandidate selected;
  private @Nullable InetSocketAddress server;
  private boolean plugged;
  private long mediaDropped;

  ClientLoopAgent(ClientLoop loop, ClientWay.Full way) {
    this.loop = loop;
    this.way = way;
  }

  /** Whether UDP is tried beside TCP. */
  boolean udp() {
    return way.udp();
  }

  @Override
  public @Nullable LightClient client() {
    return client;
  }

  @Override
  public void client(LightClient of) {
    client = of;
  }

  @Override
  public ClientIce.Source ice() {
    return this;
  }

  @Override
  public IceCredentials draw() {
    Agent fresh = new Agent();
    drawn = fresh;
    return new IceCredentials(fresh.getLocalUfrag(), fresh.getLocalPassword());
  }

  @Override
  public ClientIce begin(ClientIce.Remote remote, IceClient.Listener listener, long nowNanos) {
    Agent agent = drawn;
    if (agent == null || remote.candidates().isEmpty()) {
      throw new IllegalArgumentException("it has no candidate");
    }
    drawn = null;
    ClientLoopChecks before = latest;
    if (before != null && before != carrying) {
      before.release();
    }
    ClientLoopChecks checks = new ClientLoopChecks(loop, this, agent, remote, listener);
    latest = checks;
    return checks;
  }

  /** A pair was selected: it carries from now on. */
  void carry(ClientLoopChecks checks, ClientLoopCandidate candidate, PeerAddress to) {
    ClientLoopChecks before = carrying;
    carrying = checks;
    selected = candidate;
    server = to.toInet();
    if (before != null && before != checks) {
      before.release();
    }
  }

  void onMedia(
      ClientLoopCandidate from,
      byte[] bytes,
      int lengthBytes,
      InetSocketAddress sender,
      long nowNanos) {
    LightClient of = client;
    if (of == null || from != selected || !sender.equals(server)) {
      loop.foreign();
    } else {
      of.handleDatagram(bytes, 0, lengthBytes, nowNanos);
      loop.wakeAt(of.nextTimeoutNanos());
    }
  }

  /** As a browser does, the client restarts ICE when it loses the connection that carries. */
  void connectionLost(ClientLoopCandidate candidate, long nowNanos) {
    LightClient of = client;
    if (of != null && candidate == selected) {
      selected = null;
      of.addressChanged(nowNanos);
    }
  }

  /** The sockets are opened by the checks. */
  @Override
  public void plug() {
    plugged = true;
  }

  @Override
  public void unplug() {
    plugged = false;
    ClientLoopChecks one = latest;
    ClientLoopChecks other = carrying;
    if (one != null) {
      one.release();
    }
    if (other != null && other != one) {
      other.release();
    }
    latest = null;
    carrying = null;
    selected = null;
  }

  @Override
  public void take(ClientWay.Relay relay) {
    throw new IllegalStateException("full ICE chooses its way itself");
  }

  @Override
  public void stopReading() {
    ClientLoopCandidate carries = selected;
    if (carries != null) {
      carries.stopReading();
    }
  }

  @Override
  public long handleTimeout(long nowNanos) {
    return Long.MAX_VALUE;
  }

  @Override
  public long mediaDropped() {
    return mediaDropped;
  }

  @Override
  public int localPort() {
    ClientLoopCandidate carries = selected;
    return carries == null ? 0 : carries.getLocalPort();
  }

  @Override
  public void send(byte[] bytes, int offset, int lengthBytes, PeerAddress to) {
    loop.outgoing().put(0, bytes, offset, lengthBytes);
    commit(lengthBytes, to);
  }

  @Override
  public int reserve() {
    return 0;
  }

  @Override
  public MemorySegment slab() {
    return loop.slab();
  }

  @Override
  public void commit(int lengthBytes, PeerAddress to) {
    ClientLoopCandidate carries = selected;
    InetSocketAddress remote = server;
    loop.outgoing().limit(lengthBytes).position(0);
    if (carries == null || remote == null || !plugged) {
      byte[] head = {loop.outgoing().get(0), loop.outgoing().get(1)};
      mediaDropped += Link.isMedia(head, 0, head.length) ? 1 : 0;
    } else if (!carries.transmit(loop.outgoing(), remote)) {
      loop.notSent();
    }
    loop.outgoing().clear();
  }
}
