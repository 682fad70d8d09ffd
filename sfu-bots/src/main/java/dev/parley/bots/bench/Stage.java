package dev.parley.bots.bench;

import dev.parley.bots.client.ClientEvents;
import dev.parley.bots.client.ClientLoopCrowd;
import dev.parley.bots.client.JoinPhase;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.RtpSource;
import dev.parley.bots.client.Vp8Source;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.srtp.SrtpProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A server in a process of its own and the load of a case in this one: publishers on one thread,
 * viewers on another. One thread drives it.
 */
final class Stage implements AutoCloseable {
  private static final int RECEIVE_BUFFER_BYTES = 4 << 20;
  private static final int SEND_BUFFER_BYTES = 4 << 20;
  private static final int SETTLE_MILLIS = 200;

  /**
   * Cameras know nothing of each other. Those who receive share a moment, also where they send:
   * what wakes their thread for each of them would be most of what it does.
   */
  private static final int PUBLISHERS_TOGETHER_MILLIS = 0;

  private static final int VIEWERS_TOGETHER_MILLIS = 1;

  /** Its multiples lie evenly in any interval. */
  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

  private static final long PHASES_NANOS = 100_000_000;
  private static final int JOIN_SECONDS = 30;

  /** Handshakes at a time: more would wait in the server, and time out. */
  private static final int JOINING = 48;

  private static final int WARM_UP_VIEWERS = 100;
  private static final Vp8Source.Shape WARM_UP =
      new Vp8Source.Shape(50, 8, 8, 1100, 640, 360, true);

  private static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;

  /** Somebody who sends. */
  private record Sender(
      ClientLoopCrowd loop, LightClient client, List<? extends RtpSource> sources) {}

  private final Held held = new Held();
  private final ServerProcess server;
  private final HandshakeExecutor handshakes = new HandshakeExecutor();
  private final ClientLoopCrowd publishing;
  private final ClientLoopCrowd viewing;
  private final List<Sender> senders = new ArrayList<>();
  private final List<LightClient> viewers = new ArrayList<>();
  private final Semaphore joining = new Semaphore(JOINING);
  private int pictures;
  private int beginMillis = 400;
  private double publishedPerSecond;
  private double fanOut;
  private int slack;

  Stage(ServerProcess.Settings settings) throws IOException {
    try {
      this.server = new ServerProcess(settings);
      held.add(server::close);
      held.add(handshakes::close);
      DtlsIdentity identity = DtlsIdentity.generate();
      this.publishing = crowd("load-publishers", identity, PUBLISHERS_TOGETHER_MILLIS);
      this.viewing = crowd("load-viewers", identity, VIEWERS_TOGETHER_MILLIS);
    } catch (IOException | RuntimeException e) {
      held.closeAfter(e);
      throw e;
    }
  }

  private ClientLoopCrowd crowd(String name, DtlsIdentity identity, int togetherMillis)
      throws IOException {
    ClientLoopCrowd.Settings sockets =
        new ClientLoopCrowd.Settings(List.of(PROFILE), RECEIVE_BUFFER_BYTES, togetherMillis);
    ClientLoopCrowd crowd = new ClientLoopCrowd(name, sockets, identity, handshakes);
    held.add(crowd::close);
    return crowd;
  }

  ServerProcess server() {
    return server;
  }

  /** Somebody who only sends. Begins at once. */
  void publisher(String room, String id, List<? extends RtpSource> sources)
      throws IOException, InterruptedException {
    LightClient client =
        publishing.join(
            id,
            LightClient.Plan.publisher(sources.toArray(RtpSource[]::new)),
            server.room(room),
            ClientEvents.NONE);
    senders.add(new Sender(publishing, client, sources));
    await(client);
  }

