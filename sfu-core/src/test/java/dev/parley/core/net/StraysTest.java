package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.fixtures.TransportPeer;
import dev.parley.core.fixtures.Transports;
import dev.parley.core.transport.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What strays lead to in a call: {@code quality.ReconnectTest}. */
class StraysTest {
  private static final PeerAddress FROM = PeerAddress.ofV4(0x0a01_0001L, 1000);
  private static final long ASK_INTERVAL_NANOS = 500_000_000L;

  /** What browsers report from who send nothing. */
  private static final int RECEIVER = 1;

  private final Counters counters = new Counters();
  private final Counters ofPeers = new Counters();
  private final Transport stranger = Transports.unconnected(counters);
  private final Strays strays = new Strays();
  private final Demux demux = new Demux(counters);
  private final List<TransportPeer> peers = new ArrayList<>();

  @AfterEach
  void close() {
    peers.forEach(TransportPeer::close);
  }

  private static PeerAddress home(int number) {
    return PeerAddress.ofV4(0x0a00_0001L + number, 1000);
  }

  /** Connected, and heard of by reports from {@code ssrc}. */
  private TransportPeer peer(int ssrc) {
    PeerAddress home = home(peers.size());
    TransportPeer peer = new TransportPeer(demux, ofPeers, home);
    demux.register(peer.transport());
    peers.add(peer.connect());
    route(peer.report(ssrc), home, 0);
    assertTrue(peer.transport().hasHeard(ssrc, true));
    return peer;
  }

  private void route(byte[] packet, PeerAddress from, long nowNanos) {
    demux.route(packet, 0, packet.length, from.high(), from.low(), from.port(), 0, 0, nowNanos);
  }

  private static byte[] report(int ssrc) {
    byte[] packet = new byte[20];
    ByteBuffer.wrap(packet).put((byte) 0x80).put((byte) 201).putShort((short) 1).putInt(ssrc);
    return packet;
  }

  private void stray(int ssrc, long nowNanos) {
    route(report(ssrc), FROM, nowNanos);
  }

  private long asked() {
    return ofPeers.total(Counter.ADDRESSES_ASKED);
  }

  private static byte[] question(TransportPeer peer) {
    return peer.lastTo(FROM).orElseThrow();
  }

  /** What a client says to somebody else's question. */
  private static byte[] refusal(byte[] question) {
    byte[] answer = Arrays.copyOf(question, 20);
    ByteBuffer.wrap(answer).putShort((short) 0x0111).putShort((short) 0);
    return answer;
  }

  private void look(byte[] packet, long nowNanos) {
    strays.look(packet, 0, packet.length, FROM, List.of(stranger), nowNanos);
  }

  @Test
  void shouldLookAtFewPackets() {
    byte[] packet = new byte[20];
    packet[0] = (byte) 0x80;
    assertTrue(strays.mayLook(0));
    look(packet, 0);
    assertFalse(strays.mayLook(Strays.LOOK_INTERVAL_NANOS - 1));
    assertTrue(strays.mayLook(Strays.LOOK_INTERVAL_NANOS));
  }

  @Test
  void shouldNotAskForSourcesThatNobodyKnows() {
    byte[] rtp = new byte[20];
    rtp[0] = (byte) 0x80;
    byte[] rtcp = rtp.clone();
    rtcp[1] = (byte) 200;
    look(rtp, 0);
    look(rtcp, 1);
    assertEquals(0, strays.size());
    assertEquals(0, counters.total(Counter.ADDRESSES_ASKED));
  }

  @Test
  void shouldEndureWhatIsTooShortOrNoMedia() {
    for (int length = 1; length <= 12; length++) {
      look(new byte[length], length);
      byte[] packet = new byte[length];
      packet[0] = (byte) 0x80;
      look(packet, length);
    }
    assertEquals(0, strays.size());
  }

  @Test
  void shouldFindTheOneWhoMovedAmongReceiversWithTheSameSource() {
    for (int i = 0; i < 12; i++) {
      peer(RECEIVER);
    }
    stray(RECEIVER, 1);
    assertEquals(12, asked());
    for (int moved : new int[] {11, 0}) {
      TransportPeer peer = peers.get(moved);
      route(peer.answer(question(peer)), FROM, 2);
      assertEquals(FROM, peer.transport().remote());
    }
    TransportPeer other = peers.get(5);
    route(refusal(question(other)), FROM, 3);
    assertEquals(1, ofPeers.total(DropReason.STUN_UNEXPECTED), "an answer, and not the right one");
    assertEquals(home(5), other.transport().remote());
    assertEquals(0, counters.total(DropReason.STUN_MALFORMED));
  }

