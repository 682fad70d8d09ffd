package dev.parley.bots.client;

import dev.parley.core.common.DatagramSink;
import dev.parley.core.dtls.DtlsEndpoint;
import dev.parley.core.dtls.DtlsFingerprint;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.ice.IceClient;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.srtp.SrtpKeys;
import dev.parley.core.srtp.SrtpProfile;
import dev.parley.core.srtp.SrtpReceiver;
import dev.parley.core.srtp.SrtpSender;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of ICE, DTLS and SRTP: controlling, active, towards one address. Owner's thread
 * only.
 *
 * <p>The ClientHello leaves right behind the first connectivity check and waits for no response, as
 * Chromium has it: a server must not lose it.
 */
final class ClientTransport {
  /** What the transport tells the client above it. */
  interface Inbound {
    /** An RTP packet, still protected; borrows the bytes until it returns. */
    void onSrtp(byte[] bytes, int offset, int lengthBytes, long nowNanos);

    /** An authenticated RTCP compound packet; borrows the bytes until it returns. */
    void onRtcp(byte[] bytes, int offset, int lengthBytes, long nowNanos);

    void onIceConnected(long nowNanos);

    /** Media may flow both ways. */
    void onConnected(long nowNanos);

    /** It is over; nothing follows. */
    void onFailed(String reason);
  }

  /**
   * What all clients of a process share.
   *
   * @param profiles offered, best first
   * @param owner runs tasks on the owner's thread, in order, and never inside {@code execute}
   * @param clock the monotonic clock that the {@code nowNanos} arguments come from
   */
  record Surroundings(
      DtlsIdentity identity,
      HandshakeExecutor handshakes,
      List<SrtpProfile> profiles,
      Executor owner,
      LongSupplier clock) {}

  /** What the answer says of the server. */
  record Remote(ClientIce.Remote ice, List<DtlsFingerprint> fingerprints) {}

  private static final int MOST_EARLY = 64;

  private final ClientIce.Source ices;
  private final ClientIce.Remote remote;
  private final DatagramSink sink;
  private final Inbound inbound;
  private final LongSupplier clock;
  private ClientIce ice;
  private final DtlsEndpoint dtls;
  private final HandshakeRepeats sentHandshake = new HandshakeRepeats();
  private final HandshakeRepeats receivedHandshake = new HandshakeRepeats();
  private @Nullable SrtpSender sender;
  private @Nullable SrtpReceiver receiver;

  /**
   * Media that came while the server's Finished was still being worked on: a browser takes both on
   * one thread, in order, and so loses nothing.
   */
  private final List<byte[]> early = new ArrayList<>();

  private boolean checking;
  private boolean greeted;
  private boolean closed;

  ClientTransport(
      ClientIce.Source ices,
      IceCredentials local,
      Remote remote,
      Surroundings surroundings,
      DatagramSink sink,
      Inbound inbound) {
    this.ices = ices;
    this.remote = remote.ice();
    this.sink = sink;
    this.inbound = inbound;
    this.clock = surroundings.clock();
    this.ice = ices.begin(local, remote.ice(), new IceEvents(), clock.getAsLong());
    this.dtls =
        new DtlsEndpoint(
            DtlsEndpoint.Role.CLIENT,
            surroundings.identity(),
            remote.fingerprints(),
            surroundings.profiles(),
            surroundings.owner(),
            surroundings.handshakes(),
            this::sendDtls,
            new DtlsEvents());
  }

  /** ICE restart: checks with new credentials, at once; DTLS, keys and streams go on. */
  void restartIce(IceCredentials local, IceCredentials theirs) {
    ice.stop();
    ice = ices.begin(local, remote.with(theirs), new IceEvents(), clock.getAsLong());
  }

  /** The datagrams leave from another address; false when only an ICE restart helps. */
  boolean addressChanged(long nowNanos) {
    return ice.addressChanged(nowNanos);
  }

  /** Begins; the first datagram leaves as soon as the ClientHello is made, or there is a path. */
  void start() {
    if (ice.sendsUnchecked()) {
      dtls.start();
    } else {
      checking = true;
    }
  }

  private void sendDtls(byte[] bytes, int offset, int lengthBytes) {
    if (!checking) {
      checking = true;
      ice.handleTimeout(clock.getAsLong());
    }
    sentHandshake.onDatagram(bytes, offset, lengthBytes);
    sink.send(bytes, offset, lengthBytes, ice.server());
  }

