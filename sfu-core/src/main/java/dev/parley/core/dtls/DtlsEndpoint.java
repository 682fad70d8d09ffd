package dev.parley.core.dtls;

import dev.parley.core.common.DropReason;
import dev.parley.core.srtp.SrtpKeys;
import dev.parley.core.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One peer's DTLS association: handshake, SRTP keys, then application data and alerts. Every method
 * and every call-back is on the owner's thread; the handshake itself runs on a virtual thread
 * meanwhile. It fails by itself 15 s after it began, a server's also when its peer is silent and
 * others wait for its place.
 */
public final class DtlsEndpoint {
  /** Who answers the ClientHello, and who sends it. */
  public enum Role {
    SERVER,
    CLIENT
  }

  /** Why an association failed. */
  public enum Failure {
    /** The peer did not finish in 15 s, or kept us waiting while others waited for a place. */
    TIMEOUT,
    /** The peer refused, or broke the protocol so that we refused. */
    ALERT,
    /** The peer's certificate is none that its SDP announced. */
    FINGERPRINT_MISMATCH,
    /** The peer does not use SRTP, or with no profile that we have. */
    NO_SRTP_PROFILE,
    /** Too many handshakes wait already; a client's {@link #start} only. */
    BUSY,
    /** A fault on our side, or the server is stopping. */
    INTERNAL;

    /** Why the transport closes then, for people and programs. */
    public String closeReason() {
      return this == FINGERPRINT_MISMATCH ? "fingerprint_mismatch" : "dtls_failed";
    }
  }

  /** Where datagrams go; borrows the bytes until it returns. */
  public interface Output {
    void sendDtls(byte[] b, int off, int len);
  }

  /** What happens to the association. */
  public interface Listener {
    /** The handshake is complete; media may flow. Once. */
    void onDtlsConnected(SrtpKeys keys);

    /** It is over; {@code message} is for a log. At most once, and nothing follows. */
    void onDtlsFailed(Failure failure, String message);

    /** The peer said goodbye. At most once, and nothing follows. */
    void onDtlsClosed();

    /** Application data: an SCTP packet (RFC 8261). Lends the bytes until it returns. */
    void onDtlsData(byte[] b, int off, int len);
  }

  private enum State {
    NEW,
    HANDSHAKING,
    CONNECTED,
    ENDED
  }

  private static final int RECORD_HEADER = 13;
  private static final int HANDSHAKE_RECORD = 22;
  private static final int CLIENT_HELLO = 1;

  /** Never reached: the library's receive ends by {@link HandshakeTransport.Drained}. */
  private static final int RECEIVE_MILLIS = 60_000;

  private final Role role;
  private final DtlsIdentity identity;
  private final List<DtlsFingerprint> expected;
  private final List<SrtpProfile> profiles;
  private final Executor owner;
  private final HandshakeExecutor handshakes;
  private final Output output;
  private final Listener listener;

  private State state = State.NEW;
  private @Nullable HandshakeTransport transport;
  private @Nullable DtlsPolicy policy;
  private @Nullable DTLSTransport dtls;

  /**
   * @param expected what the peer's SDP announced; one must match
   * @param owner runs tasks on the owner's thread, in order, and never inside {@code execute}
   */
  public DtlsEndpoint(
      Role role,
      DtlsIdentity identity,
      List<DtlsFingerprint> expected,
      Executor owner,
      HandshakeExecutor handshakes,
      Output output,
      Listener listener) {
    this(
        role,
        identity,
        expected,
        List.of(SrtpProfile.values()),
        owner,
        handshakes,
        output,
        listener);
  }

  /** {@code profiles}: what to offer or accept, best first. */
  public DtlsEndpoint(
      Role role,
      DtlsIdentity identity,
      List<DtlsFingerprint> expected,
      List<SrtpProfile> profiles,
      Executor owner,
      HandshakeExecutor handshakes,
      Output output,
      Listener listener) {
    this.role = role;
    this.identity = identity;
    this.expected = List.copyOf(expected);
    this.profiles = profiles;
    this.owner = owner;
    this.handshakes = handshakes;
    this.output = output;
    this.listener = listener;
  }

  /** Client: sends the ClientHello. Server: nothing, its handshake begins with the peer's. */
  public void start() {
    if (role == Role.CLIENT && state == State.NEW && !begin()) {
      fail(Failure.BUSY, "too many DTLS handshakes wait already");
    }
  }

  /**
   * A datagram from the peer whose first byte says DTLS (RFC 7983). Copies what it keeps; never
   * throws for what the peer sent.
   *
   * @return null if taken, else why not
   */
  public @Nullable DropReason handle(byte[] b, int off, int len) {
    if (len < RECORD_HEADER) {
      return DropReason.TRUNCATED;
    }
    switch (state) {
      case NEW -> {
        if (role == Role.CLIENT || !isClientHello(b, off, len)) {
          return DropReason.DTLS_UNEXPECTED;
        }
        if (!begin()) {
          // The client repeats its ClientHello, and finds a place then.
          return DropReason.DTLS_BUSY;
        }
        return enqueue(b, off, len);
      }
      case HANDSHAKING -> {
        return enqueue(b, off, len);
      }
      case CONNECTED -> {
        feed(Arrays.copyOfRange(b, off, off + len));
        return null;
      }
      case ENDED -> {
        return DropReason.DTLS_UNEXPECTED;
      }
    }
    throw new IllegalStateException("state " + state);
  }

  /** Whether it has begun and not ended, either way. */
  public boolean handshaking() {
    return state == State.HANDSHAKING;
  }

  private @Nullable DropReason enqueue(byte[] b, int off, int len) {
    HandshakeTransport waiting = transport;
    boolean taken = waiting != null && waiting.offer(Arrays.copyOfRange(b, off, off + len));
    return taken ? null : DropReason.DTLS_FLOOD;
  }

