package dev.parley.bots.client;

import dev.parley.core.common.PeerAddress;
import dev.parley.core.ice.IceClient;
import dev.parley.core.sdp.Candidate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.Agent;
import org.ice4j.ice.CandidatePair;
import org.ice4j.ice.CandidateType;
import org.ice4j.ice.Component;
import org.ice4j.ice.HostCandidate;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.IceProcessingState;
import org.ice4j.ice.KeepAliveStrategy;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.RemoteCandidate;
import org.ice4j.ice.harvest.AbstractCandidateHarvester;
import org.jspecify.annotations.Nullable;

/**
 * One agent of ice4j and its candidates: gathers, checks and nominates as the controlling side (RFC
 * 8445), and keeps consent (RFC 7675). Loop's thread only; what ice4j tells comes by tasks.
 */
final class ClientLoopChecks implements ClientIce {
  private static final String STREAM = "media";
  private static final long LOOK_NANOS = 1_000_000_000;
  private static final long CONSENT_MS = 30_000;

  /** RFC 8445 section 8.3.1. */
  private static final long KEEP_NANOS = 3_000_000_000L;

  private final ClientLoop loop;
  private final ClientLoopAgent owner;
  private final IceClient.Listener listener;
  private final Agent agent;
  private final List<ClientLoopCandidate> candidates = new ArrayList<>();
  private PeerAddress server;
  private @Nullable CandidatePair selected;
  private long selectedMs;
  private long lookNanos = Long.MAX_VALUE;
  private boolean stopped;

  /**
   * Opens the sockets and begins to check.
   *
   * @param agent with the credentials that the server knows; freed by {@link #release}
   */
  ClientLoopChecks(
      ClientLoop loop,
      ClientLoopAgent owner,
      Agent agent,
      Remote remote,
      IceClient.Listener listener) {
    this.loop = loop;
    this.owner = owner;
    this.agent = agent;
    this.listener = listener;
    this.server = PeerAddress.of(address(remote.candidates().getFirst()));
    agent.setControlling(true);
    agent.setPerformConsentFreshness(true);
    agent.setUseDynamicPorts(false); // The harvester below opens the sockets instead.
    agent.addCandidateHarvester(new Harvester(remote.candidates()));
    agent.addStateChangeListener(change -> {
      if (change.getNewValue() instanceof IceProcessingState state) {
        loop.execute(() -> onState(state));
      }
    });
    IceMediaStream stream = agent.createMediaStream(STREAM);
    stream.setRemoteUfrag(remote.credentials().ufrag());
    stream.setRemotePassword(remote.credentials().pwd());
    try {
      Component component = agent.createComponent(stream, KeepAliveStrategy.SELECTED_ONLY, false);
      for (Candidate candidate : remote.candidates()) {
        component.addRemoteCandidate(
            new RemoteCandidate(
                transportAddress(address(candidate), transport(candidate)),
                component,
                CandidateType.HOST_CANDIDATE,
                candidate.foundation(),
                candidate.priority(),
                null,
                remote.credentials().ufrag()));
      }
    } catch (IOException e) {
      release();
      throw new UncheckedIOException("no candidates can be gathered", e);
    }
    if (candidates.isEmpty()) {
      loop.execute(() -> onState(IceProcessingState.FAILED));
    } else {
      agent.startConnectivityEstablishment();
    }
  }

  private static InetSocketAddress address(Candidate candidate) {
    return new InetSocketAddress(candidate.address(), candidate.port());
  }

  private static Transport transport(Candidate candidate) {
    return switch (candidate.transport()) {
      case UDP -> Transport.UDP;
      case TCP -> Transport.TCP;
    };
  }

  private static TransportAddress transportAddress(InetSocketAddress of, Transport transport) {
    return new TransportAddress(of.getAddress(), of.getPort(), transport);
  }

  /**
   * Opens a UDP socket on each address of this machine that may reach the server, and a connection
   * to each of its TCP candidates. Loopback is among them where the server names it.
   */
  private final class Harvester extends AbstractCandidateHarvester {
    private final List<Candidate> remote;

    Harvester(List<Candidate> remote) {
      this.remote = remote;
    }

    @Override
    public boolean isHostHarvester() {
      return true;
    }

    @Override
    public List<LocalCandidate> harvest(Component component) {
      List<LocalCandidate> found = new ArrayList<>();
      if (owner.udp()) {
        for (InetAddress own : ownAddresses()) {
          if (remote.stream().anyMatch(c -> mayReach(own, c))) {
            add(component, found, () -> new ClientLoopCandidate(loop, owner, own));
          }
        }
      }
      for (Candidate candidate : remote) {
        if (candidate.transport() == Candidate.Transport.TCP) {
          add(component, found, () -> new ClientLoopCandidate(loop, owner, address(candidate)));
        }
      }
      return found;
    }

