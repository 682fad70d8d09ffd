package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.parley.core.api.MediaServer;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients over TCP, one over UDP beside them, and others that use the port for nothing good. */
class TcpCallTest {
  private static final long SEED = 20_261_121;
  private static final int WAIT_SECONDS = 20;
  private static final int HALF_OPEN = 2_000;
  private static final int SMALL_BUFFER_BYTES = 1 << 15;

  private static final ClientWay UDP = new ClientWay.Udp();

  private final HandshakeExecutor handshakes = new HandshakeExecutor(16, 16);
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<Socket> strangers = new ArrayList<>();
  private SfuServer server;
  private RoomSignaling room;
  private ClientLoop tcp;
  private ClientLoop udp;

  @BeforeEach
  void open() throws IOException {
    server = new SfuServer(MediaConfig.loopback());
    room = new RoomSignaling(server.openRoom("tcp", speakers -> {}));
    ClientLoop.Settings loopback = ClientLoop.Settings.loopback();
    ClientLoop.Settings small =
        new ClientLoop.Settings(loopback.bind(), loopback.profiles(), SMALL_BUFFER_BYTES);
    tcp = new ClientLoop("tcp", small.by(new ClientWay.Tcp()), DtlsIdentity.generate(), handshakes);
    udp = new ClientLoop("udp", loopback, DtlsIdentity.generate(), handshakes);
  }

  @AfterEach
  void close() throws IOException {
    for (Socket stranger : strangers) {
      stranger.close();
    }
    tcp.close();
    udp.close();
    server.close();
    handshakes.close();
  }

  private LightClient.Plan plan() {
    return new LightClient.Plan(
        List.of(new OpusSource(random), new Vp8Source(Vp8Source.Shape.camera(), random)), 1, 1, 1);
  }

