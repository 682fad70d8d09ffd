package dev.parley.bots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.client.JoinPhase;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.OpusSource;
import dev.parley.bots.client.ReceivedStream;
import dev.parley.bots.client.RoomSignaling;
import dev.parley.bots.client.Signaling;
import dev.parley.bots.client.Vp8Source;
import dev.parley.core.api.MediaServer;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import dev.parley.core.srtp.SrtpProfile;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A call goes on without a lost packet while strangers and one of its own participants send
 * rubbish; every kind of rubbish is counted under its reason.
 */
class BadInputTest {
  private static final long SEED = 20_261_121;
  private static final int WAIT_SECONDS = 30;
  private static final int DATAGRAMS = 2_000;

  private final HandshakeExecutor handshakes = new HandshakeExecutor(16, 16);
  private final SplittableRandom random = new SplittableRandom(SEED);
  private SfuServer server;
  private Signaling room;

  @BeforeEach
  void open() throws IOException {
    server = new SfuServer(MediaConfig.loopback());
    room = new RoomSignaling(server.openRoom("bots", speakers -> {}));
  }

  @AfterEach
  void close() {
    server.close();
    handshakes.close();
  }

  private ClientLoop loop() throws IOException {
    ClientLoop.Settings loopback = ClientLoop.Settings.loopback();
    return new ClientLoop(
        "test",
        new ClientLoop.Settings(
            loopback.bind(), List.of(SrtpProfile.AEAD_AES_128_GCM), loopback.receiveBufferBytes()),
        DtlsIdentity.generate(),
        handshakes);
  }

  private Vp8Source camera() {
    return new Vp8Source(Vp8Source.Shape.camera(), random);
  }

  private long total(String id) {
    return server.metrics().stream()
        .filter(m -> m.id().equals(id))
        .mapToLong(MediaServer.Metric::total)
        .findFirst()
        .orElseThrow();
  }

  private static void await(LightClient client, JoinPhase phase) throws Exception {
    assertTrue(client.reached(phase).get(WAIT_SECONDS, TimeUnit.SECONDS) > 0);
  }

  private static void await(ClientLoop loop, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!loop.call(condition::getAsBoolean).get(WAIT_SECONDS, TimeUnit.SECONDS)) {
      assertTrue(System.nanoTime() < deadline, "the condition did not come true");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void assertWhole(ClientLoop loop, LightClient viewer) throws Exception {
    loop.call(
            () -> {
              for (ReceivedStream stream : viewer.streams()) {
                assertEquals(0, stream.lost(), "lost packets");
                assertEquals(0, stream.reordered(), "reordered packets");
                assertEquals(0, stream.undecryptable(), "packets that do not decrypt");
              }
              return true;
            })
        .get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void shouldLoseNothingWhileStrangersFlood() throws Exception {
    Recorder recorder = new Recorder(room);
    try (ClientLoop loop = loop();
        DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      loop.join("ann", LightClient.Plan.publisher(new OpusSource(random), camera()), recorder);
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), room);
      await(bob, JoinPhase.FIRST_KEY_FRAME);
      Flood flood = new Flood(stranger, recorder.port);
      String ufrag = recorder.ufrag;
      for (int i = 0; i < DATAGRAMS; i++) {
        flood.send(randomBytes(1 + random.nextInt(1400)));
        if (i % 10 == 0) {
          flood.send(first(randomBytes(200), 0x90));
          flood.send(first(randomBytes(200), 0x16));
          flood.send(first(randomBytes(200), 0x50));
          flood.send(check("nobody12:x", true));
          flood.send(check(ufrag + ":x", true));
          flood.send(Arrays.copyOf(check(ufrag + ":x", true), 20 + random.nextInt(60)));
          flood.send(check(ufrag + ":x", false));
          flood.send(randomBytes(2000));
        }
      }
      long before = loop.call(bob::packetsReceived).get();
      await(loop, () -> bob.packetsReceived() >= before + 200);
      assertWhole(loop, bob);
      for (String reason :
          List.of(
              "unknown_address",
              "unknown_ufrag",
              "stun_integrity",
              "stun_malformed",
              "too_large")) {
        assertTrue(total(reason) > 0, "nothing was counted as " + reason);
      }
    }
  }

