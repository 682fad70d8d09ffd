package dev.parley.core.transport;

import dev.parley.core.bwe.Estimator;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.dtls.DtlsEndpoint;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.ice.IceLite;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpSink;
import dev.parley.core.srtp.SrtpKeys;
import dev.parley.core.srtp.SrtpReceiver;
import dev.parley.core.srtp.SrtpStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One peer: ICE, DTLS and SRTP over datagrams (RFC 8445, RFC 5764). Sorts what arrives by its first
 * byte (RFC 7983) and protects what leaves. Nothing that arrives makes it throw; a broken invariant
 * closes this transport alone. Worker's thread only.
 */
public final class Transport implements RtpSink {
  private Counters counters;
  private DatagramSink sink;
  private Routes routes;
  private Inbound inbound;
  private final IceLite ice;
  private final DtlsEndpoint dtls;
  private final long connectTimeoutNanos;
  private @Nullable SrtpPair srtp;
  private @Nullable PeerAddress remote;
  private @Nullable PeerAddress selected;
  private long connectDeadlineNanos;
  private final Ufrags ufrags;
  private boolean iceConnected;
  private boolean interrupted;
  private boolean closed;
  private final Pacing pacing;
  private final EarlyMedia early = new EarlyMedia();

  /**
   * Opens the transport; the caller registers its ufrag with {@code net}.
   *
   * @param owner runs tasks on the worker's thread
   */
  public Transport(
      TransportParameters parameters,
      DatagramSink sink,
      Routes routes,
      Executor owner,
      HandshakeExecutor handshakes,
      Counters counters,
      Inbound inbound,
      long nowNanos) {
    this.counters = counters;
    this.sink = sink;
    this.routes = routes;
    this.inbound = inbound;
    this.ufrags = new Ufrags(parameters.local().ufrag());
    this.ice =
        new IceLite(
            parameters.local(),
            parameters.remote(),
            parameters.ice(),
            sink,
            new IceEvents(),
            counters,
            nowNanos);
    this.dtls =
        new DtlsEndpoint(
            DtlsEndpoint.Role.SERVER,
            parameters.identity(),
            parameters.remoteFingerprints(),
            parameters.srtpProfiles(),
            owner,
            handshakes,
            this::sendDtls,
            new DtlsEvents());
    this.pacing = new Pacing(parameters.bandwidth());
    this.connectTimeoutNanos = parameters.ice().connectTimeoutNanos();
    this.connectDeadlineNanos = nowNanos + 2 * connectTimeoutNanos;
    counters.increment(Counter.TRANSPORTS_OPENED);
  }

  /** Hands over to another participant: what arrives goes to that one from now on. */
  public void inbound(Inbound newInbound) {
    inbound = newInbound;
  }

  /**
   * Takes checks with new credentials, beside the earlier ones until the first of them is valid.
   * What is in use already is ignored.
   *
   * @throws IllegalStateException when another transport has the local ufrag; nothing has changed
   */
  public void restartIce(IceCredentials local, IceCredentials remoteSide, long nowNanos) {
    if (closed || localUfrags().contains(local.ufrag())) {
      return;
    }
    ufrags.restart(local.ufrag(), routes, this);
    if (srtp == null) {
      connectDeadlineNanos = nowNanos + 2 * connectTimeoutNanos;
    }
    ice.restart(local, remoteSide, nowNanos);
    counters.increment(Counter.ICE_RESTARTS_ASKED);
  }

  /**
   * Goes on at another worker, with all that belongs to that one. Called on the thread that is
   * left, which uses this transport no more; nothing of the other worker is touched.
   */
  public void moveTo(DatagramSink newSink, Routes newRoutes, Counters newCounters) {
    sink = newSink;
    routes = newRoutes;
    counters = newCounters;
    ice.moveTo(newSink, newCounters);
  }

  /** Nothing can be sent to this address any more: the path behind it has closed. */
  public void pathClosed(PeerAddress address) {
    if (closed) {
      return;
    }
    try {
      ice.forget(address);
    } catch (RuntimeException fault) {
      fail(fault);
    }
  }

  /** Whether the client has proved to send with this SSRC, in RTP or in RTCP. */
  public boolean hasHeard(int ssrc, boolean rtcp) {
    SrtpPair keys = srtp;
    return keys != null && keys.receiver().knows(ssrc, rtcp);
  }

