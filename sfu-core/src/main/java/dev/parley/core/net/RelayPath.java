package dev.parley.core.net;

import dev.parley.core.common.HotPath;
import dev.parley.core.common.PairKind;
import dev.parley.core.common.PeerPath;
import dev.parley.core.turn.TurnPeer;

/** From a worker to the relay, which knows the client behind the peer. Any thread. */
final class RelayPath implements PeerPath {
  private final TurnPeer peer;
  private final Crossing<TurnPeer> toRelay;

  RelayPath(TurnPeer peer, Crossing<TurnPeer> toRelay) {
    this.peer = peer;
    this.toRelay = toRelay;
  }

  @Override
  @HotPath
  public void send(byte[] bytes, int offset, int lengthBytes) {
    toRelay.offer(peer, bytes, offset, lengthBytes);
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