  @Test
  void shouldLoseNothingWhileParticipantReplaysAndForges() throws Exception {
    try (ClientLoop loop = loop();
        Tap tap = new Tap(random.split())) {
      loop.join(
          "ann",
          LightClient.Plan.publisher(new OpusSource(random), camera()),
          offer -> room.join(offer).thenApply(joined -> tap.between(joined)));
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), room);
      await(bob, JoinPhase.FIRST_KEY_FRAME);
      await(loop, () -> bob.packetsReceived() >= 400);
      assertWhole(loop, bob);
      assertTrue(total("srtp_replay") > 100, "replays: " + total("srtp_replay"));
      assertTrue(total("srtp_auth") > 100, "forgeries: " + total("srtp_auth"));
      assertTrue(total("not_a_protocol") > 100, "no protocol: " + total("not_a_protocol"));
    }
  }

  @Test
  void shouldRefuseCertificateThatTheOfferDidNotName() throws Exception {
    try (ClientLoop loop = loop()) {
      loop.join("ann", LightClient.Plan.publisher(camera()), room);
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), room);
      await(bob, JoinPhase.FIRST_KEY_FRAME);
      String foreign = DtlsIdentity.generate().fingerprint();
      LightClient mallory =
          loop.join(
              "mallory",
              LightClient.Plan.viewer(1),
              offer -> room.join(naming(foreign, offer)).thenApply(BadInputTest::staying));
      assertThrows(
          ExecutionException.class,
          () -> mallory.reached(JoinPhase.DTLS).get(WAIT_SECONDS, TimeUnit.SECONDS));
      await(loop, () -> total("dtls_failed") == 1);
      long before = loop.call(bob::packetsReceived).get();
      await(loop, () -> bob.packetsReceived() >= before + 100);
      assertWhole(loop, bob);
    }
  }

  private static Signaling.Offer naming(String fingerprint, Signaling.Offer offer) {
    String sdp =
        offer
            .sdp()
            .replaceAll("a=fingerprint:sha-256 \\S+", "a=fingerprint:sha-256 " + fingerprint);
    return new Signaling.Offer(offer.participantId(), sdp, offer.tracks());
  }

  /** A place that is not given up, so that it is the server that ends it. */
  private static Signaling.Joined staying(Signaling.Joined joined) {
    return new Signaling.Joined() {
      @Override
      public String answerSdp() {
        return joined.answerSdp();
      }

      @Override
      public void leave() {}
    };
  }

  private byte[] randomBytes(int length) {
    byte[] b = new byte[length];
    random.nextBytes(b);
    return b;
  }

  private static byte[] first(byte[] b, int value) {
    b[0] = (byte) value;
    return b;
  }

  /** A binding request with a username and, on demand, a MESSAGE-INTEGRITY that is wrong. */
  private byte[] check(String username, boolean integrity) {
    byte[] name = username.getBytes(StandardCharsets.UTF_8);
    int padded = name.length + 3 & ~3;
    int body = 4 + padded + (integrity ? 24 : 0);
    ByteBuffer b = ByteBuffer.allocate(20 + body);
    b.putShort((short) 1).putShort((short) body).putInt(0x2112_a442).put(randomBytes(12));
    b.putShort((short) 6).putShort((short) name.length).put(name);
    b.position(20 + 4 + padded);
    if (integrity) {
      b.putShort((short) 8).putShort((short) 20).put(randomBytes(20));
    }
    return b.array();
  }

  private record Flood(DatagramSocket from, int port) {
    void send(byte[] bytes) throws IOException {
      from.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
    }
  }

  /** Notes the server's port and ufrag of the answer that passes. */
  private static final class Recorder implements Signaling {
    private static final Pattern UFRAG = Pattern.compile("a=ice-ufrag:(\\S+)");
    private final Signaling next;
    volatile String ufrag = "";
    volatile int port;

    Recorder(Signaling next) {
      this.next = next;
    }

    @Override
    public CompletionStage<Joined> join(Offer offer) {
      return next.join(offer)
          .thenApply(joined -> {
            Matcher found = UFRAG.matcher(joined.answerSdp());
            assertTrue(found.find());
            ufrag = found.group(1);
            port = Tap.port(joined.answerSdp());
            return joined;
          });
    }
  }

  /**
   * Stands between one client and the server, and sends each SRTP packet of the client three times
   * more: as it is, with a bit turned, and with a first byte of no protocol.
   */
  private static final class Tap implements AutoCloseable {
    private static final Pattern HOST = Pattern.compile("(127\\.0\\.0\\.1) (\\d+) typ host");

    private final SplittableRandom random;
    private final DatagramSocket clientSide;
    private final DatagramSocket serverSide;
    private volatile InetSocketAddress server = new InetSocketAddress(0);
    private volatile InetSocketAddress client = new InetSocketAddress(0);

    Tap(SplittableRandom random) throws IOException {
      this.random = random;
      this.clientSide = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      this.serverSide = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    static int port(String sdp) {
      Matcher found = HOST.matcher(sdp);
      assertTrue(found.find());
      return Integer.parseInt(found.group(2));
    }

    Signaling.Joined between(Signaling.Joined joined) {
      server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port(joined.answerSdp()));
      Thread.ofVirtual().start(this::toServer);
      Thread.ofVirtual().start(this::toClient);
      String tapped =
          HOST.matcher(joined.answerSdp())
              .replaceFirst("$1 " + clientSide.getLocalPort() + " typ host");
      return new Signaling.Joined() {
        @Override
        public String answerSdp() {
          return tapped;
        }

        @Override
        public void leave() {
          joined.leave();
        }
      };
    }

    private void toServer() {
      byte[] b = new byte[2000];
      try {
        while (true) {
          DatagramPacket packet = new DatagramPacket(b, b.length);
          clientSide.receive(packet);
          client = (InetSocketAddress) packet.getSocketAddress();
          byte[] bytes = Arrays.copyOf(b, packet.getLength());
          send(bytes);
          if ((bytes[0] & 0xc0) == 0x80) {
            send(bytes);
            byte[] forged = bytes.clone();
            // Behind the header, so that it is the tag that finds it out; the sequence is new.
            forged[3]++;
            forged[12 + random.nextInt(forged.length - 12)] ^= 1;
            send(forged);
            send(first(bytes, 0x50));
          }
        }
      } catch (IOException e) {
        assertTrue(clientSide.isClosed(), "the tap broke: " + e);
      }
    }

    private void toClient() {
      byte[] b = new byte[2000];
      try {
        while (true) {
          DatagramPacket packet = new DatagramPacket(b, b.length);
          serverSide.receive(packet);
          clientSide.send(new DatagramPacket(b, packet.getLength(), client));
        }
      } catch (IOException e) {
        assertTrue(serverSide.isClosed() || clientSide.isClosed(), "the tap broke: " + e);
      }
    }

    private void send(byte[] bytes) throws IOException {
      serverSide.send(new DatagramPacket(bytes, bytes.length, server));
    }

    @Override
    public void close() {
      clientSide.close();
      serverSide.close();
    }
  }
}
