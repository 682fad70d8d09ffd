package dev.parley.bots.bench;

import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.bench.SystemResult.Figure;
import dev.parley.bots.client.ClientEvents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a packet costs when the rooms are on two workers, beside one. */
final class WorkersCase implements SystemCase {
  private static final FanOut.Shape SHAPE = new FanOut.Shape(8, 25);
  private static final double PACKETS_PER_SECOND = 60_000;
  private static final double LEAST_SPEED_UP = 1.8;

  @Override
  public String id() {
    return "workers";
  }

  @Override
  public CaseResult run(SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    String what =
        "8 rooms of 1 to 25 at %.0f packets/s on one worker and on two"
            .formatted(PACKETS_PER_SECOND);
    List<Turn> one = turns(1, settings, progress);
    List<Turn> two = turns(2, settings, progress);
    List<String> refusals = CostRounds.refusals(Stream.concat(one.stream(), two.stream()).toList());
    if (!refusals.isEmpty()) {
      return CaseResult.refused(id(), what, refusals);
    }
    Spread alone = Spread.of(one, turn -> turn.server().processNanosPerPacket());
    Spread together = Spread.of(two, turn -> turn.server().processNanosPerPacket());
    Spread speedUp =
        new Spread(
            2 * alone.median() / together.median(),
            2 * alone.least() / together.most(),
            2 * alone.most() / together.least());
    return new CaseResult(
        id(),
        what,
        List.of(
            Figure.of(Measure.SPEED_UP, speedUp).atLeast(LEAST_SPEED_UP),
            Figure.of(Measure.NANOS, together)),
        List.of(
            "one worker: %.0f ns (%.0f–%.0f) a packet"
                .formatted(alone.median(), alone.least(), alone.most()),
            "computed from the CPU a packet takes, since the load needs a core, too"),
        List.of());
  }

  private static List<Turn> turns(int workers, SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    ServerProcess.Settings server =
        new ServerProcess.Settings(settings.serverOptions(), false, workers, List.of());
    try (FanOut fan = new FanOut(SHAPE, settings, server, ClientEvents.NONE, progress)) {
      fan.warmUp();
      fan.rate(PACKETS_PER_SECOND);
      fan.stage().start();
      List<Turn> turns = new ArrayList<>();
      for (int i = 1; i <= settings.rounds(); i++) {
        progress.accept("workers: %d, round %d of %d".formatted(workers, i, settings.rounds()));
        turns.add(fan.stage().turn(settings.roundMillis()));
      }
      return turns;
    }
  }
}
