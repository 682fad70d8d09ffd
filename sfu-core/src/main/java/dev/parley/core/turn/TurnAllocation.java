package dev.parley.core.turn;

import dev.parley.core.common.AddressText;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client has opened (RFC 8656 section 5): a relayed address that exists in messages only,
 * permissions for announced addresses, and peers with their channels. Turn thread only.
 */
public final class TurnAllocation {
  private final TurnClient client;
  private final String owner;
  private final byte[] username;
  private final byte[] key;
  private final byte[] transaction = new byte[Stun.TRANSACTION_BYTES];
  private final PeerAddress relayed;
  private final long sinceNanos;
  private long[] permissionEndsNanos;
  private final @Nullable TurnPeer[] peers;
  private final ByteBucket fromClient;
  private final ByteBucket toClient;
  private int peerCount;
  private long endsNanos;
  private boolean closed;
  private long bytesFromClient;
  private long bytesToClient;

  TurnAllocation(
      TurnClient client,
      String username,
      byte[] key,
      PeerAddress relayed,
      MediaAddresses media,
      TurnSettings settings,
      long nowNanos) {
    this.client = client;
    this.owner = TurnCredentials.owner(username);
    this.username = username.getBytes(StandardCharsets.UTF_8);
    this.key = key;
    this.relayed = relayed;
    this.sinceNanos = nowNanos;
    this.endsNanos = nowNanos;
    this.permissionEndsNanos = new long[media.ipCount()];
    Arrays.fill(permissionEndsNanos, nowNanos);
    this.peers = new TurnPeer[settings.maxPeers()];
    this.fromClient = new ByteBucket(settings.bitrateBps(), nowNanos);
    this.toClient = new ByteBucket(settings.bitrateBps(), nowNanos);
  }

  TurnClient client() {
    return client;
  }

  /** Whose credentials opened it. */
  String owner() {
    return owner;
  }

  byte[] username() {
    return username;
  }

  byte[] key() {
    return key;
  }

  /** Of the request that opened it, to know that one's repetition. */
  byte[] transaction() {
    return transaction;
  }

  PeerAddress relayed() {
    return relayed;
  }

  @HotPath
  long permissionEndsNanos(int ip) {
    return ip < permissionEndsNanos.length ? permissionEndsNanos[ip] : sinceNanos;
  }

  void permit(int ip, long untilNanos) {
    int known = permissionEndsNanos.length;
    if (ip >= known) {
      // An address that has been announced since.
      permissionEndsNanos = Arrays.copyOf(permissionEndsNanos, ip + 1);
      Arrays.fill(permissionEndsNanos, known, ip, sinceNanos);
    }
    permissionEndsNanos[ip] = untilNanos;
  }

  /** A peer in use, or null. */
  @HotPath
  @Nullable TurnPeer peer(long high, long low, int port) {
    for (int i = 0; i < peerCount; i++) {
      TurnPeer peer = peers[i];
      if (peer != null && peer.address().matches(high, low, port)) {
        return peer;
      }
    }
    return null;
  }

  /** The peer of a channel that is bound now, or null. */
  @HotPath
  @Nullable TurnPeer peerOf(int channel, long nowNanos) {
    for (int i = 0; i < peerCount; i++) {
      TurnPeer peer = peers[i];
      if (peer != null && peer.channel(nowNanos) == channel) {
        return peer;
      }
    }
    return null;
  }

  /** The peer that has, or had until a while ago, the channel; or null. */
  @Nullable TurnPeer holderOf(int channel, long nowNanos, long restNanos) {
    for (TurnPeer peer : peers) {
      if (peer != null && peer.reservedChannel(nowNanos, restNanos) == channel) {
        return peer;
      }
    }
    return null;
  }

  boolean isFull() {
    return peerCount == peers.length;
  }

  void add(TurnPeer peer) {
    peers[peerCount++] = peer;
  }

  long endsNanos() {
    return endsNanos;
  }

  void extend(long untilNanos) {
    endsNanos = untilNanos;
  }

  void close() {
    closed = true;
  }

  @HotPath
  boolean isClosed() {
    return closed;
  }

  @HotPath
  boolean takeFromClient(int bytes, long nowNanos) {
    if (!fromClient.take(bytes, nowNanos)) {
      return false;
    }
    bytesFromClient += bytes;
    return true;
  }

  @HotPath
  boolean takeToClient(int bytes, long nowNanos) {
    if (!toClient.take(bytes, nowNanos)) {
      return false;
    }
    bytesToClient += bytes;
    return true;
  }

  Map<String, Object> snapshot(long nowNanos) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("client", AddressText.of(client.address().toInet()));
    state.put("by", client.kind());
    state.put("owner", owner);
    state.put("relayed", AddressText.of(relayed.toInet()));
    state.put("ageSec", (nowNanos - sinceNanos) / 1_000_000_000L);
    state.put("endsInSec", (endsNanos - nowNanos) / 1_000_000_000L);
    state.put("peers", peerCount);
    state.put("bytesFromClient", bytesFromClient);
    state.put("bytesToClient", bytesToClient);
    return state;
  }
}