  /** Any fragment of a ClientHello, unencrypted: browsers split theirs over two datagrams. */
  private static boolean isClientHello(byte[] b, int off, int len) {
    return len >= 25
        && b[off] == HANDSHAKE_RECORD
        && b[off + 3] == 0
        && b[off + 4] == 0
        && b[off + 13] == CLIENT_HELLO;
  }

  /**
   * Sends application data to the connected peer. Borrows the bytes; at most 1150 of them.
   *
   * @return false if not connected, or the library refused
   */
  public boolean sendData(byte[] b, int off, int len) {
    DTLSTransport connected = dtls;
    if (state != State.CONNECTED || connected == null) {
      return false;
    }
    try {
      connected.send(b, off, len);
      return true;
    } catch (IOException e) {
      fail(Failure.INTERNAL, "DTLS cannot send: " + e.getMessage());
      return false;
    }
  }

  /** Says goodbye to a connected peer and gives up a handshake. No call-back follows. */
  public void close() {
    DTLSTransport connected = dtls;
    if (state == State.CONNECTED && connected != null) {
      // Before the goodbye leaves, so that the peer's answer to it finds nobody.
      state = State.ENDED;
      try {
        connected.close();
      } catch (IOException e) {
        // Nobody waits for the goodbye: the association ends on our side either way.
      }
    }
    end();
  }

  private boolean begin() {
    // A client asked for its handshake itself; what a server runs was asked for by strangers.
    HandshakeTransport link =
        new HandshakeTransport(
            this::send, role == Role.SERVER ? handshakes::wantsPlaceBack : waitedNanos -> false);
    DtlsPolicy rules = new DtlsPolicy(identity, expected, profiles, System.nanoTime());
    if (!handshakes.submit(() -> handshake(link, rules))) {
      return false;
    }
    transport = link;
    policy = rules;
    state = State.HANDSHAKING;
    return true;
  }

  /** The blocking part; a virtual thread. */
  private void handshake(HandshakeTransport link, DtlsPolicy rules) {
    try {
      DTLSTransport connected =
          role == Role.SERVER
              ? new DTLSServerProtocol().accept(new DtlsServerPeer(rules), link)
              : new DTLSClientProtocol().connect(new DtlsClientPeer(rules), link);
      link.flush();
      SrtpKeys keys = rules.keys();
      onOwner(() -> connected(connected, keys));
    } catch (IOException | RuntimeException e) {
      link.flush();
      onOwner(() -> fail(failure(rules, e), message(rules, e)));
    }
  }

  private static Failure failure(DtlsPolicy rules, Exception e) {
    Failure ours = rules.failure();
    if (ours != null) {
      return ours;
    }
    if (e instanceof TlsTimeoutException) {
      return Failure.TIMEOUT;
    }
    boolean internal =
        e instanceof TlsFatalAlert alert
            && alert.getAlertDescription() == AlertDescription.internal_error;
    return (e instanceof TlsFatalAlert || e instanceof TlsFatalAlertReceived) && !internal
        ? Failure.ALERT
        : Failure.INTERNAL;
  }

  private static String message(DtlsPolicy rules, Exception e) {
    String alert = rules.alert();
    return "DTLS handshake failed: "
        + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
        + (alert == null ? "" : "; the peer said " + alert);
  }

  /** From the handshake's thread to the owner's. */
  private void onOwner(Runnable task) {
    try {
      owner.execute(task);
    } catch (RejectedExecutionException e) {
      // The worker has stopped: nobody is left to tell.
    }
  }

  /** What the library sends, from either thread. */
  private void send(byte[] datagram) {
    if (dtls != null) {
      output.sendDtls(datagram, 0, datagram.length);
    } else {
      onOwner(() -> {
        if (state != State.ENDED) {
          output.sendDtls(datagram, 0, datagram.length);
        }
      });
    }
  }

  private void connected(DTLSTransport connected, SrtpKeys keys) {
    HandshakeTransport link = transport;
    if (state != State.HANDSHAKING || link == null) {
      return;
    }
    dtls = connected;
    state = State.CONNECTED;
    byte[][] unread = link.handOver();
    listener.onDtlsConnected(keys);
    for (byte[] datagram : unread) {
      if (state == State.CONNECTED) {
        feed(datagram);
      }
    }
  }

  /**
   * Gives the library one datagram. It answers a repeated Finished with our last flight (RFC 6347
   * section 4.2.4), drops what does not authenticate, and hands out application data.
   */
  private void feed(byte[] datagram) {
    HandshakeTransport link = transport;
    DTLSTransport connected = dtls;
    DtlsPolicy rules = policy;
    if (link == null || connected == null || rules == null) {
      return;
    }
    link.give(datagram);
    byte[] plain = new byte[datagram.length];
    try {
      while (state == State.CONNECTED) {
        int length = connected.receive(plain, 0, plain.length, RECEIVE_MILLIS);
        if (length > 0) {
          listener.onDtlsData(plain, 0, length);
        }
      }
    } catch (HandshakeTransport.Drained e) {
      if (rules.peerClosed()) {
        end();
        listener.onDtlsClosed();
      }
    } catch (IOException e) {
      fail(failure(rules, e), "DTLS failed: " + e.getMessage());
    }
  }

  private void fail(Failure failure, String message) {
    if (state != State.ENDED) {
      end();
      listener.onDtlsFailed(failure, message);
    }
  }

  private void end() {
    state = State.ENDED;
    HandshakeTransport link = transport;
    if (link != null) {
      link.abort();
    }
    transport = null;
    policy = null;
    dtls = null;
  }
}
