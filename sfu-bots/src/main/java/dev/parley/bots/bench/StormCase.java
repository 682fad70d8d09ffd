package dev.parley.bots.bench;

import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.bench.SystemResult.Figure;
import dev.parley.bots.client.ClientEvents;
import dev.parley.bots.client.JoinPhase;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.VideoFormat;
import dev.parley.bots.client.Vp8Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A thousand people who join within ten seconds a server that has one core, and a call on it. */
final class StormCase implements SystemCase {
  private static final int PEOPLE = 1000;
  private static final int PEOPLE_OF_A_ROOM = 10;
  private static final int SECONDS = 10;
  private static final int CALLERS = 10;
  private static final int STAMP_KEY = 0x5eed_0003;
  private static final double MOST_JOIN_MILLIS = 1_500;
  private static final double MOST_LATENCY_MILLIS = 10;
  private static final double LOAD_TOLERATED = 0.9;
  private static final double LONGEST_SECONDS = 11;
  private static final String CALL = "call";

  /**
   * What the people met, and what it cost the load.
   *
   * @param millis that each join took
   * @param comingSeconds until the last of them had begun to join
   * @param seconds until all were in
   * @param loadBusy of the viewers' core, or of all that the load has
   */
  private record Storm(
      List<Double> millis,
      double comingSeconds,
      double seconds,
      double loadBusy,
      double othersBusy) {
    List<String> refusals() {
      List<String> reasons = new ArrayList<>();
      if (comingSeconds > LONGEST_SECONDS) {
        reasons.add(
            "they came within %.1f s in place of %d: the load was late"
                .formatted(comingSeconds, SECONDS));
      }
      if (loadBusy > LOAD_TOLERATED) {
        reasons.add("who joined used %.0f %% of a core".formatted(100 * loadBusy));
      }
      Turn.othersReason(othersBusy).ifPresent(reasons::add);
      return reasons;
    }
  }

  @Override
  public String id() {
    return "storm";
  }

  @Override
  public CaseResult run(SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    String what =
        "%d people join in %d s, the server's process on one core, a call of 1 to %d meanwhile"
            .formatted(PEOPLE, SECONDS, CALLERS);
    if (!Cores.divisible()) {
      return CaseResult.refused(
          id(), what, List.of("a process cannot be given a core of its own here (taskset)"));
    }
    ServerProcess.Settings server =
        new ServerProcess.Settings(settings.serverOptions(), false, 1, Cores.serverLauncher());
    Latencies latencies = new Latencies();
    try (Cores.KeptOff load = Cores.keepLoadOff();
        Stage stage = new Stage(server)) {
      progress.accept("a call begins; the load has the cores " + load.cores());
      stage.warmUp(settings.seed(), settings.warmUpMillis());
      call(stage, latencies, settings.seed());
      Thread.sleep(settings.warmUpMillis() / 2);
      progress.accept(what);
      stage.tellViewers(latencies::begin);
      Storm storm = storm(stage);
      Latencies.Summary taken = stage.onViewers(latencies::summary);
      List<String> refusals = new ArrayList<>(storm.refusals());
      refusals.addAll(taken.refusals());
      return refusals.isEmpty()
          ? new CaseResult(
              id(),
              what,
              figures(storm, taken),
              List.of("the last was in after %.1f s".formatted(storm.seconds())),
              List.of())
          : CaseResult.refused(id(), what, refusals);
    }
  }

  private static void call(Stage stage, Latencies latencies, long seed)
      throws IOException, InterruptedException {
    Vp8Source camera = new Vp8Source(Vp8Source.Shape.camera(), new SplittableRandom(seed));
    camera.stamp(STAMP_KEY);
    stage.publisher(CALL, "caller", List.of(camera));
    LightClient.Plan plan =
        new LightClient.Plan(List.of(), 0, 1, 1, false, STAMP_KEY, VideoFormat.VP8);
    for (int i = 0; i < CALLERS; i++) {
      var unused = stage.viewer(CALL, "called-" + i, plan, latencies);
    }
    stage.awaitViewers();
  }

  private static Storm storm(Stage stage) throws IOException, InterruptedException {
    SystemUse before = SystemUse.now(stage.server().sample());
    long cpuBefore = ThreadUse.processCpuNanos();
    long viewingBefore = stage.viewingCpuNanos();
    long begin = System.nanoTime();
    List<LightClient> people = new ArrayList<>();
    LightClient.Plan plan = LightClient.Plan.viewer(0);
    for (int i = 0; i < PEOPLE; i++) {
      long due = begin + TimeUnit.SECONDS.toNanos(SECONDS) * i / PEOPLE;
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
      people.add(
          stage.joinNow("storm-" + i / PEOPLE_OF_A_ROOM, "storm-" + i, plan, ClientEvents.NONE));
    }
    double comingSeconds = (System.nanoTime() - begin) / 1e9;
    stage.awaitViewers();
    double nanos = System.nanoTime() - begin;
    int cores = Math.max(1, Runtime.getRuntime().availableProcessors());
    double process = (ThreadUse.processCpuNanos() - cpuBefore) / nanos / cores;
    double viewing = (stage.viewingCpuNanos() - viewingBefore) / nanos;
    List<Double> millis =
        people.stream().map(one -> one.reached(JoinPhase.DTLS).join() / 1e6).toList();
    double others = SystemUse.now(stage.server().sample()).othersSince(before);
    return new Storm(millis, comingSeconds, nanos / 1e9, Math.max(viewing, process), others);
  }

  private static List<Figure> figures(Storm storm, Latencies.Summary taken) {
    return List.of(
        Figure.of(Measure.JOIN_P95_MS, Spread.quantile(storm.millis(), 0.95))
            .atMost(MOST_JOIN_MILLIS),
        Figure.of(Measure.JOIN_P50_MS, Spread.quantile(storm.millis(), 0.5)),
        Figure.of(Measure.LATENCY_P99_MS, taken.highMillis()).atMost(MOST_LATENCY_MILLIS),
        Figure.of(Measure.LATENCY_P50_MS, taken.medianMillis()),
        Figure.of(Measure.LOAD_BUSY, 100 * storm.loadBusy()));
  }
}