    private void add(
        Component component, List<LocalCandidate> found, Supplier<ClientLoopCandidate> opening) {
      ClientLoopCandidate opened;
      try {
        opened = opening.get();
      } catch (UncheckedIOException e) {
        loop.notSent(); // There is no way from here to there; another candidate may have one.
        return;
      }
      InetSocketAddress server = opened.connectedTo();
      Transport transport = server == null ? Transport.UDP : Transport.TCP;
      HostCandidate candidate = new HostCandidate(opened, component, transport);
      if (!component.addLocalCandidate(candidate)) {
        opened.release();
        return;
      }
      candidates.add(opened);
      found.add(candidate);
      agent
          .getStunStack()
          .addSocket(opened, server == null ? null : transportAddress(server, transport));
    }

    private List<InetAddress> ownAddresses() {
      InetAddress bound = loop.settings().bind().getAddress();
      if (!bound.isAnyLocalAddress()) {
        return List.of(bound);
      }
      try {
        return NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(a -> !a.isLinkLocalAddress())
            .toList();
      } catch (SocketException e) {
        return List.of(); // As on a machine without a network.
      }
    }

    private static boolean mayReach(InetAddress own, Candidate candidate) {
      InetAddress server = address(candidate).getAddress();
      return candidate.transport() == Candidate.Transport.UDP
          && own instanceof Inet4Address == server instanceof Inet4Address
          && own.isLoopbackAddress() == server.isLoopbackAddress();
    }
  }

  private void onState(IceProcessingState state) {
    if (stopped) {
      return;
    }
    CandidatePair pair = selectedPair();
    if (state == IceProcessingState.COMPLETED && pair != null && selected == null) {
      selected = pair;
      selectedMs = System.currentTimeMillis();
      lookNanos = System.nanoTime() + LOOK_NANOS;
      TransportAddress to = pair.getRemoteCandidate().getTransportAddress();
      server = PeerAddress.of(new InetSocketAddress(to.getAddress(), to.getPort()));
      ClientLoopCandidate base = base(pair);
      owner.carry(this, base, server);
      loop.at(loop.nowNanos() + KEEP_NANOS, () -> releaseOthers(base));
      listener.onConnected();
    } else if (state == IceProcessingState.FAILED) {
      stop();
      if (selected == null) {
        listener.onNeverConnected();
      } else {
        listener.onConsentLost();
      }
    }
  }

  private @Nullable CandidatePair selectedPair() {
    IceMediaStream stream = agent.getStream(STREAM);
    Component component = stream == null ? null : stream.getComponent(Component.RTP);
    return component == null ? null : component.getSelectedPair();
  }

  /** The socket behind a pair, whose local candidate may be what the server sees of it. */
  private ClientLoopCandidate base(CandidatePair pair) {
    TransportAddress own = pair.getLocalCandidate().getBase().getTransportAddress();
    Transport transport = own.getTransport();
    return candidates.stream()
        .filter(c -> c.local().getPort() == own.getPort())
        .filter(c -> c.local().getAddress().equals(own.getAddress()))
        .filter(c -> (c.connectedTo() == null) == (transport == Transport.UDP))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no socket of " + own));
  }

  /** What is not selected is not needed any more, nor are the threads that wait for it. */
  private void releaseOthers(ClientLoopCandidate kept) {
    if (stopped) {
      return;
    }
    for (ClientLoopCandidate candidate : List.copyOf(candidates)) {
      if (candidate != kept) {
        InetSocketAddress to = candidate.connectedTo();
        Transport transport = to == null ? Transport.UDP : Transport.TCP;
        agent
            .getStunStack()
            .removeSocket(
                transportAddress(candidate.local(), transport),
                to == null ? null : transportAddress(to, transport));
        candidate.release();
        candidates.remove(candidate);
      }
    }
  }

  /** Closes the sockets, and lets ice4j's threads end. */
  void release() {
    stop();
    candidates.forEach(ClientLoopCandidate::release);
    candidates.clear();
    // It waits for others of its threads.
    Thread.ofVirtual().start(agent::free);
  }

  @Override
  public PeerAddress server() {
    return server;
  }

  @Override
  public boolean sendsUnchecked() {
    return false;
  }

  @Override
  public void handle(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    throw new IllegalStateException("STUN is kept by the candidate it came to");
  }

  @Override
  public long nextTimeoutNanos() {
    return lookNanos;
  }

  /** Looks whether the server still consents. */
  @Override
  public void handleTimeout(long nowNanos) {
    CandidatePair pair = selected;
    if (pair == null || stopped || nowNanos < lookNanos) {
      return;
    }
    lookNanos = nowNanos + LOOK_NANOS;
    long lastMs = Math.max(selectedMs, pair.getConsentFreshness());
    if (System.currentTimeMillis() - lastMs > CONSENT_MS) {
      stop();
      listener.onConsentLost();
    }
  }

  @Override
  public boolean addressChanged(long nowNanos) {
    return false;
  }

  /** What has been selected goes on to carry, until another one does. */
  @Override
  public void stop() {
    stopped = true;
    lookNanos = Long.MAX_VALUE;
  }
}
