package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.parley.core.address.AddressLookup;
import dev.parley.core.address.CloudMetadata.Cloud;
import dev.parley.core.address.LoopbackStun;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.MediaServer.Readiness;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.sdp.Candidate;
import dev.parley.core.turn.TurnCredentials;
import dev.parley.core.turn.TurnLink;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Which addresses a server tells, and which it answers from. */
class AnnouncedAddressesTest {
  private static final String RELAY_SECRET = "secret of the test";
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private static MediaConfig config(
      String bindAddress, List<String> announced, AddressLookup lookup) {
    return config(bindAddress, MediaConfig.loopback().firstUdpPort(), announced, lookup);
  }

  private static MediaConfig config(
      String bindAddress, int firstUdpPort, List<String> announced, AddressLookup lookup) {
    MediaConfig base = MediaConfig.loopback();
    return new MediaConfig(
        base.workers(),
        bindAddress,
        firstUdpPort,
        announced,
        lookup,
        base.announceLoopback(),
        base.io(),
        base.receiveBufferBytes(),
        base.sendBufferBytes(),
        base.keyFrameIntervalMs(),
        base.iceConnectTimeoutMs(),
        base.iceConsentTimeoutMs(),
        base.resumeGraceMs(),
        base.maxHandshakes(),
        base.maxAudioSlots(),
        base.maxVideoSlots(),
        base.tcp(),
        base.participantsPerWorker(),
        base.overload());
  }

  private static AddressLookup asking(String stunServer) {
    return new AddressLookup(
        List.of(stunServer), Optional.empty(), AddressLookup.METADATA_URL, 300, 10_000);
  }

