package dev.parley.core.server;

import dev.parley.core.address.LocalAddresses;
import dev.parley.core.address.PublicAddresses;
import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.RelayStreams;
import dev.parley.core.api.WorkerSample;
import dev.parley.core.bwe.Estimator;
import dev.parley.core.common.AddressText;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.FanOut;
import dev.parley.core.common.ForwardingLatency;
import dev.parley.core.common.PairKind;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.DtlsWarmup;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.ice.IceLite;
import dev.parley.core.net.TcpEndpoint;
import dev.parley.core.net.TurnRelay;
import dev.parley.core.net.UdpPort;
import dev.parley.core.room.Room;
import dev.parley.core.sdp.AnswerPolicy;
import dev.parley.core.sdp.Candidate;
import dev.parley.core.sdp.SdpAnswerer;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The media engine: workers, each with its UDP port and rooms. Any thread. */
public final class SfuServer implements MediaServer {
  private static final Logger LOG = LoggerFactory.getLogger(SfuServer.class);

  /** A storm of joins costs one assignment of all slots in this time. */
  private static final long SETTLE_NANOS = 20_000_000;

  /** Beyond it a client's flight is dropped, counted, and comes again. */
  private static final int MAX_WAITING_HANDSHAKES = 4096;

  private static final int WARM_UP_HANDSHAKES = 3;
  private static final long WARM_UP_DELAY_MS = 1_000;

  private static final String CNAME = "parley";
  private static final double NANOS_A_SECOND = 1e9;

  private final List<Worker> workers = new ArrayList<>();
  private final MediaConfig config;
  private final PublicAddresses publicAddresses;
  private volatile List<InetAddress> announced;
  private final boolean epoll;
  private final Engine engine;
  private final Room.Settings roomSettings;
  private final Optional<TurnRelay> relay;
  private volatile boolean closed;

  /**
   * What sessions are made with.
   *
   * @param negotiation runs the parsing of offers, away from the workers
   */
  record Engine(
      DtlsIdentity identity,
      HandshakeExecutor handshakes,
      SdpAnswerer answerer,
      ExecutorService negotiation,
      IceLite.Settings ice,
      Estimator.Settings bandwidth,
      String cname) {}

  /**
   * Opens all ports.
   *
   * @throws IOException when a port cannot be bound, or epoll was demanded and is missing; the
   *     message names the port
   */
  public SfuServer(MediaConfig config) throws IOException {
    this(config, Optional.empty());
  }

  /**
   * The same with a relay.
   *
   * @param turn empty: without
   */
  public SfuServer(MediaConfig config, Optional<TurnConfig> turn) throws IOException {
    this.config = config;
    this.epoll = chooseEpoll(config.io());
    this.engine =
        new Engine(
            DtlsIdentity.generate(),
            new HandshakeExecutor(config.maxHandshakes(), MAX_WAITING_HANDSHAKES),
            new SdpAnswerer(AnswerPolicy.standard(config.maxAudioSlots(), config.maxVideoSlots())),
            Executors.newVirtualThreadPerTaskExecutor(),
            new IceLite.Settings(
                config.iceConnectTimeoutMs() * 1_000_000L,
                config.iceConsentTimeoutMs() * 1_000_000L,
                config.resumeGraceMs() * 1_000_000L),
            new Estimator.Settings(60_000, 1_000_000, 50_000_000),
            CNAME);
    this.roomSettings =
        new Room.Settings(config.keyFrameIntervalMs() * 1_000_000L, SETTLE_NANOS, CNAME);
    this.publicAddresses = PublicAddresses.ask(config.addressLookup(), () -> ownAddresses(config));
    Optional<TurnRelay> opened = Optional.empty();
    try {
      IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
      openWorkers(io);
      publicAddresses.awaitFirst(Duration.ofMillis(config.addressLookup().startWaitMs()));
      this.announced = addressesNow();
      if (turn.isPresent()) {
        opened = Optional.of(openRelay(turn.get(), io));
      }
      this.relay = opened;
      LOG.atInfo()
          .addKeyValue("event", "media.started")
          .addKeyValue("io", epoll ? "epoll" : "nio")
          .addKeyValue("workers", workers.size())
          .addKeyValue("udp", addressText(Transport.UDP))
          .addKeyValue("tcp", addressText(Transport.TCP))
          .addKeyValue("relay", relay.map(r -> AddressText.of(r.localAddress())).orElse("none"))
          .log();
      publicAddresses.onChange(this::announceAnew);
      // What came since the list above was made.
      announceAnew();
    } catch (IOException | RuntimeException e) {
      opened.ifPresent(TurnRelay::close);
      closeWorkers();
      throw e;
    }
    // Not at once: what follows in the start of the server needs the cores more.
    CompletableFuture.delayedExecutor(WARM_UP_DELAY_MS, TimeUnit.MILLISECONDS, engine.negotiation())
        .execute(this::warmUp);
  }

