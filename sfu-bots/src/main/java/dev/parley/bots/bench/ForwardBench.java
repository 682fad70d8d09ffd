package dev.parley.bots.bench;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.client.ClientWay;
import dev.parley.bots.client.JoinPhase;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.LinuxSockets;
import dev.parley.bots.client.Vp8Source;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.srtp.SrtpProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One publisher, many subscribers: what forwarding costs, in rounds between which the floor is
 * measured with the batches that the server had just made. Server and floor take turns, because
 * machines are noisy and a ratio within one second is less so.
 */
final class ForwardBench implements AutoCloseable {
  private static final int JOIN_SECONDS = 20;
  private static final int DECRYPT_ONE_IN = 256;
  private static final int SETTLE_MILLIS = 150;
  private static final int FLOOR_WARM_UP_MILLIS = 1_000;
  private static final int IDLE_MILLIS = 1_000;
  private static final int SEND_BUFFER_BYTES = 4 << 20;

  private static final double LOST_TOLERATED = 0.001;
  private static final double PUBLISHED_WANTED = 0.98;
  private static final double LOAD_CPU_TOLERATED = 0.9;

  private final ForwardSettings settings;
  private final Consumer<String> progress;
  private final Held held = new Held();
  private final ServerProcess server;
  private final HandshakeExecutor handshakes = new HandshakeExecutor();
  private final ClientLoop publishing;
  private final ClientLoop viewing;
  private final Vp8Source camera;
  private final List<LightClient> viewers = new ArrayList<>();

  ForwardBench(ForwardSettings settings, List<String> serverJvmOptions, Consumer<String> progress)
      throws IOException {
    this.settings = settings;
    this.progress = progress;
    try {
      this.server =
          new ServerProcess(
              new ServerProcess.Settings(
                  serverJvmOptions, settings.transport().relayed(), 1, List.of()));
      held.add(server::close);
      held.add(handshakes::close);
      DtlsIdentity identity = DtlsIdentity.generate();
      this.publishing = loop("load-publisher", identity);
      this.viewing = loop("load-viewers", identity);
    } catch (IOException | RuntimeException e) {
      held.closeAfter(e);
      throw e;
    }
    this.camera =
        new Vp8Source(
            new Vp8Source.Shape(
                settings.packetsPerSecond() / settings.burst(),
                settings.burst(),
                settings.burst(),
                settings.payloadBytes(),
                640,
                360,
                true),
            new SplittableRandom(settings.seed()));
  }

  private ClientLoop loop(String name, DtlsIdentity identity) throws IOException {
    ClientLoop.Settings loopback = ClientLoop.Settings.loopback();
    ClientLoop.Settings clients =
        new ClientLoop.Settings(
            loopback.bind(), List.of(settings.profile()), loopback.receiveBufferBytes());
    ClientLoop loop = new ClientLoop(name, clients, identity, handshakes);
    held.add(loop::close);
    return loop;
  }

  /** Through the relay each has an account of its own, since an account may have 32 allocations. */
  private ClientWay way(String viewer) throws IOException {
    return switch (settings.transport()) {
      case UDP -> new ClientWay.Udp();
      case TCP -> new ClientWay.Tcp();
      case TURN_TCP -> server.relay(viewer, false);
      case TURN_TLS -> server.relay(viewer, true);
    };
  }

  /** What was counted at one moment of a round. */
  private record Moment(ServerSample server, long received, long loadCpuNanos, long nanos) {}

  ForwardResult run() throws IOException, InterruptedException {
    progress.accept("connecting 1 publisher and %d subscribers".formatted(settings.subscribers()));
    connect();
    progress.accept("warm-up of %.1f s".formatted(settings.warmUpMillis() / 1e3));
    ForwardResult.Idle unknown = new ForwardResult.Idle(0, 0);
    ForwardResult.Server warm = serverRound(settings.warmUpMillis(), unknown);
    var unusedGrouped = floor(warm, true, FLOOR_WARM_UP_MILLIS);
    var unusedUngrouped = floor(warm, false, FLOOR_WARM_UP_MILLIS);
    ForwardResult.Idle idle = idle();
    List<ForwardResult.Round> rounds = new ArrayList<>();
    for (int i = 1; i <= settings.rounds(); i++) {
      progress.accept("round %d of %d".formatted(i, settings.rounds()));
      ForwardResult.Server measured = serverRound(settings.roundMillis(), idle);
      rounds.add(
          new ForwardResult.Round(
              measured,
              floor(measured, true, settings.roundMillis()),
              floor(measured, false, settings.roundMillis())));
    }
    return new ForwardResult(Machine.here(), settings, idle, rounds, verdict(rounds));
  }

  private void connect() throws IOException, InterruptedException {
    LightClient publisher =
        publishing.join("publisher", LightClient.Plan.publisher(camera), server);
    await(publisher, JoinPhase.DTLS);
    for (int i = 0; i < settings.subscribers(); i++) {
      String id = "viewer-" + i;
      LightClient.Plan plan = new LightClient.Plan(List.of(), 0, 1, DECRYPT_ONE_IN);
      viewers.add(viewing.join(id, plan, server, way(id)));
    }
    for (LightClient viewer : viewers) {
      await(viewer, JoinPhase.FIRST_KEY_FRAME);
    }
    pause();
  }