  private static <T> T on(ClientLoop loop, Supplier<T> question) throws Exception {
    return loop.call(question).get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static void await(ClientLoop loop, String what, BooleanSupplier condition)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (!on(loop, condition::getAsBoolean)) {
      assertTrue(System.nanoTime() < deadline, what + " did not come true, seed " + SEED);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void awaitMore(ClientLoop loop, LightClient client) throws Exception {
    long before = on(loop, client::packetsReceived);
    await(
        loop, client.participantId() + " receives", () -> client.packetsReceived() >= before + 100);
  }

  /** From a loopback address the system connects nowhere else, and says so at once. */
  @Test
  void shouldRunTheOthersBesideAClientWhoseRelayIsOutOfReach() throws Exception {
    InetSocketAddress elsewhere = new InetSocketAddress("198.51.100.1", 3478);
    LightClient lost =
        on(
            udp,
            () -> {
              LightClient opened =
                  udp.open("lost", plan(), room, ClientEvents.NONE, ClientPath.direct(UDP));
              udp.take(opened, new ClientWay.Relay(elsewhere, false, "u", "p"));
              opened.join(udp.nowNanos());
              return opened;
            });
    assertTrue(lost.reached(JoinPhase.ANSWER).get(WAIT_SECONDS, TimeUnit.SECONDS) > 0);
    await(udp, "a packet that is not sent", () -> udp.sendFull() > 0);
    udp.join("ann", plan(), room);
    LightClient bob = udp.join("bob", plan(), room);
    awaitMore(udp, bob);
  }

  private long metric(String id) {
    return server.metrics().stream()
        .filter(m -> m.id().equals(id))
        .mapToLong(MediaServer.Metric::total)
        .findFirst()
        .orElseThrow();
  }

  private void awaitMetric(String id, long least) throws Exception {
    await(tcp, id, () -> metric(id) >= least);
  }

  private Map<?, ?> worker() throws Exception {
    Map<String, Object> state =
        server.snapshot().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    return (Map<?, ?>) ((List<?>) state.getOrDefault("workers", List.of())).getFirst();
  }

  private int ofWorker(String key) throws Exception {
    return worker().get(key) instanceof Integer number ? number : -1;
  }

  private static void assertWhole(ClientLoop loop, LightClient client) throws Exception {
    on(
        loop,
        () -> {
          for (ReceivedStream stream : client.streams()) {
            assertEquals(0, stream.lost(), "lost");
            assertEquals(0, stream.reordered(), "reordered");
            assertEquals(0, stream.undecryptable(), "undecryptable");
            assertEquals(0, stream.pictureJumps(), "jumps of the picture id");
          }
          return true;
        });
  }

  @Test
  void shouldCarryMediaBothWays() throws Exception {
    LightClient ann = tcp.join("ann", plan(), room);
    LightClient bob = udp.join("bob", plan(), room);
    for (JoinPhase phase : JoinPhase.values()) {
      assertTrue(ann.reached(phase).get(WAIT_SECONDS, TimeUnit.SECONDS) > 0);
    }
    awaitMore(tcp, ann);
    awaitMore(udp, bob);
    assertWhole(tcp, ann);
    assertWhole(udp, bob);
    assertEquals(1, ofWorker("tcpConnections"));
    assertEquals(0, ofWorker("tcpUnproved"));
    String state = worker().toString();
    assertTrue(state.contains("path=tcp"), state);
    assertTrue(state.contains("path=udp"), state);
    assertTrue(state.contains("/tcp"), state);
    assertEquals(0, metric("tcp_queue"));
    assertEquals(0, metric("unknown_address"));
    assertTrue(metric("tcp_writes") <= metric("tcp_frames_sent"));
    assertTrue(tcp.leave(ann).get(WAIT_SECONDS, TimeUnit.SECONDS));
    awaitMetric("tcp_closed", 1);
  }

  @Test
  void shouldGoOnByAnotherConnection() throws Exception {
    LightClient ann = tcp.join("ann", plan(), room);
    LightClient bob = udp.join("bob", plan(), room);
    awaitMore(tcp, ann);
    int before = on(tcp, () -> tcp.port(ann));
    assertTrue(tcp.replug(ann).get(WAIT_SECONDS, TimeUnit.SECONDS));
    awaitMetric("address_changes", 1);
    awaitMore(tcp, ann);
    awaitMore(udp, bob);
    assertNotEquals(before, on(tcp, () -> tcp.port(ann)));
    assertEquals(2, metric("tcp_opened"));
    awaitMetric("tcp_closed", 1);
    assertEquals(2, ofWorker("addresses"), "the old connection's is forgotten");
    assertEquals(0, metric("interruptions"));
    assertEquals(2, metric("dtls_completed"), "no handshake was repeated");
  }

  @Test
  void shouldNotLetOneThatStopsReadingHurtTheOthers() throws Exception {
    LightClient ann = udp.join("ann", plan(), room);
    LightClient bob = udp.join("bob", LightClient.Plan.viewer(1), room);
    LightClient deaf = tcp.join("deaf", LightClient.Plan.viewer(1), room);
    awaitMore(tcp, deaf);
    awaitMore(udp, bob);
    assertTrue(tcp.stopReading(deaf).get(WAIT_SECONDS, TimeUnit.SECONDS));
    awaitMetric("tcp_queue", 100);
    int waiting = Math.toIntExact(((Number) worker().get("tcpWaitingBytes")).longValue());
    assertTrue(waiting < 600_000, "waiting " + waiting);
    awaitMore(udp, bob);
    assertWhole(udp, bob);
    assertEquals(0, on(udp, ann::handshakeRepeats));
  }

  private void stranger(int i, byte[] bytes) throws IOException {
    Socket socket = new Socket();
    strangers.add(socket);
    socket.bind(new InetSocketAddress(InetAddress.getByName("127.1.0." + (1 + i % 200)), 0));
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), tcpPort), WAIT_SECONDS * 1000);
    socket.getOutputStream().write(bytes);
  }

  private int tcpPort;

  @Test
  void shouldLoseNothingWhileStrangersHoldConnections() throws Exception {
    assumeTrue(
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            && system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount()
                > 3 * HALF_OPEN,
        "too few open files are allowed here");
    tcpPort = ofWorker("tcpPort");
    LightClient ann = tcp.join("ann", plan(), room);
    LightClient bob = udp.join("bob", plan(), room);
    awaitMore(tcp, ann);
    awaitMore(udp, bob);
    for (int i = 0; i < HALF_OPEN; i++) {
      // Some say nothing, some half a length, some half a packet.
      stranger(i, new byte[][] {{}, {0}, {0, 100, 0, 1, 0}}[i % 3]);
    }
    awaitMetric("tcp_opened", HALF_OPEN + 1);
    assertEquals(HALF_OPEN, ofWorker("tcpUnproved"));
    LightClient late = tcp.join("late", LightClient.Plan.viewer(1), room);
    awaitMore(tcp, late);
    awaitMore(tcp, ann);
    awaitMore(udp, bob);
    assertWhole(tcp, ann);
    assertWhole(udp, bob);
    assertEquals(0, metric("tcp_refused"));
    // Nothing proved in 10 s: they are closed, and the call goes on.
    awaitMetric("tcp_unproved", HALF_OPEN);
    awaitMore(tcp, ann);
    assertEquals(0, ofWorker("tcpUnproved"));
    assertEquals(2, ofWorker("tcpConnections"));
  }

  @Test
  void shouldCloseConnectionsThatSendRubbish() throws Exception {
    tcpPort = ofWorker("tcpPort");
    LightClient ann = tcp.join("ann", plan(), room);
    LightClient bob = udp.join("bob", plan(), room);
    awaitMore(tcp, ann);
    int rubbish = 100;
    for (int i = 0; i < rubbish; i++) {
      byte[] bytes = new byte[2000];
      random.nextBytes(bytes);
      bytes[0] &= (byte) (i % 2 == 0 ? 3 : 0xff);
      stranger(i, bytes);
    }
    awaitMetric("tcp_opened", rubbish + 1);
    await(
        tcp, "their end", () -> metric("tcp_frame_length") + metric("tcp_first_frame") >= rubbish);
    awaitMore(tcp, ann);
    awaitMore(udp, bob);
    assertWhole(tcp, ann);
    assertWhole(udp, bob);
    assertEquals(1, ofWorker("tcpConnections"));
  }
}
