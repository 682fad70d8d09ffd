package dev.parley.core.server;

import java.util.List;

/** Which worker a new room goes to. Pure. */
final class Placement {
  /**
   * Loads that differ by less are alike: then the sessions count, which tell of what is to come.
   */
  private static final double ALIKE = 0.1;

  private Placement() {}

  /** One worker. */
  record Candidate(double load, boolean full, int sessions) {}

  /** The index of the best one: who takes newcomers, has time left, has few sessions. */
  static int choose(List<Candidate> workers) {
    boolean anyFree = workers.stream().anyMatch(worker -> !worker.full());
    double least =
        workers.stream()
            .filter(worker -> !(anyFree && worker.full()))
            .mapToDouble(Candidate::load)
            .min()
            .orElseThrow();
    int best = -1;
    for (int i = 0; i < workers.size(); i++) {
      Candidate worker = workers.get(i);
      boolean fits = !(anyFree && worker.full()) && worker.load() <= least + ALIKE;
      if (fits && (best < 0 || worker.sessions() < workers.get(best).sessions())) {
        best = i;
      }
    }
    return best;
  }
}
