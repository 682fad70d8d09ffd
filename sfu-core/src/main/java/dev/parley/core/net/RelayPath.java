package dev.parley.core.net;

import dev.parley.core.common.HotPath;
import dev.parley.core.common.PairKind;
import dev.parley.core.common.PeerPath;
import dev.parley.core.turn.TurnPeer;

/** From a worker to the relay, which knows the client behind the peer. Any thread. */
final class RelayPath implements PeerPath {
  private static final int CHANNEL_HEADER_BYTES = 4;

  /** IPv4 and TCP headers with a timestamp. */
  private static final int TCP_OVERHEAD_BYTES = 20 + 32;

  /** The head, the content's type and the tag (RFC 8446 section 5.2). */
  private static final int TLS_RECORD_BYTES = 5 + 1 + 16;

  private final TurnPeer peer;
  private final Crossing<TurnPeer> toRelay;

  private final int overheadBytes;

  RelayPath(TurnPeer peer, Crossing<TurnPeer> toRelay) {
    this.peer = peer;
    this.toRelay = toRelay;
    this.overheadBytes = CHANNEL_HEADER_BYTES + below(peer.clientKind());
  }

  private static int below(String kind) {
    return switch (kind) {
      case "udp" -> UDP_OVERHEAD_BYTES;
      case "tls" -> TCP_OVERHEAD_BYTES + TLS_RECORD_BYTES;
      default -> TCP_OVERHEAD_BYTES;
    };
  }

  @Override
  @HotPath
  public void send(byte[] bytes, int offset, int lengthBytes) {
    toRelay.offer(peer, bytes, offset, lengthBytes, false);
  }

  @Override
  @HotPath
  public void sendVideo(byte[] bytes, int offset, int lengthBytes) {
    toRelay.offer(peer, bytes, offset, lengthBytes, true);
  }

  @Override
  @HotPath
  public int overheadBytes() {
    return overheadBytes;
  }

  @Override
  public String kind() {
    return "relay";
  }

  @Override
  public PairKind.Way way() {
    return switch (peer.clientKind()) {
      case "tls" -> PairKind.Way.TURN_TLS;
      case "tcp" -> PairKind.Way.TURN_TCP;
      default -> PairKind.Way.TURN_UDP;
    };
  }
}
