package dev.parley.bots.run;

import dev.parley.bots.bot.TokenSigner;
import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.measure.OwnLoad;
import dev.parley.bots.measure.ServerSample;
import dev.parley.bots.measure.ServerWatch;
import dev.parley.bots.measure.Stat;
import dev.parley.bots.scenario.Profile;
import dev.parley.bots.scenario.Scenario;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.DtlsWarmup;
import dev.parley.core.dtls.HandshakeExecutor;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a scenario. {@link #stop} from any thread; the rest is the caller's thread's. */
public final class Run implements AutoCloseable {
  private static final long TICK_NANOS = 50_000_000;
  private static final long SAMPLE_NANOS = 1_000_000_000;
  private static final int SAMPLE_SECONDS = 10;

  /** So many seconds in a row nobody takes connections: the server is gone. */
  private static final int GONE_AFTER = 3;

  /** So many seconds it answers nothing: the same. A server under load may be slow. */
  private static final int SILENT_AFTER = 20;

  /** So long sessions go on to say goodbye when their bots are gone. */
  private static final long LAST_WORDS_NANOS = 400_000_000;

  /** How often a server that is slow is asked before the run. */
  private static final int FIRST_ASKS = 5;

  /** A client that was let go is not waited for any longer. */
  private static final int GOODBYE_SECONDS = 5;

  private static final int REFUSALS = 10;
  private static final double TOO_BUSY = 0.8;
  private static final int HTTP_THREADS = 2;
  private static final double LATE_MS = 20;

  /** So that the first bots do not measure how this process loads its classes. */
  private static final int WARM_UP_HANDSHAKES = 5;

  /** What the server says of a token that it does not take. */
  private static final Set<String> REFUSED =
      Set.of(
          "not_authenticated",
          "token_invalid",
          "token_expired",
          "token_not_yet_valid",
          "forbidden",
          "banned");

  private final Scenario scenario;
  private final Consumer<Point> progress;
  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final ExecutorService httpThreads;
  private final HttpClient http;
  private final ServerWatch watch;
  private final HandshakeExecutor handshakes = new HandshakeExecutor();
  private final List<Host> hosts = new ArrayList<>();
  private final List<GroupRun> groups = new ArrayList<>();
  private final List<Point> points = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Totals totals;
  private final OwnLoad load;
  private final long botCpuBefore = OwnLoad.processNanos();
  private Outcome.@Nullable End end;
  private String reason = "";
  private int silentSeconds;
  private int goneSeconds;
  private Optional<ServerSample> lastServer = Optional.empty();
  private CompletableFuture<ServerWatch.Health> alive =
      CompletableFuture.completedFuture(ServerWatch.Health.GOOD);
  private CompletableFuture<Optional<ServerSample>> asked =
      CompletableFuture.completedFuture(Optional.empty());

  /**
   * Prepares the threads; nobody sets out before {@link #run}.
   *
   * @param loops threads that run the bots, at least 1
   * @param sockets how the loops bind
   * @param progress told every second
   * @throws IOException when the system gives no selector
   */
  public Run(Scenario scenario, int loops, ClientLoop.Settings sockets, Consumer<Point> progress)
      throws IOException {
    this.scenario = scenario;
    this.progress = progress;
    this.totals = new Totals(scenario);
    this.httpThreads =
        Executors.newFixedThreadPool(
            HTTP_THREADS, Thread.ofPlatform().name("bots-http-", 0).daemon(true).factory());
    this.http =
        HttpClient.newBuilder()
            .executor(httpThreads)
            .connectTimeout(Duration.ofSeconds(SAMPLE_SECONDS))
            .build();
    this.watch = new ServerWatch(http, scenario.target().url(), scenario.target().admin());
    SplittableRandom random = new SplittableRandom(scenario.seed());
    DtlsIdentity identity = DtlsIdentity.generate();
    for (int i = 0; i < loops; i++) {
      hosts.add(new Host(new ClientLoop("bots-" + i, sockets, identity, handshakes)));
    }
    this.load = new OwnLoad(hosts.stream().map(h -> h.loop().threadId()).toList());
    GroupRun.Shared shared =
        new GroupRun.Shared(
            hosts,
            http,
            scenario.target().url(),
            new TokenSigner(scenario.target().tokens()),
            random.nextInt(),
            "bot-" + Integer.toString(new SplittableRandom().nextInt(36 * 36 * 36), 36),
            random,
            InstantSource.system(),
            tasks::add);
    scenario.groups().forEach(g -> groups.add(new GroupRun(g, shared)));
  }

  /** Ends the run; it still reports. Any thread. */
  public void stop() {
    tasks.add(() -> end(Outcome.End.STOPPED, "stopped by hand"));
  }

  private void end(Outcome.End how, String why) {
    if (end == null) {
      end = how;
      reason = why;
    }
  }

  /**
   * Carries the scenario out; returns when everybody has left.
   *
   * @throws IOException when the thread is interrupted
   */
  public Outcome run() throws IOException {
    Instant startedAt = Instant.now();
    long begin = System.nanoTime();
    ServerWatch.Health health = await(watch.health(), ServerWatch.Health.SILENT);
    for (int i = 1; i < FIRST_ASKS && health == ServerWatch.Health.SILENT; i++) {
      health = await(watch.health(), ServerWatch.Health.SILENT);
    }
    if (health != ServerWatch.Health.GOOD) {
      end(
          Outcome.End.UNREACHABLE,
          "nothing answers at " + scenario.target().url().resolve("/healthz"));
      return outcome(startedAt, begin, Optional.empty(), Optional.empty());
    }
    var unused = DtlsWarmup.run(handshakes, WARM_UP_HANDSHAKES);
    if (scenario.groups().stream()
        .flatMap(g -> g.roles().stream())
        .anyMatch(r -> r.profile().ice() == Profile.Ice.FAITHFUL)) {
      ClientLoop.warmUpFullIce();
    }
    Optional<ServerSample> before = watch.sampleNow();
    if (before.isEmpty() && scenario.target().admin().isPresent()) {
      warnings.add("the server's counters cannot be read at " + scenario.target().admin().get());
    }
    begin = System.nanoTime();
    long sampleDue = begin + SAMPLE_NANOS;
    long length = scenario.duration().toNanos();
    while (end == null) {
      long now = System.nanoTime();
      if (now - begin >= length) {
        end(Outcome.End.COMPLETED, "");
        break;
      }
      for (GroupRun group : groups) {
        group.tick(now - begin);
      }
      if (now >= sampleDue) {
        sampleDue += SAMPLE_NANOS;
        sample(now - begin);
      }
      runTasks(TICK_NANOS);
    }
    sayGoodbye();
    sample(System.nanoTime() - begin);
    Optional<ServerSample> after = end == Outcome.End.UNREACHABLE ? lastServer : settled();
    ServerCounters.of(totals.all(), before, after)
        .ifPresent(c -> {
          totals.all().count(Metric.SERVER_EXPECTED, c.sent());
          totals.all().count(Metric.SERVER_MISSED, Math.max(0, c.sent() - c.received()));
        });
    return outcome(startedAt, begin, before, after);
  }

  private void runTasks(long waitNanos) throws IOException {
    long until = System.nanoTime() + waitNanos;
    try {
      for (long left = waitNanos; left > 0; left = until - System.nanoTime()) {
        Runnable task = tasks.poll(left, TimeUnit.NANOSECONDS);
        if (task != null) {
          task.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during the run", e);
    }
  }

  private static <T> T await(CompletableFuture<T> future, T otherwise) throws IOException {
    try {
      return future.get(SAMPLE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return otherwise;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted during the run", e);
    }
  }

  private void sample(long nanos) throws IOException {
    List<CompletableFuture<Host.Interval>> asks = hosts.stream().map(Host::sample).toList();
    Measurements interval = new Measurements();
    Map<String, Integer> inside = new HashMap<>();
    for (int i = 0; i < asks.size(); i++) {
      Optional<Throwable> fault = hosts.get(i).loop().fault();
      if (fault.isPresent()) {
        end(Outcome.End.FAULT, "a thread of the bots has ended: " + fault.get());
        continue;
      }
      Host.Interval part = await(asks.get(i), Host.Interval.none());
      interval.add(totals.add(part));
      part.inside().forEach((group, bots) -> inside.merge(group, bots, Integer::sum));
    }
    Measurements dropped = new Measurements();
    groups.forEach(g -> {
      Measurements own = new Measurements();
      own.count(Metric.ARRIVALS_DROPPED, g.takeDropped());
      totals.add(Host.Interval.of(g.group().name(), own));
      dropped.add(own);
    });
    interval.add(dropped);
    askServer();
    List<Point.Part> parts =
        groups.stream()
            .map(g ->
                new Point.Part(
                    g.group().name(), g.wanted(nanos), inside.getOrDefault(g.group().name(), 0)))
            .toList();
    Point point =
        new Point(
            nanos,
            parts.stream().mapToInt(Point.Part::wanted).sum(),
            groups.stream().mapToInt(GroupRun::alive).sum(),
            parts.stream().mapToInt(Point.Part::inside).sum(),
            parts,
            interval,
            load.sample(),
            lastServer);
    points.add(point);
    progress.accept(point);
    look(nanos);
  }

  /** What was asked a second ago is here by now, or never. */
  private void askServer() {
    ServerWatch.Health health = alive.getNow(ServerWatch.Health.SILENT);
    silentSeconds = health == ServerWatch.Health.GOOD ? 0 : silentSeconds + 1;
    goneSeconds = health == ServerWatch.Health.GONE ? goneSeconds + 1 : 0;
    if (goneSeconds >= GONE_AFTER || silentSeconds >= SILENT_AFTER) {
      end(
          Outcome.End.UNREACHABLE,
          "the server at %s has not answered for %d s"
              .formatted(scenario.target().url(), silentSeconds));
    }
    lastServer = asked.getNow(Optional.empty()).or(() -> lastServer);
    if (alive.isDone()) {
      alive = watch.health();
    }
    if (asked.isDone()) {
      asked = watch.sample();
    }
  }

  private void look(long nanos) {
    Measurements all = totals.all();
    if (all.count(Metric.BOTS_JOINED) == 0) {
      long refused =
          all.failures().entrySet().stream()
              .filter(f -> REFUSED.contains(f.getKey()))
              .mapToLong(Map.Entry::getValue)
              .sum();
      if (refused >= REFUSALS) {
        end(Outcome.End.REFUSED, "the server lets nobody in: " + all.failures());
      }
    }
    for (Outcome.Verdict verdict : totals.verdicts(scenario.thresholds())) {
      if (verdict.threshold().abortOnFail()
          && !verdict.holds()
          && verdict.value().isPresent()
          && nanos >= verdict.threshold().after().toNanos()) {
        end(Outcome.End.THRESHOLD, verdict.threshold().title() + " does not hold");
      }
    }
  }

  private void sayGoodbye() throws IOException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(GOODBYE_SECONDS);
    List<Host> running = hosts.stream().filter(h -> h.loop().fault().isEmpty()).toList();
    for (CompletableFuture<Boolean> leaving : running.stream().map(Host::leaveAll).toList()) {
      var unused = await(leaving, false);
    }
    while (groups.stream().anyMatch(g -> g.alive() > 0) && System.nanoTime() < until) {
      runTasks(TICK_NANOS);
    }
    runTasks(LAST_WORDS_NANOS);
  }

  /** The server's counters when nothing more arrives. */
  private Optional<ServerSample> settled() throws IOException {
    Optional<ServerSample> last = watch.sampleNow();
    for (int i = 0; i < GOODBYE_SECONDS && last.isPresent(); i++) {
      runTasks(SAMPLE_NANOS / 4);
      Optional<ServerSample> next = watch.sampleNow();
      if (next.isEmpty() || next.get().since(last.get(), ServerCounters.RECEIVED).orElse(0) == 0) {
        break;
      }
      last = next;
    }
    return last;
  }

  private Outcome outcome(
      Instant startedAt, long begin, Optional<ServerSample> before, Optional<ServerSample> after) {
    long busy = points.stream().filter(p -> p.load().busiest() > TOO_BUSY).count();
    int cores = Runtime.getRuntime().availableProcessors();
    long full = points.stream().filter(p -> p.load().cores() > TOO_BUSY * cores).count();
    if (busy > 0 || full > 0) {
      warnings.add(
          "the bots themselves were short of CPU for %d s (a thread above 80 %% of a core, or the"
                  .formatted(Math.max(busy, full))
              + " process above 80 % of the machine): what they measured then is their own");
    }
    double late = totals.all().value(Metric.TIMER_ERROR, Stat.P95).orElse(0);
    if (late > LATE_MS) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "the bots' own timers were %.0f ms late (p95): something else had the CPU, and every"
                  + " time measured has that in it",
              late));
    }
    Outcome.End how = end == null ? Outcome.End.STOPPED : end;
    if (how == Outcome.End.COMPLETED && totals.all().count(Metric.BOTS_JOINED) == 0) {
      how = Outcome.End.REFUSED;
      reason = "not one bot came in: " + totals.all().failures();
    }
    return new Outcome(
        scenario,
        startedAt,
        Duration.ofNanos(System.nanoTime() - begin),
        how,
        reason,
        totals.all(),
        totals.groups(),
        points,
        totals.verdicts(scenario.thresholds()),
        warnings,
        OwnLoad.processNanos() - botCpuBefore,
        before,
        after);
  }

  /** Ends the threads; bots that are left are cut off. */
  @Override
  public void close() {
    hosts.forEach(h -> h.loop().close());
    handshakes.close();
    http.shutdownNow();
    httpThreads.shutdownNow();
  }
}
