package dev.parley.core.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.fixtures.SentDatagrams;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ice4j.message.Message;
import org.ice4j.message.Request;
import org.junit.jupiter.api.Test;

/** The bots' client against the server's agent, in hand-driven time. */
class IceClientTest {
  private static final long SECOND = 1_000_000_000L;
  private static final PeerAddress CLIENT = PeerAddress.ofV4(0x0a000001, 5001);
  private static final PeerAddress SERVER = PeerAddress.ofV4(0x0a000002, 10_000);

  private final IceCredentials local = IceCredentials.random();
  private final IceCredentials remote = IceCredentials.random();
  private final List<String> events = new ArrayList<>();
  private final Counters counters = new Counters();
  private final SentDatagrams sink = new SentDatagrams();
  private final IceClient client =
      new IceClient(
          local,
          remote,
          SERVER,
          sink,
          new IceClient.Listener() {
            @Override
            public void onConnected() {
              events.add("connected");
            }

            @Override
            public void onConsentLost() {
              events.add("lost");
            }

            @Override
            public void onNeverConnected() {
              events.add("never");
            }
          },
          counters,
          0);

  private final SentDatagrams serverSink = new SentDatagrams();
  private final IceLite server =
      new IceLite(
          /* local= */ remote,
          /* remote= */ local,
          IceLite.Settings.DEFAULT,
          serverSink,
          new IceLite.Listener() {
            @Override
            public void onValidAddress(PeerAddress address) {}

            @Override
            public void onSelected(PeerAddress address) {
              events.add("selected");
            }

            @Override
            public void onConsentLost() {
              events.add("server lost");
            }

            @Override
            public void onGraceOver() {}

            @Override
            public void onNeverConnected() {}
          },
          new Counters(),
          0);

  @Test
  void shouldAnswerTheServerThatAsksAtAnotherAddress() {
    PeerAddress moved = PeerAddress.ofV4(0x0a000003, 5003);
    client.handleTimeout(0);
    byte[] check = sink.last();
    server.handle(check, 0, check.length, CLIENT, 1);
    assertTrue(server.ask(moved, 2));
    byte[] question = serverSink.last();
    int sent = sink.sent().size();
    client.handle(question, 0, question.length, CLIENT, 3);
    assertEquals(sent, sink.sent().size(), "not from the server");
    client.handle(question, 0, question.length, SERVER, 4);
    byte[] answer = sink.last();
    server.handle(answer, 0, answer.length, moved, 5);
    assertEquals(moved, server.selected());
  }

  @Test
  void shouldConnectAndKeepConsent() {
    long now = 0;
    for (; now < 300 * SECOND; now = client.nextTimeoutNanos()) {
      client.handleTimeout(now);
      byte[] b = sink.last();
      server.handle(b, 0, b.length, CLIENT, now);
      byte[] r = serverSink.last();
      client.handle(r, 0, r.length, SERVER, now);
    }
    assertTrue(client.isConnected());
    assertEquals(List.of("selected", "connected"), events);
    assertTrue(sink.sent().size() >= 50 && sink.sent().size() <= 76, "sent " + sink.sent().size());
    for (; !events.contains("lost"); now = client.nextTimeoutNanos()) {
      client.handleTimeout(now);
    }
    assertFalse(events.contains("server lost"));
    server.handleTimeout(server.nextTimeoutNanos());
    assertTrue(events.contains("server lost"));
    assertEquals(Long.MAX_VALUE, client.nextTimeoutNanos());
  }

  @Test
  void shouldRepeatTheFirstCheckByRfc8489AndGiveUp() {
    List<Long> times = new ArrayList<>();
    long now = 0;
    for (; now != Long.MAX_VALUE; now = client.nextTimeoutNanos()) {
      times.add(now / 500_000_000L);
      client.handleTimeout(now);
    }
    assertEquals(List.of(0L, 1L, 3L, 7L, 15L, 31L, 63L, 79L), times);
    assertEquals(7, sink.sent().size());
    assertEquals(List.of("never"), events);
  }

  @Test
  void shouldSendRequestsThatIce4jReads() throws Exception {
    client.handleTimeout(0);
    byte[] b = sink.last();
    Message message = Message.decode(b, 0, b.length);
    assertTrue(message instanceof Request);
    assertEquals(
        List.of(0x0006, 0x0024, 0x802a, 0x0025, 0x0008, 0x8028),
        List.copyOf(StunFixture.read(b, remote.pwd()).keySet()));
    assertEquals(remote.ufrag(), StunPeek.localUfrag(b, 0, b.length));
  }

  @Test
  void shouldTrustNoAnswerButTheServers() {
    client.handleTimeout(0);
    byte[] transaction = java.util.Arrays.copyOfRange(sink.last(), 8, 20);
    byte[] forged = StunFixture.write(0x0101, transaction, Map.of(), "not the server's password");
    client.handle(forged, 0, forged.length, SERVER, 1);
    assertEquals(1, counters.total(DropReason.STUN_INTEGRITY));
    byte[] foreign = StunFixture.write(0x0101, new byte[12], Map.of(), remote.pwd());
    client.handle(foreign, 0, foreign.length, SERVER, 1);
    byte[] elsewhere = StunFixture.write(0x0101, transaction, Map.of(), remote.pwd());
    client.handle(elsewhere, 0, elsewhere.length, CLIENT, 1);
    assertEquals(2, counters.total(DropReason.STUN_UNEXPECTED));
    client.handle(elsewhere, 0, 21, SERVER, 1);
    assertEquals(1, counters.total(DropReason.STUN_MALFORMED));
    assertTrue(events.isEmpty());
    assertEquals(0, counters.total(Counter.STUN_CHECKS));
    client.handle(elsewhere, 0, elsewhere.length, SERVER, 1);
    assertEquals(List.of("connected"), events);
  }
}
