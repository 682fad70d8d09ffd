package dev.parley.core.ice;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.ice4j.StunException;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.AttributeFactory;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.ice4j.attribute.UnknownAttributesAttribute;
import org.ice4j.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * The server's ICE agent towards one client: lite and controlled (RFC 8445). It answers
 * connectivity checks, learns by them where the client is, and takes their absence for its loss
 * (RFC 7675). The worker's thread only.
 *
 * <p>A check with a wrong name or password is dropped and counted, not answered with the 401 of RFC
 * 8489 section 9.1.3: the sender is unproven, an answer would go to whatever address it forged, and
 * no client acts on it other than by repeating the check.
 */
public final class IceLite {
  /** What the agent learns. */
  public interface Listener {
    /** The first valid check from this address: packets from it belong to this client. */
    void onValidAddress(PeerAddress address);

    /** The client nominated this address, or moved to it: send there from now on. */
    void onSelected(PeerAddress address);

    /** Too many addresses: this one no longer belongs to this client. */
    default void onAddressForgotten(PeerAddress address) {}

    /** The selected address cannot be sent to any more, and no other is known. */
    default void onSelectedClosed() {}

    /** The first valid check with the credentials of a restart: the earlier ones are void. */
    default void onRestarted() {}

    /** Nothing authentic came for {@link Settings#consentTimeoutNanos}: stop sending. */
    void onConsentLost();

    /** A valid check came after all, from this address: send there. */
    default void onRecovered(PeerAddress address) {}

    /** No valid check came for {@link Settings#graceNanos} after consent was lost. */
    void onGraceOver();

    /** Not one valid check came for {@link Settings#connectTimeoutNanos}. */
    void onNeverConnected();
  }

  /**
   * How long the agent waits.
   *
   * @param connectTimeoutNanos for the first valid check
   * @param consentTimeoutNanos for any authentic packet after it (RFC 7675 section 5.1 says 30 s)
   * @param graceNanos for a valid check once consent is lost
   */
  public record Settings(long connectTimeoutNanos, long consentTimeoutNanos, long graceNanos) {
    public static final Settings DEFAULT =
        new Settings(15_000_000_000L, 30_000_000_000L, 60_000_000_000L);
  }

  /** RFC 8489 section 6.2.1: how long an answer may take before a question is asked again. */
  static final long ASK_INTERVAL_NANOS = 500_000_000L;

  /**
   * RFC 8445 section 7.1.1: that of the peer-reflexive candidate that a check from here would make,
   * of the only component.
   */
  private static final long PRIORITY = (110L << 24) | (65_535L << 8) | 255;

  private static final int TRANSACTION = 8;
  private static final int TRANSACTION_BYTES = 12;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** What a check must name and be sealed with, and one of our own. */
  private static final class Credentials {
    final byte[] username;
    final StunSeal seal;
    final byte[] ownUsername;
    final StunSeal ownSeal;

    Credentials(IceCredentials local, IceCredentials remote) {
      username = (local.ufrag() + ":" + remote.ufrag()).getBytes(StandardCharsets.UTF_8);
      seal = new StunSeal(local.pwd());
      ownUsername = (remote.ufrag() + ":" + local.ufrag()).getBytes(StandardCharsets.UTF_8);
      ownSeal = new StunSeal(remote.pwd());
    }
  }

  private final StunView view = new StunView();
  private DatagramSink sink;
  private final Listener listener;
  private Counters counters;
  private final Settings settings;
  private final ValidAddresses addresses = new ValidAddresses();

  private Credentials current;
  private @Nullable Credentials next;
  private @Nullable PeerAddress followed;
  private boolean connected;
  private boolean lost;
  private long deadlineNanos;
  private long aliveNanos;
  private final long tieBreaker = RANDOM.nextLong();
  private @Nullable PeerAddress asked;
  private byte[] question = {};
  private long askedNanos;

  public IceLite(
      IceCredentials local,
      IceCredentials remote,
      Settings settings,
      DatagramSink sink,
      Listener listener,
      Counters counters,
      long nowNanos) {
    this.current = new Credentials(local, remote);
    this.sink = sink;
    this.listener = listener;
    this.counters = counters;
    this.settings = settings;
    this.deadlineNanos = nowNanos + settings.connectTimeoutNanos();
  }

  /**
   * Takes checks with these credentials, too; the first valid one ends the others (RFC 8445 section
   * 9). Replaces those of a restart that no check has named yet, and gives the client the time to
   * connect once more.
   */
  public void restart(IceCredentials local, IceCredentials remote, long nowNanos) {
    next = new Credentials(local, remote);
    if (!connected || lost) {
      deadlineNanos = Math.max(deadlineNanos, nowNanos + settings.connectTimeoutNanos());
    }
  }

