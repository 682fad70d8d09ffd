package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.fixtures.Transports;
import dev.parley.core.transport.Transport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemuxTest {
  private final Counters demuxCounters = new Counters();
  private final Demux demux = new Demux(demuxCounters);

  /** A transport that counts for itself what reaches it. */
  private static final class Peer {
    final Counters counters = new Counters();
    final Transport transport = Transports.unconnected(counters);

    long reached() {
      return counters.total(DropReason.SRTP_NO_KEYS);
    }
  }

  private Peer peer() {
    Peer peer = new Peer();
    demux.register(peer.transport);
    return peer;
  }

  private void media(PeerAddress from) {
    byte[] packet = new byte[20];
    packet[0] = (byte) 0x80;
    demux.route(packet, 0, packet.length, from.high(), from.low(), from.port(), 0, 0, 0);
  }

  private static PeerAddress address(int number) {
    return PeerAddress.ofV4(0x0a00_0000L + number / 7, 1000 + number % 7);
  }

  @Test
  void shouldDropMediaOfUnknownAddress() {
    peer();
    media(address(1));
    assertEquals(1, demuxCounters.total(DropReason.UNKNOWN_ADDRESS));
  }

  @Test
  void shouldRouteMediaByAddress() {
    Peer a = peer();
    Peer b = peer();
    demux.bind(address(1), a.transport);
    demux.bind(address(2), b.transport);
    media(address(1));
    media(address(2));
    media(address(2));
    assertEquals(1, a.reached());
    assertEquals(2, b.reached());
  }

  @Test
  void shouldTellPathsToTwoAddressesOfThisMachineApart() {
    Peer a = peer();
    Peer b = peer();
    PeerAddress toOne = new PeerAddress(0, 7, 1000, 0, 1);
    PeerAddress toOther = new PeerAddress(0, 7, 1000, 0, 2);
    demux.bind(toOne, a.transport);
    demux.bind(toOther, b.transport);
    byte[] packet = new byte[20];
    packet[0] = (byte) 0x80;
    demux.route(packet, 0, packet.length, 0, 7, 1000, 0, 2, 0);
    assertEquals(0, a.reached());
    assertEquals(1, b.reached());
    demux.unbind(toOther, b.transport);
    demux.route(packet, 0, packet.length, 0, 7, 1000, 0, 2, 0);
    assertEquals(1, demuxCounters.total(DropReason.UNKNOWN_ADDRESS));
    demux.route(packet, 0, packet.length, 0, 7, 1000, 0, 1, 0);
    assertEquals(1, a.reached());
  }

  @Test
  void shouldDropEmptyDatagram() {
    demux.route(new byte[1], 0, 0, 0, 0, 0, 0, 0, 0);
    assertEquals(1, demuxCounters.total(DropReason.TRUNCATED));
  }

  @Test
  void shouldRouteChecksByUfragWhoeverOwnsTheAddress() {
    Peer old = peer();
    Peer back = peer();
    demux.bind(address(1), old.transport);
    stun(back.transport.localUfrags().getFirst() + ":remote", address(1));
    assertEquals(1, back.counters.total(DropReason.STUN_MALFORMED));
    assertEquals(0, old.counters.total(DropReason.STUN_MALFORMED));
    stun("nobody:remote", address(1));
    assertEquals(1, demuxCounters.total(DropReason.UNKNOWN_UFRAG));
    demux.route(new byte[1], 0, 1, 0, 0, 1, 0, 0, 0);
    assertEquals(1, demuxCounters.total(DropReason.STUN_MALFORMED));
  }

  /** A binding request with a username and no integrity (RFC 8489). */
  private void stun(String username, PeerAddress from) {
    byte[] name = username.getBytes(StandardCharsets.UTF_8);
    int padded = (name.length + 3) & ~3;
    ByteBuffer b = ByteBuffer.allocate(20 + 4 + padded);
    b.putShort((short) 1).putShort((short) (4 + padded)).putInt(0x2112A442).position(20);
    b.putShort((short) 6).putShort((short) name.length).put(name);
    demux.route(b.array(), 0, b.capacity(), from.high(), from.low(), from.port(), 0, 0, 0);
  }

  @Test
  void shouldGiveAddressToWhoeverProvedItLast() {
    Peer old = peer();
    Peer back = peer();
    demux.bind(address(1), old.transport);
    demux.bind(address(1), back.transport);
    assertEquals(1, demux.size());
    demux.release(old.transport);
    assertEquals(1, demux.size());
    media(address(1));
    assertEquals(1, back.reached());
  }

  @Test
  void shouldForgetReleasedTransport() {
    Peer a = peer();
    String ufrag = a.transport.localUfrags().getFirst();
    assertTrue(demux.knows(ufrag));
    demux.bind(address(1), a.transport);
    demux.bind(address(2), a.transport);
    demux.release(a.transport);
    assertFalse(demux.knows(ufrag));
    assertEquals(0, demux.size());
    media(address(1));
    assertEquals(0, a.reached());
  }

  /** Many bindings, rebindings and releases, with collisions, against a map. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldAgreeWithModel(long seed) {
    Random random = new Random(seed);
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      peers.add(peer());
    }
    Map<Integer, Peer> model = new HashMap<>();
    for (int step = 0; step < 5_000; step++) {
      Peer peer = peers.get(random.nextInt(peers.size()));
      int number = random.nextInt(400);
      int dice = random.nextInt(100);
      if (dice < 40) {
        demux.bind(address(number), peer.transport);
        model.put(number, peer);
      } else if (dice < 42) {
        demux.release(peer.transport);
        model.values().removeIf(p -> p == peer);
      } else {
        Peer owner = model.get(number);
        long before = owner == null ? 0 : owner.reached();
        long unknown = demuxCounters.total(DropReason.UNKNOWN_ADDRESS);
        media(address(number));
        String where = "seed " + seed + " step " + step;
        if (owner == null) {
          assertEquals(unknown + 1, demuxCounters.total(DropReason.UNKNOWN_ADDRESS), where);
        } else {
          assertEquals(before + 1, owner.reached(), where);
        }
      }
      assertEquals(model.size(), demux.size());
    }
  }
}
