package dev.parley.bots.bench;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Measures pieces and their floors in rounds, so that a machine's moods concern both. */
final class MicroBench {
  private final MicroSuite suite;
  private final MicroSettings settings;
  private final Consumer<String> progress;

  MicroBench(MicroSuite suite, MicroSettings settings, Consumer<String> progress) {
    this.suite = suite;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * A round is all pieces once, each floor right before the first of its pieces.
   *
   * @throws IOException when a piece fails
   */
  MicroResult run() throws IOException {
    List<MicroSuite.Group> groups = chosen();
    Map<String, List<MicroResult.Round>> rounds = new HashMap<>();
    for (int round = 1; round <= settings.forks(); round++) {
      Map<String, Double> floors = new HashMap<>();
      for (MicroSuite.Group group : groups) {
        for (MicroSuite.Piece piece : group.pieces()) {
          progress.accept("round %d of %d: %s".formatted(round, settings.forks(), piece.name()));
          double floor = floor(piece, floors);
          double nanos = suite.nanos(piece.name(), settings.effort());
          rounds
              .computeIfAbsent(piece.name(), name -> new ArrayList<>())
              .add(MicroResult.Round.of(nanos, floor));
        }
      }
    }
    return new MicroResult(
        Machine.here(),
        Commit.here(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        settings,
        groups.stream().map(group -> result(group, rounds)).toList());
  }

  /** Of this round. */
  private double floor(MicroSuite.Piece piece, Map<String, Double> measured) throws IOException {
    Double before = measured.get(piece.floor());
    if (before != null) {
      return before;
    }
    double nanos = suite.nanos(piece.floor(), settings.effort());
    measured.put(piece.floor(), nanos);
    return nanos;
  }

  private List<MicroSuite.Group> chosen() {
    return suite.groups().stream()
        .map(group ->
            new MicroSuite.Group(
                group.what(),
                group.floor(),
                group.pieces().stream()
                    .filter(piece -> settings.pieces().contains(piece.name()))
                    .toList()))
        .filter(group -> !group.pieces().isEmpty())
        .toList();
  }

  private static MicroResult.GroupResult result(
      MicroSuite.Group group, Map<String, List<MicroResult.Round>> rounds) {
    return new MicroResult.GroupResult(
        group.what(),
        group.floor(),
        group.pieces().stream()
            .map(piece ->
                MicroResult.PieceResult.of(piece, rounds.getOrDefault(piece.name(), List.of())))
            .toList());
  }
}