  /**
   * The address cannot be sent to any more. When it was the selected one, the one that was checked
   * last is, until the client nominates another.
   */
  public void forget(PeerAddress address) {
    boolean wasSelected = address.equals(addresses.selected());
    addresses.remove(address);
    if (wasSelected) {
      PeerAddress next = addresses.selected();
      if (next == null) {
        listener.onSelectedClosed();
      } else {
        select(next);
      }
    }
  }

  /** Answers through another sink and counts elsewhere from now on. */
  public void moveTo(DatagramSink newSink, Counters newCounters) {
    sink = newSink;
    counters = newCounters;
  }

  /** A STUN packet for this agent. Borrows the bytes; never throws for what the peer sent. */
  public void handle(byte[] b, int off, int len, PeerAddress from, long nowNanos) {
    if (!view.parse(b, off, len)) {
      counters.drop(DropReason.STUN_MALFORMED);
      return;
    }
    switch (view.type()) {
      case StunView.BINDING_REQUEST -> handleCheck(b, off, len, from, nowNanos);
      case StunView.BINDING_INDICATION -> {
        // A keep-alive of RFC 8445 section 11: it held the NAT binding open by passing it.
      }
      case StunView.BINDING_SUCCESS -> handleAnswer(b, off, from, nowNanos);
      default -> counters.drop(DropReason.STUN_UNEXPECTED);
    }
  }

  /**
   * Asks, with a check of our own, whether the client is at this address: media that names its
   * sources came from there, and no check yet. An answer with the client's password counts as a
   * check that nominates. So a client whose NAT gave it another address has its media back in a
   * round trip, instead of after its next check. A lite agent need not check (RFC 8445 section
   * 2.5); this one does it for nothing else. The same address is asked with the same bytes again
   * (RFC 8489 section 6.2.1), so an answer counts however long it takes, until another address is
   * asked.
   *
   * @return whether a question has left; another one has to wait for half a second
   */
  public boolean ask(PeerAddress address, long nowNanos) {
    if (!connected || (asked != null && nowNanos - askedNanos < ASK_INTERVAL_NANOS)) {
      return false;
    }
    if (!address.equals(asked)) {
      asked = address;
      question = newQuestion();
    }
    askedNanos = nowNanos;
    sink.send(question, 0, question.length, address);
    counters.increment(Counter.ADDRESSES_ASKED);
    return true;
  }

  private byte[] newQuestion() {
    byte[] transaction = new byte[TRANSACTION_BYTES];
    RANDOM.nextBytes(transaction);
    return current.ownSeal.seal(
        StunView.BINDING_REQUEST,
        transaction,
        AttributeFactory.createUsernameAttribute(current.ownUsername),
        AttributeFactory.createPriorityAttribute(PRIORITY),
        AttributeFactory.createIceControlledAttribute(tieBreaker));
  }

  /** Whether this whole STUN message carries the transaction of the question that waits. */
  public boolean hasAsked(byte[] b, int off) {
    return asked != null
        && Arrays.equals(
            b,
            off + TRANSACTION,
            off + TRANSACTION + TRANSACTION_BYTES,
            question,
            TRANSACTION,
            TRANSACTION + TRANSACTION_BYTES);
  }

  private void handleAnswer(byte[] b, int off, PeerAddress from, long nowNanos) {
    if (!from.equals(asked) || !hasAsked(b, off)) {
      counters.drop(DropReason.STUN_UNEXPECTED);
    } else if (!current.ownSeal.verifies(b, off, view)) {
      counters.drop(DropReason.STUN_INTEGRITY);
    } else {
      asked = null;
      accept(from, true, nowNanos);
    }
  }

  private void handleCheck(byte[] b, int off, int len, PeerAddress from, long nowNanos) {
    if (!view.hasUsername() || view.integrityOffset() < 0) {
      counters.drop(DropReason.STUN_MALFORMED);
      return;
    }
    Credentials named = named();
    if (named == null || !named.seal.verifies(b, off, view)) {
      counters.drop(DropReason.STUN_INTEGRITY);
      return;
    }
    Message request = decode(b, off, len);
    if (request == null) {
      counters.drop(DropReason.STUN_MALFORMED);
      return;
    }
    byte[] transaction = request.getTransactionID();
    counters.increment(Counter.STUN_CHECKS);
    if (view.hasUnknown()) {
      refuse(named, transaction, ErrorCodeAttribute.UNKNOWN_ATTRIBUTE, from, unknownAttributes());
    } else if (view.controlled()) {
      // A lite agent cannot take the controlling role (RFC 8445 section 7.3.1.1).
      refuse(named, transaction, ErrorCodeAttribute.ROLE_CONFLICT, from);
    } else {
      TransportAddress mapped = new TransportAddress(from.toInet(), Transport.UDP);
      respond(
          named,
          StunView.BINDING_SUCCESS,
          transaction,
          from,
          AttributeFactory.createXorMappedAddressAttribute(mapped, transaction));
      if (named == next) {
        promote(named);
      }
      accept(from, view.useCandidate(), nowNanos);
    }
  }