  private void openWorkers(IoHandlerFactory io) throws IOException {
    int count =
        config.workers() > 0 ? config.workers() : Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < count; i++) {
      int port = config.firstUdpPort() == 0 ? 0 : config.firstUdpPort() + i;
      InetSocketAddress bind = new InetSocketAddress(config.bindAddress(), port);
      try {
        workers.add(
            new Worker(
                i,
                new UdpPort.Settings(
                    bind, epoll, config.receiveBufferBytes(), config.sendBufferBytes()),
                io,
                config.overload()));
      } catch (IOException | RuntimeException e) {
        throw new IOException("UDP port " + bind + " cannot be opened: " + e.getMessage(), e);
      }
      if (config.tcp().enabled()) {
        openTcp(workers.getLast());
      }
    }
  }

  /** This machine's addresses that a media socket uses. */
  private static List<InetAddress> ownAddresses(MediaConfig config) {
    InetAddress bound = new InetSocketAddress(config.bindAddress(), 0).getAddress();
    return bound == null || bound.isAnyLocalAddress() ? LocalAddresses.all() : List.of(bound);
  }

  /** The configured ones, what others say, and, where none are configured, the machine's own. */
  private List<InetAddress> addressesNow() {
    Set<InetAddress> all = new LinkedHashSet<>();
    config.announcedAddresses().forEach(literal -> all.add(InetAddress.ofLiteral(literal)));
    all.addAll(publicAddresses.known());
    if (config.announcedAddresses().isEmpty()) {
      all.addAll(
          LocalAddresses.toAnnounce(
              ownAddresses(config), config.announceLoopback(), bindsV4Only(config.bindAddress())));
    }
    return List.copyOf(all);
  }

  /** For sessions that begin or restart ICE from now on. */
  private synchronized void announceAnew() {
    List<InetAddress> next = addressesNow();
    if (closed || next.equals(announced)) {
      return;
    }
    announced = next;
    relay.ifPresent(known -> known.announce(mediaAddresses()));
    LOG.atInfo()
        .addKeyValue("event", "media.announced")
        .addKeyValue("udp", addressText(Transport.UDP))
        .addKeyValue("tcp", addressText(Transport.TCP))
        .log();
  }

  private List<List<PeerAddress>> mediaAddresses() {
    return workers.stream()
        .map(worker ->
            announced.stream()
                .map(ip ->
                    PeerAddress.of(new InetSocketAddress(ip, worker.localAddress().getPort())))
                .toList())
        .toList();
  }

  private void openTcp(Worker worker) throws IOException {
    MediaConfig.Tcp tcp = config.tcp();
    int port = tcp.firstPort() == 0 ? 0 : tcp.firstPort() + worker.index();
    InetSocketAddress bind = new InetSocketAddress(config.bindAddress(), port);
    try {
      worker.openTcp(
          new TcpEndpoint.Settings(bind, epoll, tcp.maxConnections(), tcp.maxUnprovedPerAddress()));
    } catch (IOException e) {
      throw new IOException("TCP port " + bind + " cannot be opened: " + e.getMessage(), e);
    }
  }

  private String addressText(Transport transport) {
    return announcedAddresses().stream()
        .filter(announcedOne -> announcedOne.transport() == transport)
        .map(AnnouncedAddress::address)
        .collect(Collectors.joining(","));
  }

  private TurnRelay openRelay(TurnConfig turn, IoHandlerFactory io) throws IOException {
    InetSocketAddress bind = new InetSocketAddress(turn.bindAddress(), turn.port());
    List<List<PeerAddress>> addresses = mediaAddresses();
    List<TurnRelay.MediaPort> ports =
        workers.stream().map(w -> w.mediaPort(addresses.get(w.index()))).toList();
    try {
      return new TurnRelay(
          new TurnRelay.Settings(
              new UdpPort.Settings(
                  bind, epoll, config.receiveBufferBytes(), config.sendBufferBytes()),
              turn.tls(),
              turn.connections(),
              turn.settings()),
          io,
          ports);
    } catch (IOException | RuntimeException e) {
      throw new IOException("the relay (TURN) cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<RelayStreams> relayStreams() {
    return relay.map(TurnRelay::streams);
  }

  /** The relay, for a port that is shared with other protocols; empty: there is none. */
  public Optional<TurnRelay> relay() {
    return relay;
  }

  /** The first client shall not wait for classes to load; the server is ready meanwhile. */
  private void warmUp() {
    if (closed) {
      return;
    }
    if (!DtlsWarmup.run(engine.handshakes(), WARM_UP_HANDSHAKES) && !closed) {
      LOG.atError().addKeyValue("event", "media.dtls_warm_up_failed").log();
    }
  }

  private static boolean chooseEpoll(MediaConfig.Io io) throws IOException {
    return switch (io) {
      case AUTO -> Epoll.isAvailable();
      case NIO -> false;
      case EPOLL -> {
        if (!Epoll.isAvailable()) {
          throw new IOException("epoll is not available here", Epoll.unavailabilityCause());
        }
        yield true;
      }
    };
  }

  private static boolean bindsV4Only(String bindAddress) {
    return !bindAddress.contains(":") && !bindAddress.equals("0.0.0.0");
  }

  @Override
  public MediaRoom openRoom(String roomId, MediaRoom.Listener listener) {
    return open(roomId, roomSettings, listener);
  }

  @Override
  public MediaRoom openEchoRoom(String roomId, MediaRoom.Listener listener) {
    return open(roomId, roomSettings.asEcho(), listener);
  }

  private MediaRoom open(String roomId, Room.Settings settings, MediaRoom.Listener listener) {
    if (closed) {
      throw new MediaException(MediaException.Code.DRAINING, "the server is stopping");
    }
    int perWorker = settings.echo() ? 0 : config.participantsPerWorker();
    return new SpreadRoom(
        roomId,
        best(workers),
        perWorker,
        taken -> {
          List<Worker> others = workers.stream().filter(w -> !taken.contains(w)).toList();
          return others.isEmpty() ? null : best(others);
        },
        (worker, roster) ->
            new WorkerRoom(
                roomId, worker, settings, roster, engine, () -> candidatesOf(worker), listener));
  }

  private static Worker best(List<Worker> of) {
    return of.get(Placement.choose(of.stream().map(Worker::candidate).toList()));
  }

  private List<Candidate> candidatesOf(Worker worker) {
    return LocalCandidates.of(announced, worker.localAddress().getPort(), worker.tcpPort());
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> all = new ArrayList<>();
    for (Counter counter : Counter.values()) {
      long total = counters().mapToLong(c -> c.total(counter)).sum();
      all.add(new Metric(counter.id(), counter.sentence(), false, total));
    }
    for (DropReason reason : DropReason.values()) {
      long total = counters().mapToLong(c -> c.total(reason)).sum();
      all.add(new Metric(reason.id(), reason.sentence(), true, total));
    }
    return all;
  }

  @Override
  public List<PairTotal> selectedPairs() {
    return PairKind.all().stream()
        .map(pair ->
            new PairTotal(
                pair.type().name().toLowerCase(Locale.ROOT),
                pair.way().id(),
                pair.family(),
                counters().mapToLong(c -> c.total(pair)).sum()))
        .toList();
  }

  @Override
  public List<OutcomeTotal> fanOut() {
    return Arrays.stream(FanOut.values())
        .map(outcome ->
            new OutcomeTotal(outcome.id(), counters().mapToLong(c -> c.total(outcome)).sum()))
        .toList();
  }

  @Override
  public List<WorkerLoad> workerLoads() {
    return workers.stream().map(Worker::loadNow).toList();
  }

  @Override
  public LatencyTotals forwardingLatency() {
    List<LatencyBucket> buckets = new ArrayList<>();
    long packets = 0;
    for (int i = 0; i < ForwardingLatency.CLASSES; i++) {
      int index = i;
      packets += counters().mapToLong(c -> c.latency().packets(index)).sum();
      long longest = ForwardingLatency.longestNanos(i);
      boolean last = i == ForwardingLatency.CLASSES - 1;
      buckets.add(
          new LatencyBucket(last ? Double.POSITIVE_INFINITY : longest / NANOS_A_SECOND, packets));
    }
    long sum = counters().mapToLong(c -> c.latency().sumNanos()).sum();
    return new LatencyTotals(buckets, sum / NANOS_A_SECOND);
  }

  private Stream<Counters> counters() {
    return Stream.concat(
        workers.stream().map(Worker::counters), relay.stream().map(TurnRelay::counters));
  }

  @Override
  public CompletionStage<Map<String, Object>> snapshot() {
    CompletableFuture<Map<String, Object>> ofRelay =
        relay.map(TurnRelay::snapshot).orElse(CompletableFuture.completedFuture(Map.of()));
    List<CompletableFuture<Map<String, Object>>> each =
        workers.stream().map(w -> w.call(w::snapshot)).toList();
    return CompletableFuture.allOf(each.toArray(new CompletableFuture<?>[0]))
        .thenCombine(
            ofRelay,
            (done, turn) -> {
              Map<String, Object> state = new LinkedHashMap<>();
              state.put("io", epoll ? "epoll" : "nio");
              state.put(
                  "announcedAddresses",
                  announcedAddresses().stream().map(AnnouncedAddress::toString).toList());
              state.put("workers", each.stream().map(CompletableFuture::join).toList());
              if (!turn.isEmpty()) {
                state.put("relay", turn);
              }
              return state;
            });
  }

  @Override
  public CompletionStage<List<WorkerSample>> samples() {
    long asked = System.nanoTime();
    List<CompletableFuture<WorkerSample>> each =
        workers.stream().map(w -> w.call(() -> w.sample(asked))).toList();
    return CompletableFuture.allOf(each.toArray(new CompletableFuture<?>[0]))
        .thenApply(done -> each.stream().map(CompletableFuture::join).toList());
  }

  @Override
  public List<AnnouncedAddress> announcedAddresses() {
    List<InetAddress> now = announced;
    List<AnnouncedAddress> all = new ArrayList<>();
    for (Worker worker : workers) {
      add(all, now, Transport.UDP, worker.localAddress().getPort());
    }
    for (Worker worker : workers) {
      worker.tcpPort().ifPresent(port -> add(all, now, Transport.TCP, port));
    }
    return List.copyOf(all);
  }

  private static void add(
      List<AnnouncedAddress> all, List<InetAddress> ips, Transport transport, int port) {
    for (InetAddress ip : ips) {
      all.add(new AnnouncedAddress(transport, AddressText.of(new InetSocketAddress(ip, port))));
    }
  }

  @Override
  public Readiness readiness() {
    Readiness all = addressReadiness();
    for (Worker worker : workers) {
      all = all.and(worker.readiness(config.receiveBufferBytes(), config.sendBufferBytes()));
    }
    return relay.isPresent() && !relay.get().isOpen()
        ? all.and(new Readiness(List.of("a port of the relay is not open any more"), List.of()))
        : all;
  }

  /** Who asks for public addresses and learns none, and has none configured, serves few. */
  private Readiness addressReadiness() {
    if (announced.isEmpty()) {
      return new Readiness(List.of("the media engine announces no address"), List.of());
    }
    List<String> failures =
        publicAddresses.failures().stream()
            .map(failure -> "the public address could not be asked for: " + failure)
            .toList();
    boolean lost =
        publicAddresses.isAsking()
            && publicAddresses.known().isEmpty()
            && config.announcedAddresses().isEmpty();
    if (!lost) {
      return new Readiness(List.of(), failures);
    }
    return new Readiness(
        failures.isEmpty() ? List.of("the public address is still being asked for") : failures,
        List.of());
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    relay.ifPresent(TurnRelay::close);
    closeWorkers();
    LOG.atInfo().addKeyValue("event", "media.stopped").log();
  }

  private void closeWorkers() {
    publicAddresses.close();
    Worker.close(workers);
    engine.handshakes().close();
    engine.negotiation().shutdownNow();
  }
}
