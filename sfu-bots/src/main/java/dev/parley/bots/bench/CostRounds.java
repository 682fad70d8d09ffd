package dev.parley.bots.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Rounds of a load and of the floor that belongs to it, in turn: what a packet costs beside the
 * least it could cost.
 */
final class CostRounds {
  /** Of the floor's packets, more of which the system must not have refused. */
  private static final double REFUSED_TOLERATED = 0.01;

  /** A packet that nobody takes costs the system less. */
  private static final double ARRIVED_WANTED = 0.99;

  /** One round: the load, then its floor. */
  record Round(Turn turn, Stage.FloorTurn floorTurn) {
    Floor.Run floor() {
      return floorTurn.run();
    }

    double ratio() {
      return turn.server().processNanosPerPacket() / floor().cpuNanosPerPacket();
    }

    /** Why nothing can be said by it: the load, other programs, or the floor. */
    List<String> refusals() {
      List<String> reasons = new ArrayList<>(turn.refusals());
      Floor.Run run = floor();
      if (run.packets() == 0) {
        reasons.add("the floor sent nothing");
      } else if (run.refused() > REFUSED_TOLERATED * (run.packets() + run.refused())) {
        reasons.add("the system refused more than 1 % of the floor's packets");
      } else if (floorTurn.arrivedShare() < ARRIVED_WANTED) {
        reasons.add(
            "%.1f %% of the floor's packets reached the viewers"
                .formatted(100 * floorTurn.arrivedShare()));
      }
      return reasons;
    }
  }

  private final Rounds<Round> rounds;

  private CostRounds(List<Round> all) {
    this.rounds = Rounds.of(all, Round::refusals);
  }

  /**
   * Measures as many rounds as the settings say, after one that does not count: for this load, code
   * is still being compiled in it.
   */
  static CostRounds measure(Stage stage, SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    progress.accept("a round that does not count");
    var unused = round(stage, settings);
    List<Round> all = new ArrayList<>();
    for (int i = 1; i <= settings.rounds(); i++) {
      progress.accept("round %d of %d".formatted(i, settings.rounds()));
      all.add(round(stage, settings));
    }
    return new CostRounds(all);
  }

  private static Round round(Stage stage, SystemSettings settings)
      throws IOException, InterruptedException {
    stage.start();
    Turn turn = stage.turn(settings.roundMillis());
    stage.pause();
    return new Round(turn, stage.floor(turn, settings.roundMillis()));
  }

  /**
   * The case's line of the table, or why there is none.
   *
   * @param mostRatio that is aimed at
   * @param notes beside those of the rounds
   */
  SystemResult.CaseResult result(String id, String what, double mostRatio, List<String> notes) {
    if (!rounds.refusals().isEmpty()) {
      return SystemResult.CaseResult.refused(id, what, rounds.refusals());
    }
    List<String> all = new ArrayList<>(rounds.notes());
    all.addAll(shortfalls());
    all.addAll(notes);
    return new SystemResult.CaseResult(id, what, figures(mostRatio), all, List.of());
  }

  /** What the server could not do in the rounds, in words. */
  private List<String> shortfalls() {
    return rounds.accepted().stream()
        .map(Round::turn)
        .filter(turn -> !turn.keptUp())
        .map(turn -> "not all was forwarded: " + turn.shortfall() + " " + turn.server().drops())
        .toList();
  }

  private Spread of(ToDoubleFunction<Round> figure) {
    return rounds.spread(figure);
  }

  /** The table's figures. */
  private List<SystemResult.Figure> figures(double mostRatio) {
    return List.of(
        SystemResult.Figure.of(Measure.RATIO, of(Round::ratio)).atMost(mostRatio),
        SystemResult.Figure.of(Measure.NANOS, of(r -> r.turn().server().processNanosPerPacket())),
        SystemResult.Figure.of(
            Measure.MEDIA_NANOS, of(r -> r.turn().server().mediaNanosPerPacket())),
        SystemResult.Figure.of(Measure.FLOOR_NANOS, of(r -> r.floor().cpuNanosPerPacket())),
        SystemResult.Figure.of(
            Measure.PACKETS_PER_SECOND, of(r -> r.turn().server().packetsPerSecond())),
        SystemResult.Figure.of(Measure.BUSY, of(r -> 100 * r.turn().server().mediaBusy())),
        SystemResult.Figure.of(Measure.LOST, of(r -> 100 * Math.max(0, r.turn().lostShare()))),
        SystemResult.Figure.of(
            Measure.DATAGRAMS_PER_MESSAGE, of(r -> r.turn().server().datagramsPerMessage())),
        SystemResult.Figure.of(
            Measure.BYTES_PER_DATAGRAM, of(r -> r.turn().server().bytesPerDatagram())),
        SystemResult.Figure.of(Measure.LOAD_BUSY, of(r -> 100 * r.turn().loadBusy())));
  }
}
