package dev.parley.core.turn;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests: Binding to anybody, the rest to those with credentials (RFC 8489 section 9.2,
 * RFC 8656 sections 7 to 12). Turn thread only.
 */
final class Requests {
  private static final int UDP = 17;
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** RFC 8656 sections 9 and 12: fixed, so that both sides know them. */
  private static final long PERMISSION_NANOS = 300 * SECOND_NANOS;

  private static final long CHANNEL_NANOS = 600 * SECOND_NANOS;

  /** So long after its end a channel's number is not given to another peer. */
  private static final long CHANNEL_REST_NANOS = 300 * SECOND_NANOS;

  private static final int V4_HEADERS_BYTES = 28;
  private static final int V6_HEADERS_BYTES = 48;

  private final TurnSettings settings;
  private final MediaAddresses media;
  private final Allocations allocations;
  private final TurnServer.Host host;
  private final Counters counters;
  private final TurnCredentials credentials;
  private final byte[] realm;
  private final Nonces nonces;
  private final Integrity integrity = new Integrity();
  private final TurnWriter writer = new TurnWriter();

  Requests(
      TurnSettings settings,
      MediaAddresses media,
      Allocations allocations,
      TurnServer.Host host,
      Counters counters,
      long nowNanos) {
    this.settings = settings;
    this.media = media;
    this.allocations = allocations;
    this.host = host;
    this.counters = counters;
    this.credentials = new TurnCredentials(settings.secret());
    this.realm = settings.realm().getBytes(StandardCharsets.UTF_8);
    this.nonces = new Nonces(settings.nonceLifetimeSec(), nowNanos);
  }

  void handle(TurnMessage request, TurnClient from, long nowNanos) {
    if (request.method() == Stun.BINDING) {
      bind(request, from);
      return;
    }
    if (!request.hasIntegrity()) {
      challenge(401, request, from, nowNanos);
      return;
    }
    if (!request.namesItsUser()) {
      refuse(400, request, from);
      return;
    }
    if (!nonces.isValid(request.nonce(), from.address(), nowNanos)) {
      challenge(438, request, from, nowNanos);
      return;
    }
    TurnAllocation allocation = from.allocation();
    boolean isOwner = allocation != null && request.usernameIs(allocation.username());
    byte[] key =
        allocation != null && isOwner ? allocation.key() : key(request.username(), nowNanos);
    if (key == null || !request.realmIs(realm) || !integrity.verifies(request, key)) {
      challenge(401, request, from, nowNanos);
      return;
    }
    Authentic authentic = new Authentic(request, from, key, nowNanos);
    if (allocation != null && !isOwner) {
      authentic.refuse(441, "Wrong Credentials");
    } else if (request.hasUnknown()) {
      authentic.refuse(420, "Unknown Attribute");
    } else if (request.method() == Stun.ALLOCATE) {
      authentic.allocate(allocation);
    } else if (allocation == null) {
      authentic.refuse(437, "Allocation Mismatch");
    } else {
      switch (request.method()) {
        case Stun.REFRESH -> authentic.refresh(allocation);
        case Stun.CREATE_PERMISSION -> authentic.createPermission(allocation);
        case Stun.CHANNEL_BIND -> authentic.bindChannel(allocation);
        default -> authentic.refuse(400, "Bad Request");
      }
    }
  }

  /** Null: the user name is not of our making, or its time is over. */
  private byte @Nullable [] key(String username, long nowNanos) {
    return TurnCredentials.expirySec(username) > host.unixSeconds(nowNanos)
        ? credentials.key(username, settings.realm())
        : null;
  }

  private void bind(TurnMessage request, TurnClient from) {
    if (request.hasUnknown()) {
      writer.begin(request, Stun.ERROR);
      writer.error(420, "");
      writer.unknownAttributes(request.unknown());
    } else {
      writer.begin(request, Stun.SUCCESS);
      writer.address(Stun.XOR_MAPPED_ADDRESS, from.address());
    }
    answerAnybody(request, from);
  }

