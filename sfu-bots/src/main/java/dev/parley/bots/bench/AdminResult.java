package dev.parley.bots.bench;

import java.util.List;

/** What {@code bench admin} has found; written as it is with {@code --json}. */
record AdminResult(Machine machine, AdminSettings settings, List<Round> rounds) {
  AdminResult {
    rounds = List.copyOf(rounds);
  }

  /** The two halves of a round, which follow each other. */
  record Round(Half quiet, Half asked) {
    /** Of what the workers need for a packet, with requests to without. */
    double ratio() {
      return asked.workerNanos() / quiet.workerNanos();
    }
  }

  /**
   * One half.
   *
   * @param workerNanos processor time of the workers for each forwarded packet
   * @param processNanos of the whole process for each forwarded packet
   * @param requests answered with 200, {@code failures} otherwise or not
   * @param events heard by the streams
   */
  record Half(
      long forwarded,
      double workerNanos,
      double processNanos,
      long requests,
      long failures,
      long events) {}
}
