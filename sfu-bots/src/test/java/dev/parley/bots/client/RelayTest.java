package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.SilentListener;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.net.TurnRelay;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import dev.parley.core.server.TurnConfig;
import dev.parley.core.srtp.SrtpProfile;
import dev.parley.core.turn.TestCertificate;
import dev.parley.core.turn.TurnCredentials;
import dev.parley.core.turn.TurnLink;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls whose media goes over the relay alone, both ways. */
class RelayTest {
  private static final String SECRET = "secret of the test";
  private static final int WAIT_SECONDS = 20;
  private static final int CHANNEL = 0x4001;

  private final SplittableRandom random = new SplittableRandom(20_261_123);
  @TempDir private Path folder;

  /** Ann's and Bob's media each goes through an allocation of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"udp", "tcp", "tls"})
  void shouldCarryACallOverTheRelay(String kind) throws Exception {
    TestCertificate.write(folder, "relay.test");
    TurnConfig plain = TurnConfig.loopback(SECRET);
    TurnConfig turn =
        new TurnConfig(
            plain.bindAddress(),
            0,
            Optional.of(
                new TurnRelay.Tls(0, folder.resolve("cert.pem"), folder.resolve("key.pem"))),
            plain.connections(),
            plain.settings());
    ClientLoop.Settings loopback = ClientLoop.Settings.loopback();
    try (HandshakeExecutor handshakes = new HandshakeExecutor(16, 16);
        SfuServer server = new SfuServer(MediaConfig.loopback(), Optional.of(turn));
        Tunnel ofAnn = new Tunnel(kind, server, "ann");
        Tunnel ofBob = new Tunnel(kind, server, "bob");
        ClientLoop loop =
            new ClientLoop(
                "test",
                new ClientLoop.Settings(
                    loopback.bind(),
                    List.of(SrtpProfile.AEAD_AES_128_GCM),
                    loopback.receiveBufferBytes()),
                DtlsIdentity.generate(),
                handshakes)) {
      RoomSignaling room = new RoomSignaling(server.openRoom("relayed", speakers -> {}));
      loop.join(
          "ann",
          LightClient.Plan.publisher(
              new OpusSource(random), new Vp8Source(Vp8Source.Shape.camera(), random)),
          ofAnn.through(room));
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), ofBob.through(room));
      for (JoinPhase phase : JoinPhase.values()) {
        assertTrue(bob.reached(phase).get(WAIT_SECONDS, TimeUnit.SECONDS) > 0, phase.name());
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
      while (loop.call(bob::packetsReceived).get() < 200) {
        assertTrue(System.nanoTime() < deadline, "too few packets");
        LockSupport.parkNanos(1_000_000);
      }
      loop.call(
              () -> {
                for (ReceivedStream stream : bob.streams()) {
                  assertEquals(0, stream.lost(), () -> "lost; dropped: " + drops(server));
                  assertEquals(0, stream.undecryptable(), "undecryptable");
                }
                return true;
              })
          .get();
      assertTrue(metric(server, "turn_bytes_from_clients") > 50_000);
      assertTrue(metric(server, "turn_bytes_to_clients") > 50_000);
      assertTrue(
          server.snapshot().toCompletableFuture().get().toString().contains("/relay"),
          "the state names the path");
    }
  }

  /** Its packets come to one worker's port, and it lives on the other. */
  @Test
  void shouldKeepASessionThatMovesToAnotherWorker() throws Exception {
    MediaConfig two = MediaConfig.loopback().withWorkers(2);
    try (HandshakeExecutor handshakes = new HandshakeExecutor(16, 16);
        SfuServer server = new SfuServer(two, Optional.of(TurnConfig.loopback(SECRET)));
        Tunnel ofBob = new Tunnel("tcp", server, "bob");
        ClientLoop loop =
            new ClientLoop(
                "test", ClientLoop.Settings.loopback(), DtlsIdentity.generate(), handshakes)) {
      MediaRoom red = server.openRoom("red", speakers -> {});
      CompletableFuture<MediaSession> inRed = new CompletableFuture<>();
      Signaling direct =
          offer ->
              red.join(
                      new MediaRoom.JoinOffer(offer.participantId(), offer.sdp(), offer.tracks()),
                      new SilentListener())
                  .thenApply(session -> {
                    inRed.complete(session);
                    return new InRed(session);
                  });
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), ofBob.through(direct));
      assertTrue(bob.reached(JoinPhase.DTLS).get(WAIT_SECONDS, TimeUnit.SECONDS) > 0);