  /** Asks whether the client is at this address now, as {@link IceLite#ask}. */
  public boolean ask(PeerAddress address, long nowNanos) {
    if (closed) {
      return false;
    }
    try {
      return ice.ask(address, nowNanos);
    } catch (RuntimeException fault) {
      fail(fault);
      return false;
    }
  }

  /** Whether this whole STUN message answers that question. */
  public boolean hasAsked(byte[] bytes, int offset) {
    return ice.hasAsked(bytes, offset);
  }

  /** Stop 3: STUN, DTLS, or SRTP and SRTCP. Borrows and may overwrite the bytes. */
  @HotPath
  public void handleDatagram(
      byte[] bytes, int offset, int lengthBytes, PeerAddress from, long nowNanos) {
    if (!early.isEmpty()) {
      takeEarly(nowNanos);
    }
    if (closed) {
      counters.drop(DropReason.NOT_CONNECTED);
      return;
    }
    int first = bytes[offset] & 0xff;
    try {
      if (first >= 128 && first <= 191) {
        handleSrtp(bytes, offset, lengthBytes, nowNanos);
      } else if (first <= 3) {
        ice.handle(bytes, offset, lengthBytes, from, nowNanos);
      } else if (first >= 20 && first <= 63) {
        DropReason refused = dtls.handle(bytes, offset, lengthBytes);
        if (refused != null) {
          counters.drop(refused);
        }
      } else {
        counters.drop(DropReason.NOT_A_PROTOCOL);
      }
    } catch (RuntimeException fault) {
      fail(fault);
    }
  }

  @HotPath
  private void handleSrtp(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    SrtpPair keys = srtp;
    if (keys == null) {
      if (!dtls.handshaking() || !early.keep(bytes, offset, lengthBytes)) {
        counters.drop(DropReason.SRTP_NO_KEYS);
      }
      return;
    }
    take(keys, bytes, offset, lengthBytes, nowNanos);
  }

  /** Once there are keys; each of them may close the transport. */
  private void takeEarly(long nowNanos) {
    try {
      for (SrtpPair keys = srtp; keys != null && !early.isEmpty(); keys = srtp) {
        byte[] packet = early.take();
        take(keys, packet, 0, packet.length, nowNanos);
      }
    } catch (RuntimeException fault) {
      fail(fault);
    }
  }

  @HotPath
  private void take(SrtpPair keys, byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    if (lengthBytes < 12) {
      counters.drop(DropReason.SRTP_MALFORMED);
      return;
    }
    int type = bytes[offset + 1] & 0xff;
    boolean rtcp = type >= 192 && type <= 223;
    SrtpReceiver receiver = keys.receiver();
    int plain =
        rtcp
            ? receiver.unprotectRtcp(bytes, offset, lengthBytes)
            : receiver.unprotect(bytes, offset, lengthBytes);
    if (plain < 0) {
      counters.drop(SrtpStatus.dropReason(plain));
      return;
    }
    keys.received(bytes, offset, plain, nowNanos);
    ice.onAuthenticatedTraffic(nowNanos);
    if (rtcp) {
      counters.increment(Counter.RTCP_RECEIVED);
      inbound.onRtcp(bytes, offset, plain, nowNanos);
    } else {
      counters.increment(Counter.RTP_RECEIVED);
      inbound.onRtp(bytes, offset, plain, nowNanos);
    }
  }

  /** Stop 9: paces, numbers, and protects the packet into the send slab. */
  @Override
  @HotPath
  public boolean sendRtp(
      byte[] bytes, int offset, int lengthBytes, int transportWideAt, Kind kind, long nowNanos) {
    PeerAddress to = remote;
    if (srtp == null || to == null) {
      counters.drop(DropReason.NOT_CONNECTED);
      return false;
    }
    if (lengthBytes > WireSize.maxRtpBytes(to)) {
      counters.drop(DropReason.TOO_LARGE);
      return false;
    }
    if (pacing.covers(kind)) {
      drain(nowNanos);
      if (kind == Kind.REPAIR && !pacing.mayRepair(lengthBytes, nowNanos)) {
        counters.drop(DropReason.REPAIR_LIMIT);
        return false;
      }
      if (!pacing.isOpen(nowNanos)) {
        inbound.onWaiting();
        return pacing.hold(bytes, offset, lengthBytes, transportWideAt, kind, counters);
      }
    }
    return transmit(bytes, offset, lengthBytes, transportWideAt, kind != Kind.AUDIO, nowNanos);
  }