  private void challenge(int code, TurnMessage request, TurnClient from, long nowNanos) {
    writer.begin(request, Stun.ERROR);
    writer.error(code, "");
    writer.bytes(Stun.REALM, realm);
    writer.text(Stun.NONCE, nonces.make(from.address(), nowNanos));
    counters.increment(code == 438 ? Counter.TURN_STALE_NONCES : Counter.TURN_CHALLENGES);
    answerAnybody(request, from);
  }

  private void refuse(int code, TurnMessage request, TurnClient from) {
    writer.begin(request, Stun.ERROR);
    writer.error(code, "");
    counters.increment(Counter.TURN_REFUSED);
    answerAnybody(request, from);
  }

  /** Whoever wrote the sender's address into a datagram must not gain by it. */
  private void answerAnybody(TurnMessage request, TurnClient from) {
    if (request.hasFingerprint()) {
      writer.fingerprint();
    }
    int headers = from.address().isV4() ? V4_HEADERS_BYTES : V6_HEADERS_BYTES;
    boolean amplifies =
        2 * (writer.lengthBytes() + headers) > 3 * (request.lengthBytes() + headers);
    if (amplifies && !from.isStream()) {
      counters.drop(DropReason.TURN_AMPLIFICATION);
    } else {
      from.send(writer.bytes(), 0, writer.lengthBytes());
    }
  }

  /** Null: no media port of ours, another family, or one peer too many. */
  @Nullable TurnPeer newPeer(TurnAllocation allocation, TurnMessage message, int index) {
    MediaAddresses.Entry address =
        media.find(message.peerHigh(index), message.peerLow(index), message.peerPort(index));
    if (address == null
        || allocation.isFull()
        || message.peerIsV4(index) != allocation.relayed().isV4()) {
      return null;
    }
    TurnPeer peer = new TurnPeer(allocation, address);
    peer.by(host.pathTo(peer));
    allocation.add(peer);
    return peer;
  }

  /** One request of somebody who knows the key. */
  private final class Authentic {
    private final TurnMessage request;
    private final TurnClient from;
    private final byte[] key;
    private final long nowNanos;

    Authentic(TurnMessage request, TurnClient from, byte[] key, long nowNanos) {
      this.request = request;
      this.from = from;
      this.key = key;
      this.nowNanos = nowNanos;
    }

    void refuse(int code, String reason) {
      writer.begin(request, Stun.ERROR);
      writer.error(code, reason);
      if (code == 420) {
        writer.unknownAttributes(request.unknown());
      }
      counters.increment(Counter.TURN_REFUSED);
      answer();
    }

    private void succeed() {
      writer.begin(request, Stun.SUCCESS);
      answer();
    }

    private void answer() {
      writer.integrity(integrity, key);
      if (request.hasFingerprint()) {
        writer.fingerprint();
      }
      from.send(writer.bytes(), 0, writer.lengthBytes());
    }

    /** RFC 8656 section 7.2. */
    void allocate(@Nullable TurnAllocation present) {
      if (present != null) {
        if (request.transactionIs(present.transaction())) {
          // The answer was lost.
          allocated(present);
        } else {
          refuse(437, "Allocation Mismatch");
        }
        return;
      }
      int family = request.requestedFamily();
      PeerAddress ip = media.firstIp(family != Stun.FAMILY_V6);
      if (request.requestedTransport() < 0) {
        refuse(400, "Bad Request");
      } else if (request.requestedTransport() != UDP) {
        refuse(442, "Unsupported Transport Protocol");
      } else if (request.wantsReservation()) {
        refuse(508, "Insufficient Capacity");
      } else if (family > Stun.FAMILY_V6 || family == 0 || ip == null) {
        refuse(440, "Address Family not Supported");
      } else {
        String username = request.username();
        switch (allocations.exceeded(TurnCredentials.owner(username), from.address())) {
          case USER -> refuse(486, "Allocation Quota Reached");
          case SERVER -> refuse(508, "Insufficient Capacity");
          case NONE -> {
            TurnAllocation opened = allocations.open(from, username, key, ip, nowNanos);
            opened.extend(nowNanos + lifetimeSec() * SECOND_NANOS);
            request.copyTransaction(opened.transaction(), 0);
            counters.increment(Counter.TURN_ALLOCATIONS_OPENED);
            allocated(opened);
          }
        }
      }
    }

