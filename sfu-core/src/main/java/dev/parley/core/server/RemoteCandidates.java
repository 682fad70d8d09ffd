package dev.parley.core.server;

import dev.parley.core.common.PairKind;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.sdp.Candidate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a client has told of its addresses. The server needs it for statistics only: where a client
 * is, its checks prove. Any thread.
 */
final class RemoteCandidates {
  /** More are not remembered; whoever tells so many does not want to be counted well. */
  private static final int MOST = 256;

  /** TCP candidates of clients are active: their port is known only once they connect. */
  private static final int ANY_PORT = 0;

  private final Map<PeerAddress, PairKind.Type> udp = new ConcurrentHashMap<>();
  private final Map<PeerAddress, PairKind.Type> tcp = new ConcurrentHashMap<>();

  /** Names (mDNS) are not resolved, so they say nothing; nor do relays with TCP to this server. */
  void add(Candidate candidate) {
    boolean isUdp = candidate.transport() == Candidate.Transport.UDP;
    Map<PeerAddress, PairKind.Type> known = isUdp ? udp : tcp;
    if (known.size() >= MOST || (!isUdp && candidate.type() == Candidate.Type.RELAY)) {
      return;
    }
    try {
      InetAddress ip = InetAddress.ofLiteral(candidate.address());
      known.putIfAbsent(
          PeerAddress.of(new InetSocketAddress(ip, isUdp ? candidate.port() : ANY_PORT)),
          switch (candidate.type()) {
            case HOST -> PairKind.Type.HOST;
            case SRFLX -> PairKind.Type.SRFLX;
            case PRFLX -> PairKind.Type.PRFLX;
            case RELAY -> PairKind.Type.RELAY;
          });
    } catch (IllegalArgumentException name) {
      return;
    }
  }

  /** What the client has told of it; peer-reflexive when it has told nothing. */
  PairKind.Type typeOf(PeerAddress address, PairKind.Way way) {
    return switch (way) {
      case UDP ->
          udp.getOrDefault(
              new PeerAddress(address.high(), address.low(), address.port()), PairKind.Type.PRFLX);
      case TCP ->
          tcp.getOrDefault(
              new PeerAddress(address.high(), address.low(), ANY_PORT), PairKind.Type.PRFLX);
      case TURN_UDP, TURN_TCP, TURN_TLS -> PairKind.Type.RELAY;
    };
  }
}
