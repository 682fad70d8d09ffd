package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import dev.parley.core.srtp.SrtpProfile;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients whose way is found by ice4j's agent, in calls over a whole media engine. */
class FaithfulIceTest {
  private static final int WAIT_SECONDS = 30;

  private final SplittableRandom random = new SplittableRandom(20_261_127);
  private final HandshakeExecutor handshakes = new HandshakeExecutor(16, 16);
  private SfuServer server;
  private RoomSignaling room;

  @BeforeEach
  void open() throws IOException {
    server = new SfuServer(MediaConfig.loopback());
    room = new RoomSignaling(server.openRoom("faithful", speakers -> {}));
  }

  @AfterEach
  void close() {
    server.close();
    handshakes.close();
  }

  private ClientLoop loop(boolean udp) throws IOException {
    ClientLoop.Settings loopback = ClientLoop.Settings.loopback();
    return new ClientLoop(
        "test",
        new ClientLoop.Settings(
            loopback.bind(),
            List.of(SrtpProfile.AEAD_AES_128_GCM),
            loopback.receiveBufferBytes(),
            new ClientWay.Full(udp)),
        DtlsIdentity.generate(),
        handshakes);
  }

  private LightClient publish(ClientLoop loop, String name) {
    return loop.join(
        name,
        LightClient.Plan.publisher(
            new OpusSource(random), new Vp8Source(Vp8Source.Shape.camera(), random)),
        room);
  }

  private static void await(LightClient client, JoinPhase phase) throws Exception {
    assertTrue(client.reached(phase).get(WAIT_SECONDS, TimeUnit.SECONDS) > 0, phase.name());
  }

  private static void await(ClientLoop loop, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!loop.call(condition::getAsBoolean).get(WAIT_SECONDS, TimeUnit.SECONDS)) {
      assertTrue(System.nanoTime() < deadline, "the condition did not come true");
      LockSupport.parkNanos(1_000_000);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldCarryACallOverThePairThatIceSelects(boolean udp) throws Exception {
    try (ClientLoop loop = loop(udp)) {
      publish(loop, "ann");
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), room);
      for (JoinPhase phase : JoinPhase.values()) {
        await(bob, phase);
      }
      await(loop, () -> bob.packetsReceived() >= 300);
      loop.call(
              () -> {
                for (ReceivedStream stream : bob.streams()) {
                  assertEquals(0, stream.lost(), "lost");
                  assertEquals(0, stream.undecryptable(), "undecryptable");
                }
                assertTrue(loop.port(bob) > 0, "it knows its port");
                return true;
              })
          .get();
    }
  }

  @Test
  void shouldGoOnByNewSocketsWhenItsNetworkChanges() throws Exception {
    try (ClientLoop loop = loop(true)) {
      publish(loop, "ann");
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), room);
      await(bob, JoinPhase.FIRST_KEY_FRAME);
      int before = loop.call(() -> loop.port(bob)).get();
      loop.replug(bob).get(WAIT_SECONDS, TimeUnit.SECONDS);
      long received = loop.call(bob::packetsReceived).get();
      await(loop, () -> bob.packetsReceived() >= received + 200);
      assertTrue(loop.call(() -> loop.port(bob)).get() != before, "another socket carries");
    }
  }

  @Test
  void shouldAskAgainForARestartThatWasRefused() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Signaling forgetful =
        offer ->
            room.join(offer)
                .thenApply(joined ->
                    new Signaling.Restartable() {
                      @Override
                      public CompletionStage<IceCredentials> restartIce(IceCredentials local) {
                        return asked.incrementAndGet() == 1
                            ? CompletableFuture.failedFuture(new IOException("no WebSocket"))
                            : ((Signaling.Restartable) joined).restartIce(local);
                      }

                      @Override
                      public String answerSdp() {
                        return joined.answerSdp();
                      }

                      @Override
                      public void leave() {
                        joined.leave();
                      }
                    });
    try (ClientLoop loop = loop(true)) {
      publish(loop, "ann");
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), forgetful);
      await(bob, JoinPhase.FIRST_KEY_FRAME);
      loop.replug(bob).get(WAIT_SECONDS, TimeUnit.SECONDS);
      long received = loop.call(bob::packetsReceived).get();
      await(loop, () -> bob.packetsReceived() >= received + 100);
      assertEquals(2, asked.get());
    }
  }

  @Test
  void shouldLoseNothingByAnIceRestart() throws Exception {
    try (ClientLoop loop = loop(true)) {
      publish(loop, "ann");
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), room);
      await(bob, JoinPhase.FIRST_KEY_FRAME);
      int before = loop.call(() -> loop.port(bob)).get();
      bob.restartIce().get(WAIT_SECONDS, TimeUnit.SECONDS);
      await(loop, () -> loop.port(bob) != before);
      long received = loop.call(bob::packetsReceived).get();
      await(loop, () -> bob.packetsReceived() >= received + 200);
      assertEquals(0, loop.call(bob::packetsLost).get());
    }
  }

  @Test
  void shouldKeepTheSelectedCandidateAlone() throws Exception {
    try (ClientLoop loop = loop(true)) {
      LightClient ann = publish(loop, "ann");
      await(ann, JoinPhase.DTLS);
      await(loop, () -> connectors() == 1 && loop.openSockets() == 1);
      long sent = loop.call(ann::packetsSent).get();
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), room);
      await(bob, JoinPhase.FIRST_KEY_FRAME);
      assertTrue(loop.call(ann::packetsSent).get() > sent, "it still carries");
    }
  }

  @Test
  void shouldCloseItsSocketsAndThreadsWithTheClient() throws Exception {
    try (ClientLoop loop = loop(true)) {
      LightClient ann = publish(loop, "ann");
      await(ann, JoinPhase.DTLS);
      assertTrue(connectors() > 0, "ice4j has a thread for each candidate");
      loop.leave(ann).get(WAIT_SECONDS, TimeUnit.SECONDS);
      assertEquals(0, loop.call(loop::openSockets).get());
      await(loop, () -> connectors() == 0);
    }
  }

  private static long connectors() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("IceConnector"))
        .count();
  }

  @Test
  void shouldFailWhereTheServerProvesNothing() throws Exception {
    Signaling wrong =
        offer ->
            room.join(offer)
                .thenApply(joined ->
                    new Signaling.Joined() {
                      @Override
                      public String answerSdp() {
                        return joined
                            .answerSdp()
                            .replaceAll("(a=ice-pwd:\\S{10})\\S*", "$1wrongwrongwrong");
                      }

                      @Override
                      public void leave() {
                        joined.leave();
                      }
                    });
    try (ClientLoop loop = loop(true)) {
      LightClient bob = loop.join("bob", LightClient.Plan.viewer(1), wrong);
      ExecutionException failure =
          assertThrows(
              ExecutionException.class,
              () -> bob.reached(JoinPhase.ICE).get(WAIT_SECONDS, TimeUnit.SECONDS));
      assertTrue(
          String.valueOf(failure.getMessage()).contains("ICE: the server"), failure::toString);
    }
  }
}