  @Override
  @HotPath
  public int warm() {
    SrtpPair keys = srtp;
    return keys == null ? 0 : pacing.warm() + keys.sender().warm();
  }

  /** Sends as much of {@code filler} as the estimator wants to know about now. */
  public void probe(Filler filler, long nowNanos) {
    if (connected()) {
      pacing.probe(filler, nowNanos);
    }
  }

  /** Takes note of what is going to be sent, in bits a second; as {@link Pacing#rate} has it. */
  public void pace(long bitsPerSecond, boolean wholeBursts) {
    pacing.rate(bitsPerSecond, wholeBursts);
  }

  public Estimator estimator() {
    return pacing.estimator();
  }

  /** Sends what waits and may leave by now. */
  @HotPath
  private void drain(long nowNanos) {
    while (pacing.isDue(nowNanos)) {
      PacingQueue first = pacing.waiting();
      transmit(
          first.bytes(),
          first.offset(),
          first.lengthBytes(),
          first.transportWideAt(),
          true,
          nowNanos);
      first.remove();
    }
  }

  @HotPath
  private boolean transmit(
      byte[] bytes,
      int offset,
      int lengthBytes,
      int transportWideAt,
      boolean video,
      long nowNanos) {
    SrtpPair keys = srtp;
    PeerAddress to = remote;
    if (keys == null || to == null) {
      counters.drop(DropReason.NOT_CONNECTED);
      return false;
    }
    try {
      if (transportWideAt >= 0) {
        int number = pacing.onSend(lengthBytes + WireSize.overheadBytes(to), nowNanos);
        bytes[transportWideAt] = (byte) (number >>> 8);
        bytes[transportWideAt + 1] = (byte) number;
      }
      keys.leaving(bytes, offset, lengthBytes, nowNanos);
      int at = sink.reserve();
      int sealed = keys.sender().protect(bytes, offset, lengthBytes, sink.slab(), at);
      if (sealed < 0) {
        counters.drop(SrtpStatus.dropReason(sealed));
        return false;
      }
      if (video) {
        sink.commitVideo(sealed, to);
      } else {
        sink.commit(sealed, to);
      }
      keys.sent();
      return true;
    } catch (RuntimeException fault) {
      fail(fault);
      return false;
    }
  }

  /** Protects and sends what the writer holds; the writer's bytes are overwritten. */
  public void sendRtcp(RtcpWriter writer, long nowNanos) {
    SrtpPair keys = srtp;
    PeerAddress to = remote;
    if (keys == null || to == null || writer.length() == 0) {
      return;
    }
    keys.leaving(writer.bytes(), 0, writer.length(), nowNanos);
    int sealed = keys.sender().protectRtcp(writer.bytes(), 0, writer.length());
    if (sealed > 0) {
      sink.send(writer.bytes(), 0, sealed, to);
    }
  }

  private void sendDtls(byte[] bytes, int offset, int lengthBytes) {
    PeerAddress to = remote;
    if (to != null) {
      sink.send(bytes, offset, lengthBytes, to);
    }
  }

  public long nextTimeoutNanos() {
    if (closed) {
      return Long.MAX_VALUE;
    }
    if (srtp == null) {
      return Math.min(connectDeadlineNanos, ice.nextTimeoutNanos());
    }
    return pacing.waiting().isEmpty() && early.isEmpty()
        ? Math.min(ice.nextTimeoutNanos(), estimator().nextTimeoutNanos())
        : Long.MIN_VALUE;
  }

  public void handleTimeout(long nowNanos) {
    if (closed) {
      return;
    }
    try {
      ice.handleTimeout(nowNanos);
      estimator().handleTimeout(nowNanos);
      takeEarly(nowNanos);
      drain(nowNanos);
    } catch (RuntimeException fault) {
      fail(fault);
    }
    if (!closed && srtp == null && nowNanos >= connectDeadlineNanos) {
      // A client that checks but never begins DTLS; one that has begun fails by itself.
      close("dtls_failed");
    }
  }

  /** Whether media may flow. */
  public boolean connected() {
    return srtp != null && !closed && !interrupted;
  }

  /** Whether the client is silent, and is waited for. */
  public boolean interrupted() {
    return interrupted;
  }

  public boolean closed() {
    return closed;
  }

  /** What checks may name. */
  public List<String> localUfrags() {
    return ufrags.all();
  }

  /** The address that is sent to, once a check was valid and while the peer is heard of. */
  public @Nullable PeerAddress remote() {
    return remote;
  }

