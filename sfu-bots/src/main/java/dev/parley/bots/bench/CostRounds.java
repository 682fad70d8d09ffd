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
  /** One round: the load, then its floor. */
  private record Round(Turn turn, Floor.Run floor) {
    double ratio() {
      return turn.server().processNanosPerPacket() / floor.cpuNanosPerPacket();
    }
  }

  private final List<Round> rounds = new ArrayList<>();

  /** Measures as many rounds as the settings say. */
  static CostRounds measure(Stage stage, SystemSettings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    CostRounds all = new CostRounds();
    for (int i = 1; i <= settings.rounds(); i++) {
      progress.accept("round %d of %d".formatted(i, settings.rounds()));
      stage.start();
      Turn turn = stage.turn(settings.roundMillis());
      stage.pause();
      all.rounds.add(new Round(turn, stage.floor(turn, settings.roundMillis())));
    }
    return all;
  }

  private Spread of(ToDoubleFunction<Round> figure) {
    return Spread.of(rounds, figure);
  }

  Spread nanos() {
    return of(r -> r.turn().server().processNanosPerPacket());
  }

  private Spread packetsPerSecond() {
    return of(r -> r.turn().server().packetsPerSecond());
  }

  /**
   * The case's line of the table, or why there is none.
   *
   * @param mostRatio that is aimed at
   * @param notes beside those of the rounds
   */
  SystemResult.CaseResult result(String id, String what, double mostRatio, List<String> notes) {
    if (!refusals().isEmpty()) {
      return SystemResult.CaseResult.refused(id, what, refusals());
    }
    List<String> all = new ArrayList<>(notes());
    all.addAll(notes);
    return new SystemResult.CaseResult(id, what, figures(mostRatio), all, List.of());
  }

  /** Why nothing is said about the server: in half of the rounds or more there were reasons. */
  private List<String> refusals() {
    return refusals(rounds.stream().map(Round::turn).toList());
  }

  /** The same of any turns. */
  static List<String> refusals(List<Turn> turns) {
    List<Turn> refused = turns.stream().filter(turn -> !turn.refusals().isEmpty()).toList();
    return 2 * refused.size() < turns.size()
        ? List.of()
        : refused.stream().flatMap(turn -> turn.refusals().stream()).distinct().toList();
  }

  /** What the server could not do in the rounds, in words. */
  private List<String> notes() {
    return rounds.stream()
        .map(Round::turn)
        .filter(turn -> !turn.loadBehind() && !turn.keptUp())
        .map(turn -> "not all was forwarded: " + turn.shortfall() + " " + turn.server().drops())
        .toList();
  }

  /** The table's figures. */
  private List<SystemResult.Figure> figures(double mostRatio) {
    return List.of(
        SystemResult.Figure.of(Measure.RATIO, of(Round::ratio)).atMost(mostRatio),
        SystemResult.Figure.of(Measure.NANOS, nanos()),
        SystemResult.Figure.of(
            Measure.MEDIA_NANOS, of(r -> r.turn().server().mediaNanosPerPacket())),
        SystemResult.Figure.of(Measure.FLOOR_NANOS, of(r -> r.floor().cpuNanosPerPacket())),
        SystemResult.Figure.of(Measure.PACKETS_PER_SECOND, packetsPerSecond()),
        SystemResult.Figure.of(Measure.BUSY, of(r -> 100 * r.turn().server().mediaBusy())),
        SystemResult.Figure.of(Measure.LOST, of(r -> 100 * Math.max(0, r.turn().lostShare()))),
        SystemResult.Figure.of(
            Measure.DATAGRAMS_PER_MESSAGE, of(r -> r.turn().server().datagramsPerMessage())),
        SystemResult.Figure.of(
            Measure.BYTES_PER_DATAGRAM, of(r -> r.turn().server().bytesPerDatagram())),
        SystemResult.Figure.of(Measure.LOAD_BUSY, of(r -> 100 * r.turn().loadBusy())));
  }
}