  @Test
  void shouldAskABoundedNumberAtATimeAndTheOthersNext() {
    int all = Strays.MAX_ASKERS + 1;
    for (int i = 0; i < all; i++) {
      peer(RECEIVER);
    }
    long rest = Strays.MOST_QUESTIONS * Strays.LOOK_INTERVAL_NANOS;
    stray(RECEIVER, 1);
    assertEquals(Strays.MOST_QUESTIONS, asked());
    stray(RECEIVER, rest);
    assertEquals(Strays.MOST_QUESTIONS, asked(), "as much rest as for so many packets");
    stray(RECEIVER, 1 + rest);
    assertEquals(2 * Strays.MOST_QUESTIONS, asked());
    stray(RECEIVER, 1 + 2 * rest);
    assertEquals(all, asked(), "each had its turn");
    for (TransportPeer peer : peers) {
      route(refusal(question(peer)), FROM, 2 + 2 * rest);
    }
    assertEquals(Strays.MAX_ASKERS, ofPeers.total(DropReason.STUN_UNEXPECTED));
    assertEquals(1, counters.total(DropReason.STUN_UNEXPECTED), "whose turn was first");
    stray(RECEIVER, 1 + ASK_INTERVAL_NANOS);
    assertEquals(all + Strays.MOST_QUESTIONS, asked(), "from the beginning");
  }

  @Test
  void shouldForgetTheAddressThatWasAskedFirst() {
    TransportPeer ann = peer(7);
    TransportPeer ben = peer(8);
    List<Transport> transports = List.of(ann.transport(), ben.transport());
    strays.look(report(7), 0, 20, FROM, transports, 0);
    byte[] answer = ann.answer(question(ann));
    for (int i = 0; i < Strays.MAX_ASKED; i++) {
      assertSame(ann.transport(), strays.askedBy(FROM, answer, 0), "address " + i);
      PeerAddress other = PeerAddress.ofV4(0x0a02_0000L + i, 1000);
      strays.look(report(8), 0, 20, other, transports, (i + 1) * ASK_INTERVAL_NANOS);
    }
    assertNull(strays.askedBy(FROM, answer, 0));
    assertEquals(Strays.MAX_ASKED, strays.size());
  }

  @Test
  void shouldForgetWhoHasClosed() {
    TransportPeer ann = peer(7);
    stray(7, 1);
    byte[] answer = ann.answer(question(ann));
    ann.transport().close("closed");
    route(answer, FROM, 2);
    assertEquals(1, counters.total(DropReason.STUN_UNEXPECTED));
    assertEquals(0, ofPeers.total(DropReason.NOT_CONNECTED), "not routed");
  }

  @Test
  void shouldForgetWhoMoves() {
    TransportPeer ann = peer(7);
    stray(7, 1);
    byte[] answer = ann.answer(question(ann));
    demux.divert(ann.transport(), Runnable::run);
    route(answer, FROM, 2);
    assertEquals(1, counters.total(DropReason.STUN_UNEXPECTED));
    assertEquals(home(0), ann.transport().remote(), "another thread's");
  }

  @Test
  void shouldAskTheOthersWhenOneFails() {
    peer(RECEIVER).breaks();
    peer(RECEIVER);
    stray(RECEIVER, 1);
    assertEquals(1, asked());
    assertTrue(peers.getFirst().transport().closed());
  }

  @Test
  void shouldTakeNoAnswerThatNobodyAskedFor() {
    TransportPeer ann = peer(7);
    stray(7, 1);
    byte[] answer = ann.answer(question(ann));
    route(answer, PeerAddress.ofV4(0x0a01_0002L, 1000), 2);
    byte[] other = answer.clone();
    other[8] ^= 1;
    route(other, FROM, 3);
    assertEquals(2, counters.total(DropReason.STUN_UNEXPECTED));
    route(Arrays.copyOf(answer, answer.length - 4), FROM, 4);
    assertEquals(1, counters.total(DropReason.STUN_MALFORMED));
    assertEquals(home(0), ann.transport().remote());
  }
}
