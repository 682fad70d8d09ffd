package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.MediaServer;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import dev.parley.core.srtp.SrtpProfile;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two clients that send and watch each other, and what happens when one loses its network. */
@Execution(ExecutionMode.CONCURRENT)
class RecoveryTest {
  private static final long SEED = 20_261_122;
  private static final int WAIT_SECONDS = 20;

  /** Longer than a handshake takes on a busy machine. */
  private static final int CONSENT_MS = 5_000;

  private static final int LONG_MS = 60_000;

  private final HandshakeExecutor handshakes = new HandshakeExecutor(16, 16);
  private final SplittableRandom random = new SplittableRandom(SEED);
  private SfuServer server;
  private ClientLoop loop;
  private LightClient ann;
  private LightClient bob;

  private void start(int graceMs) throws Exception {
    MediaConfig config = MediaConfig.loopback();
    server =
        new SfuServer(
            new MediaConfig(
                config.workers(),
                config.bindAddress(),
                config.firstUdpPort(),
                config.announcedAddresses(),
                config.announceLoopback(),
                config.io(),
                config.receiveBufferBytes(),
                config.sendBufferBytes(),
                config.keyFrameIntervalMs(),
                config.iceConnectTimeoutMs(),
                CONSENT_MS,
                graceMs,
                config.maxHandshakes(),
                config.maxAudioSlots(),
                config.maxVideoSlots(),
                config.tcp()));
    ClientLoop.Settings loopback = ClientLoop.Settings.loopback();
    loop =
        new ClientLoop(
            "test",
            new ClientLoop.Settings(
                loopback.bind(),
                List.of(SrtpProfile.AEAD_AES_128_GCM),
                loopback.receiveBufferBytes()),
            DtlsIdentity.generate(),
            handshakes);
    RoomSignaling room = new RoomSignaling(server.openRoom("recovery", speakers -> {}));
    ann = loop.join("ann", plan(), room);
    bob = loop.join("bob", plan(), room);
    awaitBothWays();
  }

  private LightClient.Plan plan() {
    return new LightClient.Plan(
        List.of(new OpusSource(random), new Vp8Source(Vp8Source.Shape.camera(), random)), 1, 1, 1);
  }

  @AfterEach
  void close() {
    loop.close();
    server.close();
    handshakes.close();
  }

  private void await(BooleanSupplier condition, String what) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!loop.call(condition::getAsBoolean).get(WAIT_SECONDS, TimeUnit.SECONDS)) {
      assertTrue(System.nanoTime() < deadline, what + " did not come true, seed " + SEED);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** A further picture from each to the other, which begins with a key frame where one is due. */
  private void awaitBothWays() throws Exception {
    for (LightClient client : List.of(ann, bob)) {
      long before = received(client);
      await(() -> client.packetsReceived() >= before + 100, client.participantId() + " receives");
    }
  }

  private long received(LightClient client) throws Exception {
    return loop.call(client::packetsReceived).get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private long keyFrames(LightClient client) throws Exception {
    return loop.call(() -> client.streams().stream().mapToLong(ReceivedStream::keyFrames).sum())
        .get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private long metric(String id) {
    return server.metrics().stream()
        .filter(m -> m.id().equals(id))
        .mapToLong(MediaServer.Metric::total)
        .findFirst()
        .orElseThrow();
  }

  private long ofWorker(String key) throws Exception {
    Map<String, Object> state =
        server.snapshot().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    return ((List<?>) state.getOrDefault("workers", List.of()))
        .stream()
            .map(worker -> ((Map<?, ?>) worker).get(key))
            .mapToLong(n -> n instanceof Number number ? number.longValue() : -1)
            .sum();
  }

  private void assertNothingBroke() throws Exception {
    assertEquals(0, metric("srtp_auth"), "keys and indexes go on, towards the server");
    assertEquals(0, metric("dtls_failed"));
    assertEquals(2, metric("dtls_completed"), "no handshake was repeated");
    loop.call(
            () -> {
              for (LightClient client : List.of(ann, bob)) {
                for (ReceivedStream stream : client.streams()) {
                  assertEquals(0, stream.undecryptable(), "towards " + client.participantId());
                  assertEquals(0, stream.reordered(), "towards " + client.participantId());
                }
              }
              return true;
            })
        .get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void shouldFollowAClientToANewAddressWithMediaRunning() throws Exception {
    start(LONG_MS);
    int before = loop.call(() -> loop.port(ann)).get(WAIT_SECONDS, TimeUnit.SECONDS);
    loop.replug(ann).get(WAIT_SECONDS, TimeUnit.SECONDS);
    assertNotEquals(before, loop.call(() -> loop.port(ann)).get(WAIT_SECONDS, TimeUnit.SECONDS));
    await(() -> metric("address_changes") == 1, "the change of address");
    awaitBothWays();
    assertEquals(0, metric("interruptions"));
    assertNothingBroke();
  }

  @Test
  void shouldTakeAClientBackThatWasGoneForLongerThanConsent() throws Exception {
    start(LONG_MS);
    loop.unplug(ann).get(WAIT_SECONDS, TimeUnit.SECONDS);
    await(() -> metric("interruptions") == 1, "the interruption");
    long sent = received(bob);
    await(() -> bob.packetsReceived() >= sent, "bob is not disturbed");
    long pictures = keyFrames(ann);
    loop.replug(ann).get(WAIT_SECONDS, TimeUnit.SECONDS);
    await(() -> metric("recoveries") == 1, "the recovery");
    awaitBothWays();
    assertTrue(keyFrames(ann) > pictures, "what it sees begins with a key frame");
    assertNothingBroke();
    assertEquals(0, metric("transports_closed"));
  }

  @Test
  void shouldRestartIceWithMediaRunning() throws Exception {
    start(LONG_MS);
    for (int restart = 1; restart <= 3; restart++) {
      assertTrue(ann.restartIce().get(WAIT_SECONDS, TimeUnit.SECONDS));
      awaitBothWays();
    }
    assertEquals(3, metric("ice_restarts"));
    assertEquals(2, ofWorker("ufrags"), "the old credentials are forgotten");
    assertEquals(2, ofWorker("addresses"));
    assertEquals(0, metric("interruptions"));
    assertNothingBroke();
  }

  @Test
  void shouldTakeAnInterruptedClientBackByIceRestart() throws Exception {
    start(LONG_MS);
    loop.unplug(ann).get(WAIT_SECONDS, TimeUnit.SECONDS);
    await(() -> metric("interruptions") == 1, "the interruption");
    assertTrue(ann.restartIce().get(WAIT_SECONDS, TimeUnit.SECONDS));
    loop.replug(ann).get(WAIT_SECONDS, TimeUnit.SECONDS);
    await(() -> metric("recoveries") == 1, "the recovery");
    awaitBothWays();
    assertNothingBroke();
  }

  @Test
  void shouldCloseAClientThatDoesNotComeBack() throws Exception {
    start(1_000);
    loop.unplug(ann).get(WAIT_SECONDS, TimeUnit.SECONDS);
    await(() -> metric("transports_closed") == 1, "the end of the grace");
    assertEquals(1, metric("interruptions"));
    assertEquals(1, ofWorker("ufrags"));
    assertEquals(1, ofWorker("addresses"));
  }
}
