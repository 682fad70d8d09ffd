package dev.parley.bots.client;

import dev.parley.bots.network.Link;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.ice.IceClient;
import dev.parley.core.ice.IceCredentials;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.ice4j.ice.Agent;
import org.jspecify.annotations.Nullable;

/**
 * A client's end with full ICE: what is sent goes by the pair that was selected last. Until a
 * restart has found a new one, the old one goes on. Loop's thread only.
 */
final class ClientLoopAgent implements ClientLoopEnd, ClientIce.Source {
  private static final long FADE_NANOS = 1_000_000_000;
  private static final long ASK_AGAIN_NANOS = 3_000_000_000L;
  private static final int MOST_ASKED = 10;

  private final ClientLoop loop;
  private final ClientWay.Full way;
  private @Nullable LightClient client;

  /** By the fragments that the server was told, and has not answered to. */
  private final Map<String, Agent> drawn = new HashMap<>();

  /** The latest; {@code carrying} may still be the one before. */
  private @Nullable ClientLoopChecks latest;

  private @Nullable ClientLoopChecks carrying;

  /** Carried before, and still takes what comes. */
  private @Nullable ClientLoopChecks fading;

  private final Set<InetSocketAddress> servers = new HashSet<>();
  private @Nullable ClientLoopCandidate selected;
  private @Nullable InetSocketAddress server;
  private boolean plugged;

  /** When to ask again for a restart that has not come. */
  private long askAgainNanos = Long.MAX_VALUE;

  private int asked;
  private long mediaDropped;

  ClientLoopAgent(ClientLoop loop, ClientWay.Full way) {
    this.loop = loop;
    this.way = way;
  }

  /** Loads what the first agent needs. Any thread. */
  static void warmUp() {
    new Agent().free();
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
    drawn.put(fresh.getLocalUfrag(), fresh);
    return new IceCredentials(fresh.getLocalUfrag(), fresh.getLocalPassword());
  }

  @Override
  public ClientIce begin(
      IceCredentials local, ClientIce.Remote remote, IceClient.Listener listener, long nowNanos) {
    Agent agent = drawn.remove(local.ufrag());
    if (agent == null || remote.candidates().isEmpty()) {
      throw new IllegalArgumentException("it has no candidate");
    }
    if (!plugged) {
      agent.free();
      throw new IllegalArgumentException("there is no network");
    }
    ClientLoopChecks before = latest;
    if (before != carrying) {
      release(before);
    }
    remote.candidates().stream()
        .map(c -> new InetSocketAddress(c.address(), c.port()))
        .forEach(servers::add);
    ClientLoopChecks checks = new ClientLoopChecks(loop, this, agent, remote, listener);
    latest = checks;
    askAgainNanos = Long.MAX_VALUE;
    asked = 0;
    return checks;
  }

  /** A pair was selected: it carries from now on. */
  void carry(ClientLoopChecks checks, ClientLoopCandidate candidate, PeerAddress to) {
    ClientLoopChecks before = carrying;
    carrying = checks;
    selected = candidate;
    server = to.toInet();
    if (before != null && before != checks) {
      fade(before);
    }
  }

  /** What is under way to the old sockets is to arrive. */
  private void fade(ClientLoopChecks checks) {
    release(fading);
    fading = checks;
    loop.at(
        loop.nowNanos() + FADE_NANOS,
        () -> {
          if (fading == checks) {
            release(checks);
            fading = null;
          }
        });
  }

  private static void release(@Nullable ClientLoopChecks checks) {
    if (checks != null) {
      checks.release();
    }
  }

  /** Of any pair: the server may know sooner than this thread which one is selected. */
  void onMedia(byte[] bytes, int lengthBytes, InetSocketAddress sender, long nowNanos) {
    LightClient of = client;
    if (of == null || !servers.contains(sender)) {
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
      unplug();
      plug();
      of.addressChanged(nowNanos);
    }
  }

  /** The sockets are opened by the checks. */
  @Override
  public void plug() {
    plugged = true;
    if (askAgainNanos != Long.MAX_VALUE) {
      askAgainNanos = loop.nowNanos() + ASK_AGAIN_NANOS;
    }
  }

  @Override
  public void unplug() {
    plugged = false;
    release(latest);
    if (carrying != latest) {
      release(carrying);
    }
    release(fading);
    fading = null;
    if (latest != null) {
      askAgainNanos = loop.nowNanos() + ASK_AGAIN_NANOS;
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

  /** A restart's request may be lost with the WebSocket that brought it. */
  @Override
  public long handleTimeout(long nowNanos) {
    LightClient of = client;
    if (nowNanos >= askAgainNanos && of != null) {
      askAgainNanos = nowNanos + ASK_AGAIN_NANOS;
      if (plugged && ++asked < MOST_ASKED) {
        of.addressChanged(nowNanos);
      } else if (plugged) {
        askAgainNanos = Long.MAX_VALUE;
        of.onFailed("ICE: the server does not restart it");
      }
    }
    return askAgainNanos;
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
  public ClientLoop loop() {
    return loop;
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
