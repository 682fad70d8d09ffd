package dev.parley.core.turn;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.common.PeerPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All allocations of the process (RFC 8656, for UDP peers), and what passes through them. Turn
 * thread only. Nothing is held for a client without valid credentials, and until it has shown some,
 * no answer to a datagram is longer than one and a half times the request, IP and UDP headers
 * included: what would be is dropped.
 */
public final class TurnServer {
  /** What is around. */
  public interface Host {
    /** The path that stands in the peer's {@link TurnPeer#source()}. */
    PeerPath pathTo(TurnPeer peer);

    /** Hands what a client sent to the peer's media port, or drops and counts. Copies. */
    @HotPath
    void deliver(TurnPeer peer, byte[] bytes, int offset, int lengthBytes);

    /** Since 1970, for the end of credentials. */
    long unixSeconds(long nowNanos);
  }

  private static final int MOST_SHOWN = 1_000;
  private static final int MAX_PACKET_BYTES = 1500;

  /** The longest address attribute, the header, and the head of DATA. */
  private static final int OVERHEAD_BYTES = Stun.HEADER_BYTES + 24 + 4;

  private final Host host;
  private final MediaAddresses media;
  private final Counters counters;
  private final Allocations allocations;
  private final Requests requests;
  private final TurnMessage message = new TurnMessage();
  private final byte[] out = new byte[MAX_PACKET_BYTES + OVERHEAD_BYTES + 4];
  private long indications;

  public TurnServer(
      TurnSettings settings, MediaAddresses media, Host host, Counters counters, long nowNanos) {
    this.host = host;
    this.media = media;
    this.counters = counters;
    this.allocations = new Allocations(settings, media);
    this.requests = new Requests(settings, media, allocations, host, counters, nowNanos);
  }

  /** The media ports have more addresses than before; the ports in the same order. */
  public void announce(List<List<PeerAddress>> ports) {
    media.add(ports);
  }

  /** One message of a client: a datagram, or a frame of its stream. Borrows the bytes. */
  @HotPath
  public void handle(byte[] bytes, int offset, int lengthBytes, TurnClient from, long nowNanos) {
    if (lengthBytes >= Stun.CHANNEL_HEADER_BYTES && (bytes[offset] & 0xc0) == 0x40) {
      handleChannelData(bytes, offset, lengthBytes, from, nowNanos);
    } else if (!message.parse(bytes, offset, lengthBytes)) {
      counters.drop(DropReason.TURN_MALFORMED);
    } else if (message.kind() == Stun.REQUEST) {
      requests.handle(message, from, nowNanos);
    } else if (message.kind() == Stun.INDICATION && message.method() == Stun.SEND) {
      handleSend(from, nowNanos);
    } else if (message.kind() != Stun.INDICATION || message.method() != Stun.BINDING) {
      // A binding indication keeps a NAT open, and wants nothing.
      counters.drop(DropReason.TURN_MALFORMED);
    }
  }

  /** RFC 8656 section 12.6. */
  @HotPath
  private void handleChannelData(
      byte[] bytes, int offset, int lengthBytes, TurnClient from, long nowNanos) {
    int length = Stun.uint16(bytes, offset + 2);
    if (length > lengthBytes - Stun.CHANNEL_HEADER_BYTES) {
      counters.drop(DropReason.TURN_MALFORMED);
      return;
    }
    TurnAllocation allocation = from.allocation();
    if (allocation == null) {
      counters.drop(DropReason.TURN_NO_ALLOCATION);
      return;
    }
    TurnPeer peer = allocation.peerOf(Stun.uint16(bytes, offset), nowNanos);
    if (peer == null) {
      counters.drop(DropReason.TURN_NO_CHANNEL);
      return;
    }
    relay(peer, bytes, offset + Stun.CHANNEL_HEADER_BYTES, length, nowNanos);
  }

  /** RFC 8656 section 11.2. */
  @HotPath
  private void handleSend(TurnClient from, long nowNanos) {
    TurnAllocation allocation = from.allocation();
    if (allocation == null) {
      counters.drop(DropReason.TURN_NO_ALLOCATION);
      return;
    }
    if (message.peerCount() != 1 || !message.hasData() || message.hasUnknown()) {
      counters.drop(DropReason.TURN_MALFORMED);
      return;
    }
    TurnPeer peer = allocation.peer(message.peerHigh(0), message.peerLow(0), message.peerPort(0));
    if (peer == null) {
      peer = requests.newPeer(allocation, message, 0);
    }
    if (peer == null) {
      counters.drop(DropReason.TURN_PEER_FORBIDDEN);
      return;
    }
    relay(peer, message.bytes(), message.dataOffset(), message.dataLengthBytes(), nowNanos);
  }