  /** Takes one datagram from the server. Borrows and may overwrite the bytes. */
  void handleDatagram(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    if (closed || lengthBytes == 0) {
      return;
    }
    int first = bytes[offset] & 0xff;
    if (first >= 128 && first <= 191) {
      handleSrtp(bytes, offset, lengthBytes, nowNanos);
    } else if (first <= 3) {
      ice.handle(bytes, offset, lengthBytes, nowNanos);
    } else if (first >= 20 && first <= 63) {
      receivedHandshake.onDatagram(bytes, offset, lengthBytes);
      // Refused only after the end: nobody waits for it then.
      var unused = dtls.handle(bytes, offset, lengthBytes);
    }
  }

  private void handleSrtp(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    if (lengthBytes < 12) {
      return;
    }
    SrtpReceiver keys = receiver;
    if (keys == null) {
      if (early.size() < MOST_EARLY) {
        early.add(Arrays.copyOfRange(bytes, offset, offset + lengthBytes));
      }
      return;
    }
    int type = bytes[offset + 1] & 0xff;
    if (type < 192 || type > 223) {
      inbound.onSrtp(bytes, offset, lengthBytes, nowNanos);
      return;
    }
    int plain = keys.unprotectRtcp(bytes, offset, lengthBytes);
    if (plain > 0) {
      inbound.onRtcp(bytes, offset, plain, nowNanos);
    }
  }

  /** Turns a packet of {@link Inbound#onSrtp} into RTP, in place; its length, or negative. */
  int unprotect(byte[] bytes, int offset, int lengthBytes) {
    SrtpReceiver keys = receiver;
    return keys == null ? -1 : keys.unprotect(bytes, offset, lengthBytes);
  }

  /** Protects and sends; false before the transport is connected. */
  boolean sendRtp(byte[] bytes, int lengthBytes) {
    SrtpSender keys = sender;
    if (keys == null) {
      return false;
    }
    int at = sink.reserve();
    int sealed = keys.protect(bytes, 0, lengthBytes, sink.slab(), at);
    if (sealed < 0) {
      return false;
    }
    sink.commit(sealed, ice.server());
    return true;
  }

  /** Protects and sends what the writer holds, and empties it. */
  void sendRtcp(RtcpWriter writer) {
    SrtpSender keys = sender;
    if (keys != null && writer.length() > 0) {
      int sealed = keys.protectRtcp(writer.bytes(), 0, writer.length());
      if (sealed > 0) {
        sink.send(writer.bytes(), 0, sealed, ice.server());
      }
    }
    writer.clear();
  }

  long nextTimeoutNanos() {
    return closed || !checking ? Long.MAX_VALUE : ice.nextTimeoutNanos();
  }

  void handleTimeout(long nowNanos) {
    if (!closed && checking) {
      ice.handleTimeout(nowNanos);
    }
  }

  /** Whether media may flow. */
  boolean connected() {
    return sender != null && !closed;
  }

  /** Handshake messages sent again, by us and by the server. */
  int handshakeRepeats() {
    return sentHandshake.repeats() + receivedHandshake.repeats();
  }

  /** Says goodbye. Nothing is told any more. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    ice.stop();
    dtls.close();
    SrtpSender out = sender;
    SrtpReceiver in = receiver;
    sender = null;
    receiver = null;
    if (out != null) {
      out.close();
    }
    if (in != null) {
      in.close();
    }
  }

  private void fail(String reason) {
    if (!closed) {
      close();
      inbound.onFailed(reason);
    }
  }

  private final class IceEvents implements IceClient.Listener {
    @Override
    public void onConnected() {
      if (closed) {
        return;
      }
      if (!ice.sendsUnchecked() && !greeted) {
        greeted = true;
        dtls.start();
      }
      inbound.onIceConnected(clock.getAsLong());
    }

    @Override
    public void onConsentLost() {
      fail("ICE: the server at " + ice.server() + " does not answer any more");
    }

    @Override
    public void onNeverConnected() {
      fail("ICE: the server at " + ice.server() + " does not answer");
    }
  }

  private final class DtlsEvents implements DtlsEndpoint.Listener {
    @Override
    public void onDtlsConnected(SrtpKeys keys) {
      if (closed) {
        return;
      }
      sender = new SrtpSender(keys.profile(), keys.clientKey(), keys.clientSalt());
      receiver = new SrtpReceiver(keys.profile(), keys.serverKey(), keys.serverSalt());
      long now = clock.getAsLong();
      inbound.onConnected(now);
      for (byte[] datagram : early) {
        handleDatagram(datagram, 0, datagram.length, now);
      }
      early.clear();
    }

    @Override
    public void onDtlsFailed(DtlsEndpoint.Failure failure, String message) {
      fail(message);
    }

    @Override
    public void onDtlsClosed() {
      fail("the server closed the connection");
    }

    @Override
    public void onDtlsData(byte[] bytes, int offset, int lengthBytes) {
      // Data channels are not offered, so nothing may come here.
    }
  }
}
