package dev.parley.bots.bench;

import dev.parley.bots.bench.SystemResult.CaseResult;
import dev.parley.bots.bench.SystemResult.Figure;
import dev.parley.bots.client.ClientEvents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The packets that a server forwards which has one core for everything it does. */
final class CoreCase implements SystemCase {
  private static final FanOut.Shape SHAPE = new FanOut.Shape(1, 500);
  private static final double LEAST_PACKETS_PER_SECOND = 400_000;

  /** The search goes on until the server does not keep up. */
  private static final double UNTIL_IT_FAILS = 2;

  /** Of the most it kept up with for a moment, what it has to bear without a loss. */
  private static final double BORNE = 0.9;

  @Override
  public String id() {
    return "core";
  }

  @Override
  public CaseResult run(SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    String what =
        "video 1 to 500, the server's process on one core, at nine tenths of the most packets a"
            + " second at which 99.8 % are read and 98 % of those forwarded";
    if (!Cores.divisible()) {
      return CaseResult.refused(
          id(), what, List.of("a process cannot be given a core of its own here (taskset)"));
    }
    ServerProcess.Settings server =
        new ServerProcess.Settings(settings.serverOptions(), false, 1, Cores.serverLauncher());
    try (Cores.KeptOff load = Cores.keepLoadOff();
        FanOut fan = new FanOut(SHAPE, settings, server, ClientEvents.NONE, progress)) {
      progress.accept("the load has the cores " + load.cores());
      fan.warmUp();
      FanOut.Saturation saturation = fan.saturate(UNTIL_IT_FAILS, progress);
      fan.rate(BORNE * saturation.forwardedPerSecond());
      return result(what, Rounds.of(turns(fan, settings), Turn::refusals), saturation);
    }
  }

  private static List<Turn> turns(FanOut fan, SystemSettings settings)
      throws IOException, InterruptedException {
    List<Turn> turns = new ArrayList<>();
    fan.stage().start();
    for (int i = 0; i < settings.rounds(); i++) {
      turns.add(fan.stage().turn(settings.roundMillis()));
    }
    return turns;
  }

  private CaseResult result(String what, Rounds<Turn> turns, FanOut.Saturation saturation) {
    if (!turns.refusals().isEmpty()) {
      return CaseResult.refused(id(), what, turns.refusals());
    }
    List<String> notes = new ArrayList<>(turns.notes());
    notes.addAll(saturation.notes());
    Spread forwarded = turns.spread(turn -> turn.server().packetsPerSecond());
    return new CaseResult(
        id(),
        what,
        List.of(
            Figure.of(Measure.PACKETS_PER_SECOND, forwarded).atLeast(LEAST_PACKETS_PER_SECOND),
            Figure.of(Measure.LOST, turns.spread(turn -> 100 * turn.missingShare())).atMost(0),
            Figure.of(Measure.NANOS, turns.spread(turn -> turn.server().processNanosPerPacket())),
            Figure.of(Measure.BUSY, turns.spread(turn -> 100 * turn.server().mediaBusy())),
            Figure.of(Measure.LOAD_BUSY, turns.spread(turn -> 100 * turn.loadBusy()))),
        notes,
        List.of());
  }
}
