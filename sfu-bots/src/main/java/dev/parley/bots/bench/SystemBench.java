package dev.parley.bots.bench;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/** The table of what the server reaches on this machine, case by case. */
final class SystemBench {
  private static final String SMALL = "fan-50";
  private static final String LARGE = "fan-3000";
  private static final double MOST_FLATNESS = 1.1;

  private static final List<SystemCase> ALL =
      List.of(
          new FanCase(SMALL, new FanOut.Shape(4, 50)),
          new FanCase("fan-500", new FanOut.Shape(1, 500)),
          new FanCase(LARGE, new FanOut.Shape(1, 3000)),
          new MeetCase("meet-10x10", 1),
          new MeetCase("meet-20", 20),
          new AudioCase("audio-1500", 1500),
          new AudioCase("audio-3000", 3000),
          new CoreCase(),
          LatencyCase.half(),
          LatencyCase.high(),
          LatencyCase.halfInSmallRooms(),
          LatencyCase.highInSmallRooms(),
          new IdleCase(),
          new StormCase(),
          new WorkersCase(),
          new StartCase());

  private SystemBench() {}

  /** The ids of all cases. */
  static List<String> ids() {
    return ALL.stream().map(SystemCase::id).toList();
  }

  static SystemResult run(SystemSettings settings, Consumer<String> progress)
      throws InterruptedException {
    List<SystemResult.CaseResult> results = new ArrayList<>();
    for (SystemCase one : ALL) {
      if (settings.cases().contains(one.id())) {
        results.add(run(one, settings, step -> progress.accept(one.id() + ": " + step)));
      }
    }
    flatness(results).ifPresent(results::add);
    return new SystemResult(
        Machine.here(),
        Commit.here(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        settings,
        results);
  }

  /** A case that fails does not take the others' figures with it. */
  static SystemResult.CaseResult run(
      SystemCase one, SystemSettings settings, Consumer<String> progress)
      throws InterruptedException {
    try {
      return one.run(settings, progress);
    } catch (IOException e) {
      return failed(one, e);
    } catch (CompletionException e) {
      return failed(one, e.getCause() == null ? e : e.getCause());
    }
  }

  private static SystemResult.CaseResult failed(SystemCase one, Throwable e) {
    String reason = e.getMessage() == null ? e.toString() : e.getMessage();
    return SystemResult.CaseResult.refused(
        one.id(), "no measurement", List.of("it failed: " + reason));
  }

  /** What each further viewer costs more than the first ones. */
  private static Optional<SystemResult.CaseResult> flatness(List<SystemResult.CaseResult> results) {
    Optional<Double> small = nanos(results, SMALL);
    Optional<Double> large = nanos(results, LARGE);
    if (small.isEmpty() || large.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SystemResult.CaseResult(
            "flat",
            "a packet's cost with 3000 viewers to that with 50",
            List.of(
                SystemResult.Figure.of(Measure.FLATNESS, large.get() / small.get())
                    .atMost(MOST_FLATNESS)),
            List.of(),
            List.of()));
  }

  private static Optional<Double> nanos(List<SystemResult.CaseResult> results, String id) {
    return results.stream()
        .filter(r -> r.id().equals(id))
        .flatMap(r -> r.figure(Measure.NANOS).stream())
        .map(f -> f.spread().median())
        .findFirst();
  }
}
