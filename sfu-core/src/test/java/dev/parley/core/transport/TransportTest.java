package dev.parley.core.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.fixtures.TransportPeer;
import dev.parley.core.fixtures.TransportPeer.Heard;
import dev.parley.core.net.Demux;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransportTest {
  private static final PeerAddress HOME = PeerAddress.ofV4(0x0a00_0001L, 5000);
  private static final PeerAddress ELSEWHERE = PeerAddress.ofV4(0x0a00_0002L, 5000);
  private static final int SSRC = 0x1234;

  private final Counters counters = new Counters();
  private final TransportPeer peer = new TransportPeer(new Demux(counters), counters, HOME);
  private final Transport transport = peer.transport();

  @AfterEach
  void close() {
    peer.close();
  }

  private void media(int sequence16, long nowNanos) {
    byte[] packet = peer.rtp(SSRC, sequence16);
    transport.handleDatagram(packet, 0, packet.length, HOME, nowNanos);
  }

  private long refused() {
    return counters.total(DropReason.SRTP_NO_KEYS);
  }

  @Test
  void shouldTakeMediaThatCameBeforeItsKeysAtThePresentTime() {
    peer.connectClient();
    for (int i = 0; i < EarlyMedia.MOST_PACKETS + 6; i++) {
      media(i, 1_000 + i);
    }
    assertEquals(6, refused(), "bounded");
    peer.connectServer();
    assertEquals(List.of(), peer.heard(), "nobody has said what time it is");
    assertEquals(Long.MIN_VALUE, transport.nextTimeoutNanos());
    transport.handleTimeout(5_000);
    assertEquals(
        IntStream.range(0, EarlyMedia.MOST_PACKETS).mapToObj(i -> new Heard(i, 5_000)).toList(),
        peer.heard());
    assertTrue(transport.nextTimeoutNanos() > 5_000);
    assertEquals(6, refused());
  }

  @Test
  void shouldTakeEarlyMediaBeforeTheNext() {
    peer.connectClient();
    media(1, 1_000);
    media(2, 2_000);
    peer.connectServer();
    media(3, 3_000);
    assertEquals(
        List.of(new Heard(1, 3_000), new Heard(2, 3_000), new Heard(3, 3_000)), peer.heard());
    transport.handleTimeout(4_000);
    assertEquals(3, counters.total(Counter.RTP_RECEIVED), "once");
  }

  @Test
  void shouldTakeEarlyMediaBeforeAGoodbye() {
    peer.connectClient();
    media(1, 1_000);
    peer.connectServer();
    byte[] goodbye = {21, (byte) 0xfe, (byte) 0xfd, 0, 1, 0, 0, 0, 0, 0, 9, 0, 2, 1, 0};
    transport.handleDatagram(goodbye, 0, goodbye.length, HOME, 2_000);
    assertEquals(List.of(new Heard(1, 2_000)), peer.heard());
  }

  @Test
  void shouldCountEarlyMediaThatNeverHadKeys() {
    peer.connectClient();
    media(1, 1_000);
    media(2, 2_000);
    assertEquals(0, refused());
    transport.close("closed");
    assertEquals(2, refused());
    assertEquals(List.of(), peer.heard());
  }

  @Test
  void shouldCloseAloneWhenAQuestionCannotBeSent() {
    peer.connect();
    peer.breaks();
    assertFalse(transport.ask(ELSEWHERE, 1));
    assertTrue(transport.closed());
    assertEquals(1, counters.total(DropReason.TRANSPORT_FAULT));
    assertFalse(transport.ask(ELSEWHERE, 2));
  }
}