  private static void await(String what, BooleanSupplier done) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "waited in vain: " + what);
      Thread.onSpinWait();
    }
  }

  @Test
  void shouldTellWhatOthersSeeBeforeItsOwnForUdpAndTcp() throws IOException {
    try (LoopbackStun stun = LoopbackStun.answering(InetAddress.ofLiteral("203.0.113.7"));
        SfuServer server =
            new SfuServer(config("127.0.0.1", List.of(), asking("127.0.0.1:" + stun.port())))) {
      List<Candidate> all =
          new CheckingClient(server.openRoom("room", speakers -> {}), "ann").candidates();
      List<String> udp =
          all.stream()
              .filter(c -> c.transport() == Candidate.Transport.UDP)
              .map(Candidate::address)
              .toList();
      assertEquals("203.0.113.7", udp.getFirst());
      assertTrue(udp.contains("127.0.0.1"), udp.toString());
      assertEquals(
          udp,
          all.stream()
              .filter(c -> c.transport() == Candidate.Transport.TCP)
              .map(Candidate::address)
              .toList());
      for (int i = 1; i < all.size(); i++) {
        assertTrue(all.get(i).priority() < all.get(i - 1).priority(), all.toString());
      }
      assertEquals(2 * udp.size(), server.announcedAddresses().size());
      assertTrue(server.announcedAddresses().getFirst().toString().startsWith("udp 203.0.113.7:"));
      assertEquals(List.of(), server.readiness().reasons());
    }
  }

  @Test
  void shouldKeepConfiguredAddressesFirst() throws IOException {
    try (LoopbackStun stun = LoopbackStun.answering(InetAddress.ofLiteral("203.0.113.7"));
        SfuServer server =
            new SfuServer(
                config(
                    "127.0.0.1",
                    List.of("198.51.100.1", "2001:db8::1"),
                    asking("127.0.0.1:" + stun.port())))) {
      assertEquals(
          List.of("198.51.100.1", "2001:db8::1", "203.0.113.7"),
          new CheckingClient(server.openRoom("room", speakers -> {}), "ann")
              .candidates().stream()
                  .filter(c -> c.transport() == Candidate.Transport.UDP)
                  .map(Candidate::address)
                  .toList());
    }
  }

  private static int error(TurnLink relayed, PeerAddress peer) {
    try {
      return relayed.bind(0x4001, peer).error();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldStartWithoutAnAnswerAndTellItToRoomsThatAreOpen() throws IOException {
    CountDownLatch hold = new CountDownLatch(1);
    HttpServer metadata =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    metadata.createContext(
        "/",
        exchange -> {
          try {
            hold.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          byte[] body = "203.0.113.8".getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    metadata.start();
    AddressLookup lookup =
        new AddressLookup(
            List.of(),
            Optional.of(Cloud.GCP),
            URI.create("http://127.0.0.1:" + metadata.getAddress().getPort()),
            300,
            1);
    try (SfuServer server =
            new SfuServer(
                config("127.0.0.1", List.of(), lookup),
                Optional.of(TurnConfig.loopback(RELAY_SECRET)));
        TurnLink relayed =
            TurnLink.open(
                "udp",
                server.relay().orElseThrow().localAddress(),
                new TurnCredentials(RELAY_SECRET)
                    .mint("ann", System.currentTimeMillis() / 1000 + 300))) {
      MediaRoom room = server.openRoom("room", speakers -> {});
      List<Candidate> candidates = new CheckingClient(room, "ann").candidates();
      assertTrue(candidates.stream().noneMatch(c -> c.address().equals("203.0.113.8")));
      PeerAddress late =
          PeerAddress.of(new InetSocketAddress("203.0.113.8", candidates.getFirst().port()));
      assertEquals(0, relayed.allocate().error());
      assertEquals(403, relayed.bind(0x4001, late).error());
      assertEquals(
          List.of("the public address is still being asked for"), server.readiness().reasons());
      hold.countDown();
      await("the address", () -> server.readiness().reasons().isEmpty());
      await(
          "its announcement",
          () -> server.announcedAddresses().getFirst().address().startsWith("203.0.113.8:"));
      assertEquals(
          "203.0.113.8", new CheckingClient(room, "ben").candidates().getFirst().address());
      await("the relay knows it", () -> error(relayed, late) == 0);
    } finally {
      hold.countDown();
      metadata.stop(0);
    }
  }

  @Test
  void shouldSayThatNobodyToldAnAddress() throws IOException {
    URI nobody;
    try (DatagramSocket probe = new DatagramSocket()) {
      nobody = URI.create("http://127.0.0.1:" + probe.getLocalPort());
    }
    AddressLookup lookup =
        new AddressLookup(List.of(), Optional.of(Cloud.GCP), nobody, 300, 10_000);
    try (SfuServer server = new SfuServer(config("127.0.0.1", List.of(), lookup))) {
      Readiness readiness = server.readiness();
      assertEquals(1, readiness.reasons().size());
      assertTrue(
          readiness.reasons().getFirst().contains("GCP metadata at " + nobody),
          readiness::toString);
      assertTrue(!server.announcedAddresses().isEmpty(), "those of its own");
    }
    try (SfuServer server = new SfuServer(config("127.0.0.1", List.of("198.51.100.1"), lookup))) {
      assertEquals(List.of(), server.readiness().reasons());
      assertTrue(
          server.readiness().warnings().stream().anyMatch(w -> w.contains("GCP metadata")),
          () -> server.readiness().toString());
    }
  }

  @Test
  void shouldTellNoAddressBesideTheOneItIsBoundTo() throws IOException {
    try (SfuServer server = new SfuServer(config("127.0.0.2", List.of(), AddressLookup.NONE))) {
      List<String> told =
          server.announcedAddresses().stream().map(MediaServer.AnnouncedAddress::address).toList();
      assertEquals(2, told.size(), told::toString);
      assertTrue(told.stream().allMatch(address -> address.startsWith("127.0.0.2:")));
    }
  }

  @Test
  void shouldLeaveNothingOpenWhenItCannotStart() throws IOException {
    MediaConfig base = config("127.0.0.1", List.of("no address"), AddressLookup.NONE);
    InetSocketAddress port;
    try (DatagramSocket free =
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
      port = (InetSocketAddress) free.getLocalSocketAddress();
    }
    MediaConfig config =
        config(base.bindAddress(), port.getPort(), base.announcedAddresses(), AddressLookup.NONE);
    assertThrows(IllegalArgumentException.class, () -> new SfuServer(config));
    try (DatagramSocket again = new DatagramSocket(port)) {
      assertTrue(again.isBound());
    }
  }

  @Test
  void shouldAnswerFromTheAddressThatWasAsked() throws IOException {
    assumeTrue(Epoll.isAvailable(), "no epoll here");
    InetAddress announced = InetAddress.ofLiteral("127.0.0.2");
    try (DatagramSocket client =
            new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        SfuServer server =
            new SfuServer(config("0.0.0.0", List.of("127.0.0.2"), AddressLookup.NONE))) {
      CheckingClient ann = new CheckingClient(server.openRoom("room", speakers -> {}), "ann");
      InetSocketAddress to = new InetSocketAddress(announced, ann.candidates().getFirst().port());
      assertEquals(to, ann.check(client, to).getSocketAddress());
    }
  }
}
