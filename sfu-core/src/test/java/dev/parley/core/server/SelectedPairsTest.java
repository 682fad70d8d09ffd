package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.MediaSession;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which pairs media takes, as counted and told. */
class SelectedPairsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final SfuServer server;
  private final MediaRoom room;
  private final InetSocketAddress media;

  SelectedPairsTest() throws IOException {
    server = new SfuServer(MediaConfig.loopback());
    room = server.openRoom("room", speakers -> {});
    String address = server.announcedAddresses().getFirst().address();
    media =
        new InetSocketAddress(
            LOOPBACK, Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static DatagramSocket socket() throws IOException {
    return new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
  }

  private static String candidate(DatagramSocket socket, String type) {
    return "candidate:1 1 udp 2130706431 127.0.0.1 %d typ %s"
        .formatted(socket.getLocalPort(), type);
  }

  /** Those that are not zero. */
  private Map<String, Long> counted() {
    return server.selectedPairs().stream()
        .filter(pair -> pair.total() > 0)
        .collect(
            Collectors.toMap(
                pair -> pair.type() + " " + pair.transport() + " " + pair.family(),
                MediaServer.PairTotal::total));
  }

  @Test
  void shouldCountAPairOnceAndAgainWhenItChanges() throws IOException {
    CheckingClient ann = new CheckingClient(room, "ann");
    assertEquals(Map.of(), counted());
    try (DatagramSocket one = socket();
        DatagramSocket other = socket()) {
      ann.check(one, media);
      ann.check(one, media);
      assertEquals(Map.of("prflx udp ipv4", 1L), counted());
      ann.check(other, media);
      assertEquals(Map.of("prflx udp ipv4", 2L), counted());
      assertEquals(
          List.of(
              new MediaSession.Pair("prflx", "udp", "ipv4", "127.0.0.1:" + one.getLocalPort()),
              new MediaSession.Pair("prflx", "udp", "ipv4", "127.0.0.1:" + other.getLocalPort())),
          ann.pairs);
    }
  }

  @Test
  void shouldKnowCandidatesThatTheClientTells() throws IOException {
    try (DatagramSocket host = socket();
        DatagramSocket relay = socket()) {
      CheckingClient ann =
          new CheckingClient(
              room,
              "ann",
              "a=" + candidate(host, "host"),
              "a=candidate:2 1 udp 2130706430 0a1b.local 5000 typ host",
              "a=candidate:3 1 tcp 2130706429 127.0.0.1 9 typ host tcptype active");
      ann.check(host, media);
      assertEquals(Map.of("host udp ipv4", 1L), counted());
      ann.session()
          .remoteCandidates(1, List.of(candidate(relay, "relay raddr 0.0.0.0 rport 0"), ""))
          .toCompletableFuture()
          .join();
      ann.check(relay, media);
      assertEquals(Map.of("host udp ipv4", 1L, "relay udp ipv4", 1L), counted());
    }
  }

  @Test
  void shouldNameEveryKindOnce() {
    List<String> kinds =
        server.selectedPairs().stream()
            .map(pair -> pair.type() + " " + pair.transport() + " " + pair.family())
            .toList();
    assertEquals(20, kinds.size());
    assertEquals(20, kinds.stream().distinct().count());
    assertEquals("host udp ipv4", kinds.getFirst());
    assertEquals("relay turn-tls ipv6", kinds.getLast());
  }
}