  private static void await(LightClient client, JoinPhase phase)
      throws IOException, InterruptedException {
    try {
      var unused = client.reached(phase).get(JOIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(
          "%s did not reach \"%s\": %s"
              .formatted(client.participantId(), phase.title(), e.getMessage()),
          e);
    }
  }

  private void publish() {
    publishing
        .call(() -> {
          camera.start(System.nanoTime());
          return true;
        })
        .join();
  }

  private void pause() throws InterruptedException {
    publishing
        .call(() -> {
          camera.pause();
          return true;
        })
        .join();
    Thread.sleep(SETTLE_MILLIS);
  }

  private long onViewers(Supplier<Long> figure) {
    return viewing.call(figure).join();
  }

  private Moment moment() throws IOException {
    long received = onViewers(() -> viewers.stream().mapToLong(LightClient::packetsReceived).sum());
    return new Moment(
        server.sample(), received, ThreadUse.cpuNanos(viewing.threadId()), System.nanoTime());
  }

  private long published() {
    return publishing.call(camera::packets).join();
  }

  private ForwardResult.Server serverRound(int millis, ForwardResult.Idle idle)
      throws IOException, InterruptedException {
    Moment silentBefore = moment();
    publish();
    Thread.sleep(SETTLE_MILLIS);
    long publishedBefore = published();
    Moment from = moment();
    Thread.sleep(millis);
    long published = published() - publishedBefore;
    Moment to = moment();
    pause();
    Moment silentAfter = moment();
    return figures(from, to, published, loss(silentBefore, silentAfter), idle);
  }

  /** Between two moments of silence, when nothing is under way. */
  private static double loss(Moment before, Moment after) {
    long forwarded = new Interval(before.server(), after.server()).grown("rtp_forwarded");
    return forwarded == 0 ? 0 : 1 - (double) (after.received() - before.received()) / forwarded;
  }

  private ForwardResult.Server figures(
      Moment from, Moment to, long published, double lostShare, ForwardResult.Idle idle) {
    Interval server = new Interval(from.server(), to.server());
    boolean tcp = settings.transport() == TransportOption.TCP;
    long datagrams = server.grown(tcp ? "tcp_frames_sent" : "datagrams_sent");
    long calls = Math.max(1, server.grown(tcp ? "tcp_writes" : "send_calls"));
    double ownSeconds = (to.nanos() - from.nanos()) / 1e9;
    double allocated =
        to.server().mediaAllocatedBytes()
            - from.server().mediaAllocatedBytes()
            - idle.allocatedBytesPerSecond() * server.seconds();
    return new ForwardResult.Server(
        server.forwarded(),
        server.packetsPerSecond(),
        server.mediaNanosPerPacket(),
        server.processNanosPerPacket(),
        allocated / server.forwarded(),
        to.server().collections() - from.server().collections(),
        (double) datagrams / calls,
        tcp ? (double) datagrams / calls : server.datagramsPerMessage(),
        (double) server.grown("gso_datagrams") / Math.max(1, datagrams),
        (double) server.grown(tcp ? "tcp_bytes_sent" : "bytes_sent") / Math.max(1, datagrams),
        lostShare,
        server.drops(),
        published / (settings.packetsPerSecond() * ownSeconds),
        (double) server.grown("rtp_received") / Math.max(1, published),
        server.mediaBusy(),
        (to.loadCpuNanos() - from.loadCpuNanos()) / (ownSeconds * 1e9));
  }

  private ForwardResult.Idle idle() throws IOException, InterruptedException {
    progress.accept("idle for %.1f s".formatted(IDLE_MILLIS / 1e3));
    ServerSample from = server.sample();
    Thread.sleep(IDLE_MILLIS);
    ServerSample to = server.sample();
    double nanos = to.atNanos() - from.atNanos();
    return new ForwardResult.Idle(
        (to.mediaCpuNanos() - from.mediaCpuNanos()) / nanos,
        (to.mediaAllocatedBytes() - from.mediaAllocatedBytes()) / (nanos / 1e9));
  }

  private Optional<ForwardResult.FloorFigures> floor(
      ForwardResult.Server like, boolean grouped, int millis) throws IOException {
    if (settings.transport() != TransportOption.UDP || !LinuxSockets.available()) {
      return Optional.empty();
    }
    int[] ports = viewing.call(() -> viewers.stream().mapToInt(viewing::port).toArray()).join();
    SrtpProfile profile = settings.profile();
    Floor.Run run =
        server.floor(
            new Floor.Plan(
                millis,
                settings.packetsPerSecond(),
                like.datagramsPerMessage(),
                (int) Math.round(like.bytesPerDatagram()) - profile.rtpOverhead(),
                grouped,
                profile,
                SEND_BUFFER_BYTES,
                ports));
    return Optional.of(ForwardResult.FloorFigures.of(run));
  }

  private static ForwardResult.Verdict verdict(List<ForwardResult.Round> rounds) {
    List<String> reasons = new ArrayList<>();
    Spread lost = Spread.of(rounds, r -> r.server().lostShare());
    long refused = rounds.stream().mapToLong(r -> r.server().refused()).sum();
    if (lost.median() > LOST_TOLERATED && refused == 0) {
      reasons.add(
          "subscribers lost %.2f %% of what the server had sent".formatted(100 * lost.median()));
    }
    Spread published = Spread.of(rounds, r -> r.server().publishedShare());
    if (published.median() < PUBLISHED_WANTED) {
      reasons.add(
          "the publisher sent %.0f %% of what it should".formatted(100 * published.median()));
    }
    Spread load = Spread.of(rounds, r -> r.server().loadCpuShare());
    if (load.median() > LOAD_CPU_TOLERATED) {
      reasons.add("the subscribers' thread used %.0f %% of a core".formatted(100 * load.median()));
    }
    return new ForwardResult.Verdict(!reasons.isEmpty(), reasons);
  }

  @Override
  public void close() throws IOException {
    held.close();
  }
}
