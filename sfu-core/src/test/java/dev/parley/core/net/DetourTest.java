package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.fixtures.Transports;
import dev.parley.core.transport.Transport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transport that lives elsewhere than its port; tasks of either worker run by hand. */
class DetourTest {
  private final Counters origin = new Counters();
  private final Counters elsewhere = new Counters();
  private final Counters reached = new Counters();
  private final Deque<Runnable> originTasks = new ArrayDeque<>();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Demux demux = new Demux(origin);
  private final Handover queue = new Handover(origin, elsewhere, tasks::add);
  private final Transport transport = Transports.unconnected(reached);
  private final PeerAddress home = PeerAddress.ofV4(0x0a00_0001, 1000);
  private final PeerAddress other = PeerAddress.ofV4(0x0a00_0002, 1000);
  private Detour detour;

  @BeforeEach
  void move() {
    demux.register(transport);
    demux.bind(home, transport);
    detour = demux.divert(transport, originTasks::add);
    detour.leadTo(queue);
  }

  private void media(PeerAddress from) {
    byte[] packet = new byte[20];
    packet[0] = (byte) 0x80;
    demux.route(packet, 0, packet.length, from.high(), from.low(), from.port(), 0, 0, 0);
  }

  private void check(PeerAddress from) {
    byte[] name = (transport.localUfrags().getFirst() + ":remote").getBytes(StandardCharsets.UTF_8);
    int padded = (name.length + 3) & ~3;
    ByteBuffer b = ByteBuffer.allocate(24 + padded);
    b.putShort((short) 1).putShort((short) (4 + padded)).putInt(0x2112A442).position(20);
    b.putShort((short) 6).putShort((short) name.length).put(name);
    demux.route(b.array(), 0, b.capacity(), from.high(), from.low(), from.port(), 0, 0, 0);
  }

  private static void runAll(Deque<Runnable> due) {
    for (Runnable task = due.poll(); task != null; task = due.poll()) {
      task.run();
    }
  }

  private long mediaReached() {
    return reached.total(DropReason.SRTP_NO_KEYS);
  }

  @Test
  void shouldHandOverMediaAndChecksWithOneTaskForAll() {
    media(home);
    media(home);
    check(other);
    assertEquals(0, mediaReached(), "not on the origin's thread");
    assertEquals(1, tasks.size());
    runAll(tasks);
    assertEquals(2, mediaReached());
    assertEquals(1, reached.total(DropReason.STUN_MALFORMED));
    assertEquals(3, elsewhere.total(Counter.DATAGRAMS_HANDED_OVER));
    media(home);
    assertEquals(1, tasks.size(), "woken again");
    assertTrue(demux.knows(transport.localUfrags().getFirst()));
    assertEquals(1, demux.size());
    assertEquals(1, demux.diverted());
  }

  @Test
  void shouldDropAndCountWhatDoesNotFit() {
    for (int i = 0; i < Handover.CAPACITY + 5; i++) {
      media(home);
    }
    assertEquals(5, origin.total(DropReason.HANDOVER_FULL));
    runAll(tasks);
    assertEquals(Handover.CAPACITY, mediaReached());
    for (int i = 0; i < Handover.CAPACITY; i++) {
      media(home);
    }
    runAll(tasks);
    assertEquals(2 * Handover.CAPACITY, mediaReached(), "the ring goes round");
    assertEquals(5, origin.total(DropReason.HANDOVER_FULL));
  }

  @Test
  void shouldNotTouchATransportThatHasLeftAgain() {
    Deque<Runnable> third = new ArrayDeque<>();
    media(home);
    detour.leadTo(new Handover(origin, new Counters(), third::add));
    media(home);
    runAll(tasks);
    assertEquals(0, mediaReached());
    assertEquals(1, elsewhere.total(DropReason.HANDOVER_STALE));
    runAll(third);
    assertEquals(1, mediaReached());
  }

  @Test
  void shouldBindAddressesByTasksOfTheOrigin() {
    detour.bind(other, transport);
    media(other);
    assertEquals(1, origin.total(DropReason.UNKNOWN_ADDRESS));
    runAll(originTasks);
    media(other);
    assertEquals(1, tasks.size());
    detour.unbind(other, transport);
    runAll(originTasks);
    media(other);
    assertEquals(2, origin.total(DropReason.UNKNOWN_ADDRESS));
    assertEquals(1, demux.size());
  }

  @Test
  void shouldForgetAClosedTransport() {
    detour.release(transport);
    detour.bind(other, transport);
    runAll(originTasks);
    assertFalse(demux.knows(transport.localUfrags().getFirst()));
    assertEquals(0, demux.size());
    assertEquals(0, demux.diverted());
    media(home);
    assertEquals(1, origin.total(DropReason.UNKNOWN_ADDRESS));
  }

  @Test
  void shouldRouteAsBeforeWhenBack() {
    detour.leadTo(null);
    media(home);
    assertEquals(1, mediaReached(), "the origin's thread is its own already");
    demux.restore(detour);
    detour.bind(other, transport);
    runAll(originTasks);
    media(home);
    check(other);
    assertEquals(2, mediaReached());
    assertEquals(1, reached.total(DropReason.STUN_MALFORMED));
    assertEquals(0, demux.diverted());
    assertEquals(1, demux.size());
    demux.release(transport);
    assertEquals(0, demux.size());
    assertFalse(demux.knows(transport.localUfrags().getFirst()));
  }

  @Test
  void shouldGiveAnAddressToWhoeverProvedItLast() {
    Transport back = Transports.unconnected(new Counters());
    demux.register(back);
    demux.bind(home, back);
    media(home);
    assertEquals(0, tasks.size());
    detour.release(transport);
    runAll(originTasks);
    assertEquals(1, demux.size());
  }

  @Test
  void shouldKnowBothUfragsOfARestart() {
    detour.name("second", transport);
    runAll(originTasks);
    assertTrue(demux.knows("second"));
    assertEquals(2, demux.diverted());
    String first = transport.localUfrags().getFirst();
    detour.unname(first, transport);
    runAll(originTasks);
    assertFalse(demux.knows(first));
    assertTrue(demux.knows("second"));
    detour.leadTo(null);
    // Back, and one of its checks is valid before its worker has put it in its place.
    demux.unname("second", transport);
    demux.unbind(home, transport);
    demux.restore(detour);
    assertFalse(demux.knows("second"));
    assertEquals(0, demux.size());
    detour.name("late", transport);
    runAll(originTasks);
    assertFalse(demux.knows("late"));
  }

  /** As a connection of TCP does; the transport learns it where it lives by then. */
  @Test
  void shouldTellOfAClosedPathWhereTheTransportLives() {
    detour.bind(other, transport);
    runAll(originTasks);
    demux.pathClosed(other);
    demux.pathClosed(other);
    assertEquals(1, demux.size());
    assertEquals(1, tasks.size(), "once, on the other worker's thread");
    detour.leadTo(null);
    runAll(tasks);
    assertEquals(1, originTasks.size(), "it has come back meanwhile");
    runAll(originTasks);
    media(other);
    assertEquals(1, origin.total(DropReason.UNKNOWN_ADDRESS));
  }
}