  /** Somebody who receives, and sends what the plan says. Returns when there is a place to join. */
  LightClient viewer(String room, String id, LightClient.Plan plan, ClientEvents told)
      throws IOException, InterruptedException {
    if (!joining.tryAcquire(JOIN_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException(
          "none of %d handshakes has ended within %d s".formatted(JOINING, JOIN_SECONDS));
    }
    LightClient client = joinNow(room, id, plan, told);
    var unused = client.reached(JoinPhase.DTLS).whenComplete((nanos, e) -> joining.release());
    return client;
  }

  /** The same, however many are on their way. */
  LightClient joinNow(String room, String id, LightClient.Plan plan, ClientEvents told) {
    LightClient client = viewing.join(id, plan, server.room(room), told);
    viewers.add(client);
    if (!plan.sources().isEmpty()) {
      senders.add(new Sender(viewing, client, plan.sources()));
    }
    return client;
  }

  /**
   * Lets the server compile its code with people who leave before the measurement: what was learnt
   * of their networks meanwhile says nothing of those who come after them.
   */
  void warmUp(long seed, int millis) throws IOException, InterruptedException {
    Vp8Source camera = new Vp8Source(WARM_UP, new SplittableRandom(seed));
    publisher("warm-up", "warm-up-publisher", List.of(camera));
    LightClient.Plan plan = new LightClient.Plan(List.of(), 0, 1, 0);
    for (int i = 0; i < WARM_UP_VIEWERS; i++) {
      var unused = viewer("warm-up", "warm-up-" + i, plan, ClientEvents.NONE);
    }
    awaitViewers();
    Thread.sleep(millis);
    pause();
    senders.forEach(sender -> sender.loop().leave(sender.client()).join());
    viewers.forEach(viewer -> viewing.leave(viewer).join());
    senders.clear();
    viewers.clear();
  }

  /** Waits until all viewers may receive. */
  void awaitViewers() throws IOException, InterruptedException {
    for (LightClient viewer : viewers) {
      await(viewer);
    }
  }

  private static void await(LightClient client) throws IOException, InterruptedException {
    try {
      var unused = client.reached(JoinPhase.DTLS).get(JOIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException e) {
      throw new IOException(client.participantId() + " did not connect: " + e.getMessage(), e);
    }
  }

  /**
   * What the load should amount to.
   *
   * @param packetsPerSecond of all publishers
   * @param forwards of each published packet; 0: not known
   * @param burst packets that are published at once: so many may be on either side of a moment
   */
  void expect(double packetsPerSecond, double forwards, int burst) {
    publishedPerSecond = packetsPerSecond;
    fanOut = forwards;
    slack = burst;
  }

  /** How long it takes until all is as before after a pause. */
  void begins(int millis) {
    beginMillis = millis;
  }

  /** Lets what viewers receive gather for so long, so that taking it costs less. */
  void napViewers(int millis) {
    viewing.nap(1_000_000L * millis);
  }

  /** How many pictures each viewer should see move in every turn. */
  void expectPictures(int ofEachViewer) {
    pictures = ofEachViewer;
  }

  /** Of those expected, how many nothing came of since then. */
  private long stillPictures(long sinceNanos) {
    if (pictures == 0) {
      return 0;
    }
    long moving =
        onViewers(() ->
            viewers.stream()
                .flatMap(viewer -> viewer.streams().stream())
                .filter(stream -> stream.video() && stream.lastNanos() >= sinceNanos)
                .count());
    return Math.max(0, (long) pictures * viewers.size() - moving);
  }

  /** CPU time of the viewers' thread so far. */
  long viewingCpuNanos() {
    return ThreadUse.cpuNanos(viewing.threadId());
  }

  /** All who send go on; returns when that is the usual state again. */
  void start() throws InterruptedException {
    for (int i = 0; i < senders.size(); i++) {
      Sender sender = senders.get(i);
      // Cameras of different people do not take their pictures at the same moment.
      long phaseNanos = (long) (i * GOLDEN_RATIO % 1 * PHASES_NANOS);
      sender
          .loop()
          .run(
              sender.client(),
              () -> sender.sources().forEach(s -> s.start(System.nanoTime() + phaseNanos)))
          .join();
    }
    Thread.sleep(beginMillis);
  }

  /** Nobody sends; returns when nothing is under way any more. */
  void pause() throws InterruptedException {
    for (Sender sender : senders) {
      sender.loop().run(sender.client(), () -> sender.sources().forEach(RtpSource::pause)).join();
    }
    Thread.sleep(SETTLE_MILLIS);
  }

  /** Has the publishers' thread do something; returns when it is done. */
  void tellPublishers(Runnable command) {
    tell(publishing, command);
  }

  /** Has the viewers' thread do something; returns when it is done. */
  void tellViewers(Runnable command) {
    tell(viewing, command);
  }

  private static void tell(ClientLoopCrowd loop, Runnable command) {
    var unused =
        loop.call(
                () -> {
                  command.run();
                  return true;
                })
            .join();
  }

  /** What the viewers' thread says. */
  <T> T onViewers(Supplier<T> command) {
    return viewing.call(command).join();
  }

  private long published() {
    long total = 0;
    for (Sender sender : senders) {
      total +=
          sender
              .loop()
              .call(() -> sender.sources().stream().mapToLong(RtpSource::packets).sum())
              .join();
    }
    return total;
  }

  /** By gaps in the numbers. */
  private long lost() {
    return onViewers(() -> viewers.stream().mapToLong(LightClient::packetsLost).sum());
  }

  /** What was counted at one moment. */
  private record Moment(
      ServerSample server,
      long published,
      long lost,
      long viewingNanos,
      long publishingNanos,
      SystemUse system,
      long nanos) {}

  private Moment moment() throws IOException {
    long published = published();
    ServerSample sample = server.sample();
    return new Moment(
        sample,
        published,
        lost(),
        viewingCpuNanos(),
        ThreadUse.cpuNanos(publishing.threadId()),
        SystemUse.now(sample),
        System.nanoTime());
  }

  /** Counts what becomes of the load while it runs. */
  Turn turn(int millis) throws IOException, InterruptedException {
    Moment from = moment();
    Thread.sleep(millis);
    return turn(from, moment());
  }

  private Turn turn(Moment from, Moment to) {
    Interval server = new Interval(from.server(), to.server());
    double seconds = (to.nanos() - from.nanos()) / 1e9;
    double published = Math.max(1, to.published() - from.published());
    double arrived = server.grown("rtp_received");
    double viewing = (to.viewingNanos() - from.viewingNanos()) / (seconds * 1e9);
    double publishing = (to.publishingNanos() - from.publishingNanos()) / (seconds * 1e9);
    int spare = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    return new Turn(
        server,
        publishedPerSecond == 0 ? 1 : share(published, publishedPerSecond * seconds),
        share(arrived, published),
        fanOut == 0 ? 1 : share(server.forwarded() / fanOut, arrived),
        (double) Math.max(0, to.lost() - from.lost()) / server.forwarded(),
        Math.max(viewing, (viewing + publishing) / spare),
        to.system().othersSince(from.system()),
        stillPictures(from.nanos()));
  }

  private double share(double packets, double of) {
    return Math.min(1, (packets + slack) / Math.max(1, of));
  }

  /**
   * The floor of a turn.
   *
   * @param arrivedShare of its packets, that the viewers have read
   */
  record FloorTurn(Floor.Run run, double arrivedShare) {}

  /** The least that the packets of a turn could have cost, measured now. Nobody may send. */
  FloorTurn floor(Turn like, int millis) throws IOException, InterruptedException {
    int[] ports = onViewers(() -> viewers.stream().mapToInt(viewing::port).toArray());
    long before = onViewers(this::strangePackets);
    Floor.Run run =
        server.floor(
            new Floor.Plan(
                millis,
                like.server().packetsPerSecond() / ports.length,
                like.server().datagramsPerMessage(),
                (int) Math.round(like.server().bytesPerDatagram()) - PROFILE.rtpOverhead(),
                true,
                PROFILE,
                SEND_BUFFER_BYTES,
                ports));
    Thread.sleep(SETTLE_MILLIS);
    long arrived = onViewers(this::strangePackets) - before;
    return new FloorTurn(run, (double) arrived / Math.max(1, run.packets()));
  }

  /** Packets of no stream that the server has, as the floor's are. */
  private long strangePackets() {
    return viewers.stream().mapToLong(LightClient::unknownSsrc).sum();
  }

  @Override
  public void close() throws IOException {
    held.close();
  }
}
