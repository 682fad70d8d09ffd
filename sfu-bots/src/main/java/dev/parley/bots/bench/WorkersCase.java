package dev.parley.bots.bench;

import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.bench.SystemResult.Figure;
import dev.parley.bots.client.ClientEvents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a packet costs when the rooms are on two workers, beside one. */
final class WorkersCase implements SystemCase {
  private static final FanOut.Shape SHAPE = new FanOut.Shape(8, 25);
  private static final double PACKETS_PER_SECOND = 60_000;
  private static final double LEAST_RATIO = 1.8;

  /** Of the work, what the less busy of two workers must have had. */
  private static final double LEAST_SHARE = 0.25;

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
    Rounds<Turn> one = Rounds.of(turns(1, settings, progress), Turn::refusals);
    Rounds<Turn> two = Rounds.of(turns(2, settings, progress), WorkersCase::refusalsOfTwo);
    List<String> refusals = both(one.refusals(), two.refusals());
    return refusals.isEmpty() ? result(what, one, two) : CaseResult.refused(id(), what, refusals);
  }

  /** Two of which one does the work are one. */
  static List<String> refusalsOfTwo(Turn turn) {
    List<String> reasons = new ArrayList<>(turn.refusals());
    if (turn.server().leastWorkerShare() < LEAST_SHARE) {
      reasons.add(
          "one of the workers had %.0f %% of the work"
              .formatted(100 * turn.server().leastWorkerShare()));
    }
    return reasons;
  }

  private static List<String> both(List<String> ofOne, List<String> ofTwo) {
    List<String> all = new ArrayList<>();
    ofOne.forEach(text -> all.add("one worker: " + text));
    ofTwo.forEach(text -> all.add("two workers: " + text));
    return all;
  }

  private CaseResult result(String what, Rounds<Turn> one, Rounds<Turn> two) {
    Spread alone = one.spread(turn -> turn.server().processNanosPerPacket());
    Spread together = two.spread(turn -> turn.server().processNanosPerPacket());
    List<String> notes = both(one.notes(), two.notes());
    notes.add(
        "one worker: %.0f ns (%.0f–%.0f) a packet"
            .formatted(alone.median(), alone.least(), alone.most()));
    notes.add("computed from the CPU a packet takes, since the load needs a core, too");
    Spread ratio =
        new Spread(
            2 * alone.median() / together.median(),
            2 * alone.least() / together.most(),
            2 * alone.most() / together.least());
    return new CaseResult(
        id(),
        what,
        List.of(
            Figure.of(Measure.TWICE_ONE_TO_TWO, ratio).atLeast(LEAST_RATIO),
            Figure.of(Measure.NANOS, together)),
        notes,
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
