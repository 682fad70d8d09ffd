package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.parley.core.address.AddressLookup;
import dev.parley.core.address.CloudMetadata.Cloud;
import dev.parley.core.address.LoopbackStun;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer.Readiness;
import dev.parley.core.api.MediaSession;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.ice.IceClient;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.sdp.Candidate;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Which addresses a server tells, and which it answers from. */
class AnnouncedAddressesTest {
  private static final String PWD = "0123456789012345678901";
  private static final String FINGERPRINT = DtlsIdentity.generate().sha256().value();
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private static final class Silent implements MediaSession.Listener {
    @Override
    public void onSlots(List<MediaSession.SlotChange> changes) {}

    @Override
    public void onLayers(String mid, List<String> active) {}

    @Override
    public void onState(MediaSession.State state, MediaSession.StateDetail detail) {}

    @Override
    public void onQuality(int level) {}

    @Override
    public void onFirstPacket(String trackId) {}
  }

  private record Collector(List<byte[]> sent) implements DatagramSink {
    @Override
    public void send(byte[] bytes, int offset, int length, PeerAddress to) {
      sent.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public int reserve() {
      throw new UnsupportedOperationException();
    }

    @Override
    public MemorySegment slab() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void commit(int length, PeerAddress to) {
      throw new UnsupportedOperationException();
    }
  }

  private static MediaConfig config(
      String bindAddress, List<String> announced, AddressLookup lookup) {
    MediaConfig base = MediaConfig.loopback();
    return new MediaConfig(
        base.workers(),
        bindAddress,
        base.firstUdpPort(),
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
        base.tcp());
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

  private static String join(MediaRoom room, String who, String ufrag) {
    String offer =
        String.join(
            "\r\n",
            "v=0",
            "o=- 1 1 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0",
            "m=audio 9 UDP/TLS/RTP/SAVPF 111",
            "c=IN IP4 0.0.0.0",
            "a=mid:0",
            "a=rtcp-mux",
            "a=recvonly",
            "a=rtpmap:111 opus/48000/2",
            "a=setup:actpass",
            "a=fingerprint:sha-256 " + FINGERPRINT,
            "a=ice-ufrag:" + ufrag,
            "a=ice-pwd:" + PWD,
            "");
    MediaSession session =
        room.join(new MediaRoom.JoinOffer(who, offer, List.of()), new Silent())
            .toCompletableFuture()
            .join();
    return session.answer().sdp();
  }

  private static List<Candidate> candidates(String sdp) {
    return sdp.lines()
        .filter(line -> line.startsWith("a=candidate:"))
        .flatMap(line -> Candidate.parse(line).stream())
        .toList();
  }

  private static String value(String sdp, String attribute) {
    return sdp.lines()
        .filter(line -> line.startsWith(attribute))
        .findFirst()
        .orElseThrow()
        .substring(attribute.length());
  }

  @Test
  void shouldTellWhatOthersSeeBeforeItsOwnForUdpAndTcp() throws IOException {
    try (LoopbackStun stun = LoopbackStun.answering(InetAddress.ofLiteral("203.0.113.7"));
        SfuServer server =
            new SfuServer(config("127.0.0.1", List.of(), asking("127.0.0.1:" + stun.port())))) {
      List<Candidate> all =
          candidates(join(server.openRoom("room", speakers -> {}), "ann", "abcd"));
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
          candidates(join(server.openRoom("room", speakers -> {}), "ann", "abcd")).stream()
              .filter(c -> c.transport() == Candidate.Transport.UDP)
              .map(Candidate::address)
              .toList());
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
            Optional.of(TurnConfig.loopback("secret of the test")))) {
      MediaRoom room = server.openRoom("room", speakers -> {});
      assertTrue(
          candidates(join(room, "ann", "abcd")).stream()
              .noneMatch(c -> c.address().equals("203.0.113.8")));
      assertEquals(
          List.of("the public address is still being asked for"), server.readiness().reasons());
      hold.countDown();
      await("the address", () -> server.readiness().reasons().isEmpty());
      await(
          "its announcement",
          () -> server.announcedAddresses().getFirst().address().startsWith("203.0.113.8:"));
      assertEquals("203.0.113.8", candidates(join(room, "ben", "efgh")).getFirst().address());
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
  void shouldAnswerFromTheAddressThatWasAsked() throws IOException {
    assumeTrue(Epoll.isAvailable(), "no epoll here");
    InetAddress announced = InetAddress.ofLiteral("127.0.0.2");
    try (DatagramSocket client =
            new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        SfuServer server =
            new SfuServer(config("0.0.0.0", List.of("127.0.0.2"), AddressLookup.NONE))) {
      String sdp = join(server.openRoom("room", speakers -> {}), "ann", "abcd");
      PeerAddress to =
          PeerAddress.of(new InetSocketAddress(announced, candidates(sdp).getFirst().port()));
      List<byte[]> sent = new ArrayList<>();
      IceClient ice =
          new IceClient(
              new IceCredentials("abcd", PWD),
              new IceCredentials(value(sdp, "a=ice-ufrag:"), value(sdp, "a=ice-pwd:")),
              to,
              new Collector(sent),
              new IceClient.Listener() {
                @Override
                public void onConnected() {}

                @Override
                public void onConsentLost() {}

                @Override
                public void onNeverConnected() {}
              },
              new Counters(),
              0);
      ice.handleTimeout(0);
      byte[] check = sent.getLast();
      client.setSoTimeout(5_000);
      client.send(new DatagramPacket(check, check.length, to.toInet()));
      DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
      client.receive(answer);
      assertEquals(to.toInet(), answer.getSocketAddress());
      ice.handle(answer.getData(), 0, answer.getLength(), to, 1);
      assertTrue(ice.isConnected());
    }
  }
}