  @HotPath
  private void relay(TurnPeer peer, byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    if (!peer.isPermitted(nowNanos)) {
      counters.drop(DropReason.TURN_NO_PERMISSION);
    } else if (lengthBytes > MAX_PACKET_BYTES) {
      counters.drop(DropReason.TOO_LARGE);
    } else if (!peer.allocation().takeFromClient(lengthBytes, nowNanos)) {
      counters.drop(DropReason.TURN_RATE);
    } else {
      counters.add(Counter.TURN_BYTES_FROM_CLIENTS, lengthBytes);
      host.deliver(peer, bytes, offset, lengthBytes);
    }
  }

  /** What the media engine sends back by a peer's path (RFC 8656 sections 11.3 and 12.7). */
  @HotPath
  public void fromPeer(
      TurnPeer peer, byte[] bytes, int offset, int lengthBytes, boolean video, long nowNanos) {
    TurnAllocation allocation = peer.allocation();
    if (allocation.isClosed()) {
      counters.drop(DropReason.TURN_NO_ALLOCATION);
    } else if (!peer.isPermitted(nowNanos)) {
      counters.drop(DropReason.TURN_NO_PERMISSION);
    } else if (lengthBytes > MAX_PACKET_BYTES) {
      counters.drop(DropReason.TOO_LARGE);
    } else if (!allocation.takeToClient(lengthBytes, nowNanos)) {
      counters.drop(DropReason.TURN_RATE);
    } else {
      counters.add(Counter.TURN_BYTES_TO_CLIENTS, lengthBytes);
      int channel = peer.channel(nowNanos);
      int length =
          channel < 0
              ? indication(peer, bytes, offset, lengthBytes)
              : channelData(channel, bytes, offset, lengthBytes);
      TurnClient client = allocation.client();
      client.send(out, 0, client.isStream() ? padded(length) : length, video);
    }
  }

  @HotPath
  private int channelData(int channel, byte[] bytes, int offset, int lengthBytes) {
    Stun.putUint16(out, 0, channel);
    Stun.putUint16(out, 2, lengthBytes);
    System.arraycopy(bytes, offset, out, Stun.CHANNEL_HEADER_BYTES, lengthBytes);
    return Stun.CHANNEL_HEADER_BYTES + lengthBytes;
  }

  @HotPath
  private int indication(TurnPeer peer, byte[] bytes, int offset, int lengthBytes) {
    Stun.putUint16(out, 0, Stun.DATA_METHOD | Stun.INDICATION);
    Stun.putInt32(out, 4, Stun.MAGIC_COOKIE);
    // Nothing answers an indication: a number is as good a transaction as any.
    indications++;
    Stun.putInt32(out, 8, 0);
    Stun.putInt32(out, 12, (int) (indications >>> 32));
    Stun.putInt32(out, 16, (int) indications);
    int at = Stun.HEADER_BYTES;
    at += TurnWriter.putAddress(out, at, Stun.XOR_PEER_ADDRESS, peer.address());
    Stun.putUint16(out, at, Stun.DATA);
    Stun.putUint16(out, at + 2, lengthBytes);
    System.arraycopy(bytes, offset, out, at + 4, lengthBytes);
    int length = padded(at + 4 + lengthBytes);
    Stun.putUint16(out, 2, length - Stun.HEADER_BYTES);
    return length;
  }

  /** What the padding holds is not looked at; it is zero here all the same. */
  @HotPath
  private int padded(int length) {
    int end = Stun.padded(length);
    for (int at = length; at < end; at++) {
      out[at] = 0;
    }
    return end;
  }

  /** The client's connection has closed, and with it what it had opened. */
  public void handleClosed(TurnClient client) {
    TurnAllocation allocation = client.allocation();
    if (allocation != null) {
      close(allocation);
    }
  }

  private void close(TurnAllocation allocation) {
    counters.increment(Counter.TURN_ALLOCATIONS_CLOSED);
    allocations.close(allocation);
  }

  /** Ends the allocations whose time has come. */
  public void handleTimeout(long nowNanos) {
    allocations.ended(nowNanos).forEach(this::close);
  }

  /** {@code Long.MAX_VALUE}: never. */
  public long nextTimeoutNanos() {
    return allocations.nextEndNanos();
  }

  /** The state as JSON-like maps; of very many allocations the oldest thousand. */
  public Map<String, Object> snapshot(long nowNanos) {
    List<Object> shown = new ArrayList<>();
    allocations.all().stream()
        .limit(MOST_SHOWN)
        .forEach(allocation -> shown.add(allocation.snapshot(nowNanos)));
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("allocations", allocations.all().size());
    state.put("oldest", shown);
    return state;
  }
}