    private long lifetimeSec() {
      return Math.clamp(
          request.lifetimeSec(), settings.defaultLifetimeSec(), settings.maxLifetimeSec());
    }

    private void allocated(TurnAllocation allocation) {
      writer.begin(request, Stun.SUCCESS);
      writer.address(Stun.XOR_RELAYED_ADDRESS, allocation.relayed());
      writer.number(Stun.LIFETIME, (int) ((allocation.endsNanos() - nowNanos) / SECOND_NANOS));
      writer.address(Stun.XOR_MAPPED_ADDRESS, from.address());
      answer();
    }

    /** RFC 8656 section 8.2. */
    void refresh(TurnAllocation allocation) {
      int family = request.requestedFamily();
      boolean isV4 = allocation.relayed().isV4();
      if (family >= 0 && family != (isV4 ? Stun.FAMILY_V4 : Stun.FAMILY_V6)) {
        refuse(443, "Peer Address Family Mismatch");
        return;
      }
      long lifetimeSec = request.lifetimeSec() == 0 ? 0 : lifetimeSec();
      writer.begin(request, Stun.SUCCESS);
      writer.number(Stun.LIFETIME, (int) lifetimeSec);
      answer();
      if (lifetimeSec == 0) {
        counters.increment(Counter.TURN_ALLOCATIONS_CLOSED);
        allocations.close(allocation);
      } else {
        allocation.extend(nowNanos + lifetimeSec * SECOND_NANOS);
      }
    }

    /** RFC 8656 section 10.2: all that are named, or none. */
    void createPermission(TurnAllocation allocation) {
      if (request.peerCount() == 0) {
        refuse(400, "Bad Request");
        return;
      }
      if (request.hasTooManyPeers()) {
        refuse(508, "Insufficient Capacity");
        return;
      }
      List<Integer> ips = new ArrayList<>();
      for (int i = 0; i < request.peerCount(); i++) {
        int refusal = objection(allocation, i, request.peerPort(i) == 0);
        if (refusal != 0) {
          refuse(refusal, reason(refusal));
          return;
        }
        ips.add(media.ip(request.peerHigh(i), request.peerLow(i)));
      }
      ips.forEach(ip -> allocation.permit(ip, nowNanos + PERMISSION_NANOS));
      succeed();
    }

    /** Why a peer may not be had, or 0. */
    private int objection(TurnAllocation allocation, int peer, boolean anyPort) {
      if (request.peerIsV4(peer) != allocation.relayed().isV4()) {
        return 443;
      }
      long high = request.peerHigh(peer);
      long low = request.peerLow(peer);
      boolean isOurs =
          anyPort
              ? media.ip(high, low) >= 0
              : media.find(high, low, request.peerPort(peer)) != null;
      return isOurs ? 0 : 403;
    }

    private static String reason(int code) {
      return code == 443 ? "Peer Address Family Mismatch" : "Forbidden";
    }

    /** RFC 8656 section 12.2. */
    void bindChannel(TurnAllocation allocation) {
      int number = request.channelNumber();
      if (number < Stun.FIRST_CHANNEL
          || number > Stun.LAST_CHANNEL
          || request.peerCount() != 1
          || request.hasTooManyPeers()) {
        refuse(400, "Bad Request");
        return;
      }
      int refusal = objection(allocation, 0, false);
      if (refusal != 0) {
        refuse(refusal, reason(refusal));
        return;
      }
      TurnPeer peer = allocation.peer(request.peerHigh(0), request.peerLow(0), request.peerPort(0));
      TurnPeer holder = allocation.holderOf(number, nowNanos, CHANNEL_REST_NANOS);
      int present = peer == null ? -1 : peer.reservedChannel(nowNanos, CHANNEL_REST_NANOS);
      if ((holder != null && holder != peer) || (present >= 0 && present != number)) {
        refuse(400, "Bad Request");
        return;
      }
      if (peer == null) {
        peer = newPeer(allocation, request, 0);
      }
      if (peer == null) {
        refuse(508, "Insufficient Capacity");
        return;
      }
      peer.bind(number, nowNanos + CHANNEL_NANOS);
      allocation.permit(peer.media().ip(), nowNanos + PERMISSION_NANOS);
      succeed();
    }
  }
}
