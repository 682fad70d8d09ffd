package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import dev.parley.core.srtp.SrtpProfile;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients and a real server on loopback. */
class LightClientTest {
  private static final long SEED = 20_261_121;
  private static final int WAIT_SECONDS = 20;
  private static final int JOINS = 30;

  private final HandshakeExecutor handshakes = new HandshakeExecutor(16, 16);
  private final SplittableRandom random = new SplittableRandom(SEED);
  private SfuServer server;
  private RoomSignaling room;

  @BeforeEach
  void open() throws IOException {
    server = new SfuServer(MediaConfig.loopback());
    MediaRoom opened = server.openRoom("bots", speakers -> {});
    room = new RoomSignaling(opened);
  }

  @AfterEach
  void close() {
    server.close();
    handshakes.close();
  }

  private ClientLoop loop(SrtpProfile... profiles) throws IOException {
    ClientLoop.Settings loopback = ClientLoop.Settings.loopback();
    return new ClientLoop(
        "test",
        new ClientLoop.Settings(loopback.bind(), List.of(profiles), loopback.receiveBufferBytes()),
        DtlsIdentity.generate(),
        handshakes);
  }

  @Test
  void shouldReachAServerThatDoesNotAnnounceLoopback() throws Exception {
    Optional<String> address =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress())
            .map(InetAddress::getHostAddress)
            .findFirst();
    assumeTrue(address.isPresent(), "this machine has loopback only");
    MediaConfig config = MediaConfig.loopback();
    MediaConfig announcing =
        new MediaConfig(
            config.workers(),
            "0.0.0.0",
            config.firstUdpPort(),
            List.of(address.orElseThrow()),
            false,
            config.io(),
            config.receiveBufferBytes(),
            config.sendBufferBytes(),
            config.keyFrameIntervalMs(),
            config.iceConnectTimeoutMs(),
            config.iceConsentTimeoutMs(),
            config.resumeGraceMs(),
            config.maxHandshakes(),
            config.maxAudioSlots(),
            config.maxVideoSlots(),
            config.tcp());
    try (SfuServer elsewhere = new SfuServer(announcing);
        ClientLoop loop =
            new ClientLoop(
                "test", ClientLoop.Settings.anywhere(), DtlsIdentity.generate(), handshakes)) {
      RoomSignaling there = new RoomSignaling(elsewhere.openRoom("there", speakers -> {}));
      await(loop.join("ann", LightClient.Plan.viewer(1), there), JoinPhase.DTLS);
    }
  }

  private Vp8Source camera() {
    return new Vp8Source(Vp8Source.Shape.camera(), random);
  }

  private static void await(LightClient client, JoinPhase phase) throws Exception {
    assertTrue(client.reached(phase).get(WAIT_SECONDS, TimeUnit.SECONDS) > 0);
  }

  /** Polls on the loop's thread: the state of a client belongs to it. */
  private static void await(ClientLoop loop, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!loop.call(condition::getAsBoolean).get(WAIT_SECONDS, TimeUnit.SECONDS)) {
      assertTrue(System.nanoTime() < deadline, "the condition did not come true");
      LockSupport.parkNanos(1_000_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldCarryMediaUnderEveryProfile(SrtpProfile profile) throws Exception {
    try (ClientLoop loop = loop(profile)) {
      loop.join("ann", LightClient.Plan.publisher(new OpusSource(random), camera()), room);
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), room);
      for (JoinPhase phase : JoinPhase.values()) {
        await(bob, phase);
      }
      await(loop, () -> bob.packetsReceived() >= 200);
      loop.call(
              () -> {
                assertEquals(2, bob.streams().size());
                for (ReceivedStream stream : bob.streams()) {
                  assertEquals(0, stream.lost(), "lost");
                  assertEquals(0, stream.reordered(), "reordered");
                  assertEquals(0, stream.undecryptable(), "undecryptable");
                  assertEquals(stream.packets(), stream.decrypted());
                  assertEquals(0, stream.pictureJumps(), "jumps of the picture id");
                }
                ReceivedStream video =
                    bob.streams().stream().filter(ReceivedStream::video).findFirst().orElseThrow();
                assertEquals(640, video.width());
                assertEquals(360, video.height());
                return true;
              })
          .get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private long total(String id) {
    return server.metrics().stream()
        .filter(metric -> metric.id().equals(id))
        .findFirst()
        .orElseThrow()
        .total();
  }

  /** The client has its keys before the server's thread has its own. */
  @Test
  void shouldTakeWhatIsSentRightAfterTheHandshake() throws Exception {
    try (ClientLoop loop = loop(SrtpProfile.AEAD_AES_128_GCM)) {
      for (int i = 0; i < JOINS; i++) {
        long before = total("rtp_received");
        LightClient ann =
            loop.join(
                "ann-" + i, LightClient.Plan.publisher(new OpusSource(random), camera()), room);
        await(ann, JoinPhase.DTLS);
        // Who leaves sooner may take with it what waits for the keys.
        await(loop, () -> total("rtp_received") > before);
        loop.leave(ann).get(WAIT_SECONDS, TimeUnit.SECONDS);
        // Else its last packets pass for the next one's first.
        int closed = i + 1;
        await(loop, () -> total("transports_closed") == closed);
      }
    }
    assertEquals(0, total("srtp_no_keys"));
  }

  @Test
  void shouldGetKeyFrameOnRequest() throws Exception {
    try (ClientLoop loop = loop(SrtpProfile.AEAD_AES_128_GCM)) {
      Vp8Source camera = camera();
      LightClient ann = loop.join("ann", LightClient.Plan.publisher(camera), room);
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), room);
      await(bob, JoinPhase.FIRST_KEY_FRAME);
      // The server answers a viewer's next request no sooner than 100 ms after the one before.
      await(loop, () -> bob.packetsReceived() >= 100);
      long before = loop.call(ann::keyFrameRequests).get();
      long keyFrames = loop.call(camera::keyFrames).get();
      loop.execute(bob::requestKeyFrame);
      await(loop, () -> ann.keyFrameRequests() > before);
      await(loop, () -> camera.keyFrames() > keyFrames);
      await(
          loop,
          () ->
              bob.streams().stream()
                      .filter(ReceivedStream::video)
                      .findFirst()
                      .orElseThrow()
                      .keyFrames()
                  >= 2);
    }
  }

  @Test
  void shouldCountWithoutDecryptingEverything() throws Exception {
    try (ClientLoop loop = loop(SrtpProfile.AEAD_AES_128_GCM)) {
      loop.join("ann", LightClient.Plan.publisher(camera()), room);
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(50), room);
      await(loop, () -> bob.packetsReceived() >= 200);
      loop.call(
              () -> {
                assertEquals(0, bob.packetsLost());
                ReceivedStream video = bob.streams().iterator().next();
                assertTrue(
                    video.decrypted() < video.packets() / 2, "decrypted " + video.decrypted());
                assertEquals(0, video.undecryptable());
                return true;
              })
          .get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldTellWhyItWasRefused() throws Exception {
    try (ClientLoop loop = loop(SrtpProfile.AEAD_AES_128_GCM)) {
      LightClient ann = loop.join("ann", LightClient.Plan.viewer(1), room);
      await(ann, JoinPhase.DTLS);
      LightClient again = loop.join("ann", LightClient.Plan.viewer(1), room);
      var refused =
          again.reached(JoinPhase.ANSWER).handle((nanos, e) -> e == null ? "" : e.getMessage());
      String reason = refused.get(WAIT_SECONDS, TimeUnit.SECONDS);
      assertTrue(reason.contains("already in"), reason);
    }
  }
}