  private @Nullable Credentials named() {
    if (view.usernameIs(current.username)) {
      return current;
    }
    Credentials restarted = next;
    return restarted != null && view.usernameIs(restarted.username) ? restarted : null;
  }

  /** The selected address stays until another is nominated, and any may be, at once. */
  private void promote(Credentials restarted) {
    current = restarted;
    next = null;
    asked = null;
    addresses.forgetNominations();
    listener.onRestarted();
  }

  private static @Nullable Message decode(byte[] b, int off, int len) {
    try {
      // A copy, because the codec mistakes its offset when it looks for the end.
      return Message.decode(Arrays.copyOfRange(b, off, off + len), 0, len);
    } catch (StunException | RuntimeException e) {
      return null;
    }
  }

  private void refuse(
      Credentials named, byte[] transaction, char code, PeerAddress to, Attribute... details) {
    Attribute[] attributes = new Attribute[details.length + 1];
    try {
      attributes[0] = AttributeFactory.createErrorCodeAttribute(code);
    } catch (StunException e) {
      throw new IllegalStateException("the codec refuses the error code " + (int) code, e);
    }
    System.arraycopy(details, 0, attributes, 1, details.length);
    respond(named, StunView.BINDING_ERROR, transaction, to, attributes);
  }

  private UnknownAttributesAttribute unknownAttributes() {
    UnknownAttributesAttribute list = AttributeFactory.createUnknownAttributesAttribute();
    for (char type : view.unknown()) {
      list.addAttributeID(type);
    }
    return list;
  }

  private void respond(
      Credentials named, int type, byte[] transaction, PeerAddress to, Attribute... attributes) {
    byte[] response = named.seal.seal(type, transaction, attributes);
    sink.send(response, 0, response.length, to);
  }

  private void accept(PeerAddress from, boolean nominates, long nowNanos) {
    aliveNanos = nowNanos;
    connected = true;
    boolean recovered = lost;
    lost = false;
    deadlineNanos = nowNanos + settings.consentTimeoutNanos();
    ValidAddresses.Change change = addresses.check(from, nominates, nowNanos);
    PeerAddress forgotten = addresses.forgotten();
    if (forgotten != null) {
      listener.onAddressForgotten(forgotten);
    }
    switch (change) {
      case NEW_ADDRESS -> listener.onValidAddress(from);
      case NEW_AND_SELECTED -> {
        listener.onValidAddress(from);
        select(from);
      }
      case SELECTED -> select(from);
      case NOTHING, FULL -> {}
    }
    if (recovered) {
      listener.onRecovered(from);
    }
  }

  private void select(PeerAddress address) {
    if (followed != null && !address.equals(followed)) {
      counters.increment(Counter.ADDRESS_CHANGES);
    }
    followed = address;
    listener.onSelected(address);
  }

  /** SRTP or DTLS from the client proved authentic: it is alive. Cheap, for every packet. */
  public void onAuthenticatedTraffic(long nowNanos) {
    aliveNanos = nowNanos;
  }

  /** When to call {@link #handleTimeout} next; {@code Long.MAX_VALUE}: never. */
  public long nextTimeoutNanos() {
    return deadlineNanos;
  }

  /** Notices silence. Harmless when early. */
  public void handleTimeout(long nowNanos) {
    if (deadlineNanos == Long.MAX_VALUE || nowNanos - deadlineNanos < 0) {
      return;
    }
    if (!connected) {
      deadlineNanos = Long.MAX_VALUE;
      listener.onNeverConnected();
    } else if (lost) {
      deadlineNanos = Long.MAX_VALUE;
      listener.onGraceOver();
    } else if (nowNanos - aliveNanos < settings.consentTimeoutNanos()) {
      // Traffic moved the end of consent without touching the timer.
      deadlineNanos = aliveNanos + settings.consentTimeoutNanos();
    } else {
      lost = true;
      addresses.deselect();
      deadlineNanos = nowNanos + settings.graceNanos();
      listener.onConsentLost();
    }
  }

  /**
   * Where to send: the nominated address; before there is one, the first that proved valid, since
   * browsers begin DTLS before they nominate. Null before any check, and while consent is lost.
   */
  public @Nullable PeerAddress selected() {
    return addresses.selected();
  }

  /** For snapshots: {@code addresses=2 selected=192.0.2.1:5000 nominated=true}. */
  @Override
  public String toString() {
    return "addresses="
        + addresses.size()
        + " selected="
        + addresses.selected()
        + " nominated="
        + addresses.isNominated();
  }
}
