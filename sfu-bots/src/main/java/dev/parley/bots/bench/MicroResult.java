package dev.parley.bots.bench;

import java.util.List;

/**
 * What {@code bench micro} has found; written as it is with {@code --json}.
 *
 * @param commit of the sources, as git names it; empty where they are none of a repository
 * @param at in ISO 8601
 */
record MicroResult(
    Machine machine, String commit, String at, MicroSettings settings, List<GroupResult> groups) {
  MicroResult {
    groups = List.copyOf(groups);
  }

  /** The pieces of a group that were asked for; at least one. */
  record GroupResult(String what, String floor, List<PieceResult> pieces) {
    GroupResult {
      pieces = List.copyOf(pieces);
    }
  }

  /** One piece: the rounds, and what they come to. */
  record PieceResult(
      String name,
      String floor,
      Spread nanos,
      Spread floorNanos,
      Spread ratio,
      List<Round> rounds) {
    PieceResult {
      rounds = List.copyOf(rounds);
    }

    /** {@code rounds}: at least one. */
    static PieceResult of(MicroSuite.Piece piece, List<Round> rounds) {
      return new PieceResult(
          piece.name(),
          piece.floor(),
          Spread.of(rounds, Round::nanos),
          Spread.of(rounds, Round::floorNanos),
          Spread.of(rounds, Round::ratio),
          rounds);
    }
  }

  /** A JVM for the piece and one for its floor, one soon after the other. */
  record Round(double nanos, double floorNanos, double ratio) {
    static Round of(double nanos, double floorNanos) {
      return new Round(nanos, floorNanos, nanos / floorNanos);
    }
  }
}
