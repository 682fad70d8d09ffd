package dev.parley.core.ice;

import dev.parley.core.common.Counters;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.attribute.AttributeFactory;

/**
 * A light controlling agent with one remote address, for our own bots and benchmarks: checks with
 * USE-CANDIDATE until the server answers, then every 5 s to keep consent (RFC 7675). Its user's
 * thread only; drive it by {@link #nextTimeoutNanos} from the start.
 */
public final class IceClient {
  /** What becomes of the connection. */
  public interface Listener {
    /** The first valid answer: the server may be sent to. Once. */
    void onConnected();

    /** No valid answer for 30 s after having been connected. Once. */
    void onConsentLost();

    /** No valid answer to the first check and its repetitions. Once. */
    void onNeverConnected();
  }

  /** RFC 8489 section 6.2.1: Rc requests, Rm times the first time-out after the last. */
  private static final int REQUESTS = 7;

  private static final long RTO_NANOS = 500_000_000L;
  private static final int LAST_WAIT = 16;

  private static final long CONSENT_INTERVAL_NANOS = 5_000_000_000L;
  private static final long CONSENT_NANOS = 30_000_000_000L;

  /** Host candidate, the only component (RFC 8445 section 5.1.2.1). */
  private static final long PRIORITY = (110L << 24) | (65_535L << 8) | 255;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final StunView view = new StunView();
  private final StunSeal seal;
  private final String username;
  private final StunSeal ownSeal;
  private final byte[] ownUsername;
  private final PeerAddress server;
  private final DatagramSink sink;
  private final Listener listener;
  private final Counters counters;
  private final long tieBreaker = RANDOM.nextLong();

  private byte[] transaction = new byte[12];
  private byte[] request = new byte[0];
  private int sent;
  private boolean awaiting;
  private boolean connected;
  private long consentNanos;
  private long deadlineNanos;

  /** The first check leaves at the first {@link #handleTimeout}, due at once. */
  public IceClient(
      IceCredentials local,
      IceCredentials remote,
      PeerAddress server,
      DatagramSink sink,
      Listener listener,
      Counters counters,
      long nowNanos) {
    this.seal = new StunSeal(remote.pwd());
    this.username = remote.ufrag() + ":" + local.ufrag();
    this.ownSeal = new StunSeal(local.pwd());
    this.ownUsername = (local.ufrag() + ":" + remote.ufrag()).getBytes(StandardCharsets.UTF_8);
    this.server = server;
    this.sink = sink;
    this.listener = listener;
    this.counters = counters;
    this.deadlineNanos = nowNanos;
  }

  /** A STUN packet from the server. Borrows the bytes; never throws for what the peer sent. */
  public void handle(byte[] b, int off, int len, PeerAddress from, long nowNanos) {
    if (!view.parse(b, off, len)) {
      counters.drop(DropReason.STUN_MALFORMED);
    } else if (view.type() == StunView.BINDING_REQUEST) {
      answer(b, off, from);
    } else if (!awaiting
        || view.type() != StunView.BINDING_SUCCESS
        || !from.equals(server)
        || !view.transactionIs(transaction)) {
      counters.drop(DropReason.STUN_UNEXPECTED);
    } else if (!seal.verifies(b, off, view)) {
      counters.drop(DropReason.STUN_INTEGRITY);
    } else {
      awaiting = false;
      consentNanos = nowNanos;
      deadlineNanos = nowNanos + nextInterval();
      if (!connected) {
        connected = true;
        listener.onConnected();
      }
    }
  }

  /** The server asks whether the client is where its media comes from now. */
  private void answer(byte[] b, int off, PeerAddress from) {
    if (!from.equals(server) || !view.usernameIs(ownUsername) || !ownSeal.verifies(b, off, view)) {
      counters.drop(DropReason.STUN_INTEGRITY);
      return;
    }
    byte[] asked = Arrays.copyOfRange(b, off + 8, off + StunView.HEADER);
    byte[] response =
        ownSeal.seal(
            StunView.BINDING_SUCCESS,
            asked,
            AttributeFactory.createXorMappedAddressAttribute(
                new TransportAddress(from.toInet(), Transport.UDP), asked));
    sink.send(response, 0, response.length, server);
  }

  /** Within 80 % and 120 %, so that many clients do not check in step (RFC 7675 section 5.1). */
  private long nextInterval() {
    return (long) (CONSENT_INTERVAL_NANOS * (0.8 + 0.4 * ((tieBreaker & 0xffff) / 65_536.0)));
  }

  /** When to call {@link #handleTimeout} next; {@code Long.MAX_VALUE}: never. */
  public long nextTimeoutNanos() {
    return deadlineNanos;
  }

  /** Sends or repeats a check, or gives up. Harmless when early. */
  public void handleTimeout(long nowNanos) {
    if (deadlineNanos == Long.MAX_VALUE || nowNanos - deadlineNanos < 0) {
      return;
    }
    if (connected && nowNanos - consentNanos >= CONSENT_NANOS) {
      stop();
      listener.onConsentLost();
    } else if (!awaiting) {
      begin(nowNanos);
    } else if (connected) {
      // RFC 7675 section 5.1: consent checks are not repeated; the next is a new one.
      begin(nowNanos);
    } else if (sent < REQUESTS) {
      send(nowNanos);
    } else {
      stop();
      listener.onNeverConnected();
    }
  }

  /** The own address has changed: the next {@link #handleTimeout} checks, and is due at once. */
  public void addressChanged(long nowNanos) {
    if (deadlineNanos != Long.MAX_VALUE) {
      awaiting = false;
      deadlineNanos = nowNanos;
    }
  }

  private void begin(long nowNanos) {
    transaction = new byte[12];
    RANDOM.nextBytes(transaction);
    request =
        seal.seal(
            StunView.BINDING_REQUEST,
            transaction,
            AttributeFactory.createUsernameAttribute(username.getBytes(StandardCharsets.UTF_8)),
            AttributeFactory.createPriorityAttribute(PRIORITY),
            AttributeFactory.createIceControllingAttribute(tieBreaker),
            AttributeFactory.createUseCandidateAttribute());
    sent = 0;
    awaiting = true;
    send(nowNanos);
  }

  private void send(long nowNanos) {
    sink.send(request, 0, request.length, server);
    sent++;
    if (connected) {
      deadlineNanos = Math.min(nowNanos + nextInterval(), consentNanos + CONSENT_NANOS);
    } else {
      long wait = sent == REQUESTS ? LAST_WAIT : 1L << (sent - 1);
      deadlineNanos = nowNanos + wait * RTO_NANOS;
    }
  }

  /** Sends no more checks; the server then loses consent by itself. */
  public void stop() {
    awaiting = false;
    deadlineNanos = Long.MAX_VALUE;
  }

  public boolean isConnected() {
    return connected;
  }
}