  /** Closes with a DTLS alert to the peer. Idempotent. */
  public void close(String reason) {
    close(reason, null);
  }

  /** A broken invariant: closes this transport and costs nobody else anything. */
  public void fail(RuntimeException fault) {
    counters.drop(DropReason.TRANSPORT_FAULT);
    close("internal", fault);
  }

  private void close(String reason, @Nullable Throwable fault) {
    if (closed) {
      return;
    }
    closed = true;
    dtls.close();
    SrtpPair keys = srtp;
    srtp = null;
    if (keys != null) {
      keys.close();
    }
    counters.drop(DropReason.SRTP_NO_KEYS, early.clear());
    pacing.clear(counters);
    routes.release(this);
    counters.increment(Counter.TRANSPORTS_CLOSED);
    inbound.onClosed(reason, fault);
  }

  /** As {@link SrtpPair#tap}; false as well while there are no keys. */
  public boolean tap(@Nullable PacketTap newTap) {
    SrtpPair keys = srtp;
    return keys != null && keys.tap(newTap);
  }

  public Map<String, Object> snapshot() {
    Map<String, Object> state = new LinkedHashMap<>();
    PeerAddress to = remote;
    SrtpPair keys = srtp;
    state.put("state", state());
    ufrags.describe(state);
    state.put("remote", to == null ? "" : to.toString());
    state.put("path", to == null ? "" : to.pathKind());
    if (keys != null) {
      keys.describe(state);
    }
    state.put("packetsWaiting", pacing.waiting().size());
    return state;
  }

  private String state() {
    String open = srtp != null ? "connected" : iceConnected ? "ice" : "new";
    return closed ? "closed" : interrupted ? "interrupted" : open;
  }

  private final class IceEvents implements IceLite.Listener {
    @Override
    public void onValidAddress(PeerAddress address) {
      routes.bind(address, Transport.this);
      if (remote == null) {
        // A lite agent may send to a validated address before nomination; browsers begin DTLS then.
        remote = address;
      }
      if (!iceConnected) {
        iceConnected = true;
        inbound.onIceConnected(address);
      }
    }

    @Override
    public void onSelected(PeerAddress address) {
      PeerAddress before = remote;
      remote = address;
      if (before != null && !before.equals(address)) {
        pacing.forgetPath();
      }
      tellSelected(address);
    }

    private void tellSelected(PeerAddress address) {
      if (!address.equals(selected)) {
        selected = address;
        inbound.onSelected(address);
      }
    }

    @Override
    public void onSelectedClosed() {
      remote = null;
      pacing.clear(counters);
      pacing.forgetPath();
    }

    @Override
    public void onRestarted() {
      if (ufrags.promote(routes, Transport.this)) {
        counters.increment(Counter.ICE_RESTARTS);
      }
    }

    @Override
    public void onAddressForgotten(PeerAddress address) {
      routes.unbind(address, Transport.this);
    }

    @Override
    public void onConsentLost() {
      if (srtp == null) {
        close("consent_expired");
        return;
      }
      interrupted = true;
      remote = null;
      pacing.clear(counters);
      counters.increment(Counter.INTERRUPTIONS);
      inbound.onInterrupted();
    }

    @Override
    public void onRecovered(PeerAddress address) {
      interrupted = false;
      remote = address;
      pacing.forgetPath();
      counters.increment(Counter.RECOVERIES);
      tellSelected(address);
      inbound.onRecovered();
    }

    @Override
    public void onGraceOver() {
      close("consent_expired");
    }

    @Override
    public void onNeverConnected() {
      close("ice_timeout");
    }
  }

  private final class DtlsEvents implements DtlsEndpoint.Listener {
    @Override
    public void onDtlsConnected(SrtpKeys keys) {
      if (closed) {
        return;
      }
      srtp = SrtpPair.of(keys);
      counters.increment(Counter.DTLS_COMPLETED);
      inbound.onConnected();
    }

    @Override
    public void onDtlsFailed(DtlsEndpoint.Failure failure, String message) {
      counters.increment(Counter.DTLS_FAILED);
      close(failure.closeReason());
    }

    @Override
    public void onDtlsClosed() {
      close("dtls_closed");
    }

    @Override
    public void onDtlsData(byte[] bytes, int offset, int lengthBytes) {
      // Data channels are not negotiated, so nothing may come here.
      counters.drop(DropReason.DTLS_UNEXPECTED);
    }
  }
}