      MediaRoom blue = server.openRoom("blue", speakers -> {});
      MediaSession moved =
          blue.adopt(
                  inRed.get(WAIT_SECONDS, TimeUnit.SECONDS), "bob", List.of(), new SilentListener())
              .toCompletableFuture()
              .get(WAIT_SECONDS, TimeUnit.SECONDS);
      assertEquals(1, metric(server, "worker_moves"));
      loop.join(
          "cleo",
          LightClient.Plan.publisher(new Vp8Source(Vp8Source.Shape.camera(), random)),
          new RoomSignaling(blue));
      assertTrue(bob.reached(JoinPhase.FIRST_KEY_FRAME).get(WAIT_SECONDS, TimeUnit.SECONDS) > 0);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
      while (loop.call(bob::packetsReceived).get() < 200) {
        assertTrue(System.nanoTime() < deadline, "too few packets");
        LockSupport.parkNanos(1_000_000);
      }
      assertTrue(metric(server, "datagrams_handed_over") > 0, "what it sends takes the detour");
      moved.close();
    }
  }

  private record InRed(MediaSession session) implements Signaling.Joined {
    @Override
    public String answerSdp() {
      return session.answer().sdp();
    }

    @Override
    public void leave() {
      session.close();
    }
  }

  private static List<String> drops(SfuServer server) {
    return server.metrics().stream()
        .filter(m -> m.dropReason() && m.total() > 0)
        .map(m -> m.id() + " " + m.total())
        .toList();
  }

  private static long metric(SfuServer server, String id) {
    return server.metrics().stream()
        .filter(m -> m.id().equals(id))
        .findFirst()
        .orElseThrow()
        .total();
  }

  /** A UDP port of this machine that leads to the server's media port by the relay alone. */
  private static final class Tunnel implements AutoCloseable {
    private final DatagramSocket local =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final TurnLink link;
    private final String media;
    private volatile @Nullable SocketAddress client;

    Tunnel(String kind, SfuServer server, String owner) throws IOException {
      TurnRelay relay = server.relay().orElseThrow();
      link =
          TurnLink.open(
              kind,
              kind.equals("tls") ? relay.tlsAddress().orElseThrow() : relay.localAddress(),
              new TurnCredentials(SECRET).mint(owner, System.currentTimeMillis() / 1000 + 300));
      media = server.announcedAddresses().getFirst().address();
      int port = Integer.parseInt(media.substring(media.lastIndexOf(':') + 1));
      assertEquals(0, link.allocate().error());
      assertEquals(0, link.bind(CHANNEL, PeerAddress.ofV4(0x7f00_0001L, port)).error());
      Thread.ofPlatform().daemon().start(this::up);
      Thread.ofPlatform().daemon().start(this::down);
    }

    /** The answers name this tunnel's port in place of the server's. */
    Signaling through(Signaling room) {
      String port = media.substring(media.lastIndexOf(':') + 1);
      return new Signaling() {
        @Override
        public CompletionStage<Joined> join(Offer offer) {
          return room.join(offer)
              .thenApply(joined ->
                  new Joined() {
                    @Override
                    public String answerSdp() {
                      return joined
                          .answerSdp()
                          .replace("127.0.0.1 " + port, "127.0.0.1 " + local.getLocalPort());
                    }

                    @Override
                    public void leave() {
                      joined.leave();
                    }
                  });
        }
      };
    }

    private void up() {
      DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
      try {
        while (true) {
          packet.setLength(2048);
          local.receive(packet);
          client = packet.getSocketAddress();
          link.data(CHANNEL, packet.getData(), packet.getLength());
        }
      } catch (IOException closed) {
        return;
      }
    }

    private void down() {
      try {
        while (true) {
          byte[] message = link.receive();
          int length = (message[2] & 0xff) << 8 | (message[3] & 0xff);
          SocketAddress to = client;
          if (message[0] == CHANNEL >> 8 && to != null) {
            local.send(new DatagramPacket(message, 4, length, to));
          }
        }
      } catch (IOException closed) {
        return;
      }
    }

    @Override
    public void close() throws IOException {
      local.close();
      link.close();
    }
  }
}
