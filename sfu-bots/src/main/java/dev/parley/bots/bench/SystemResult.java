package dev.parley.bots.bench;

import java.util.List;
import java.util.Optional;

/**
 * What {@code bench system} has found; written as it is with {@code --json}.
 *
 * @param commit of the sources, as git names it; empty where they are none of a repository
 * @param at in ISO 8601
 */
record SystemResult(
    Machine machine, String commit, String at, SystemSettings settings, List<CaseResult> cases) {
  SystemResult {
    cases = List.copyOf(cases);
  }

  /**
   * One case.
   *
   * @param what in a sentence, with its numbers
   * @param figures none when it was refused
   * @param notes what a reader of the figures has to know
   * @param refusals why no figure is given: the load was the bottleneck, or the machine has not
   *     what the case needs
   */
  record CaseResult(
      String id, String what, List<Figure> figures, List<String> notes, List<String> refusals) {
    CaseResult {
      figures = List.copyOf(figures);
      notes = List.copyOf(notes);
      refusals = List.copyOf(refusals);
    }

    static CaseResult refused(String id, String what, List<String> reasons) {
      return new CaseResult(id, what, List.of(), List.of(), reasons);
    }

    Optional<Figure> figure(Measure measure) {
      return figures.stream().filter(f -> f.measure() == measure).findFirst();
    }
  }

  /** A figure with its rounds. */
  record Figure(Measure measure, Spread spread, Optional<Aim> aim) {
    static Figure of(Measure measure, Spread spread) {
      return new Figure(measure, spread, Optional.empty());
    }

    static Figure of(Measure measure, double value) {
      return of(measure, Spread.one(value));
    }

    Figure atMost(double limit) {
      return new Figure(measure, spread, Optional.of(new Aim(limit, true)));
    }

    Figure atLeast(double limit) {
      return new Figure(measure, spread, Optional.of(new Aim(limit, false)));
    }
  }

  /** What the median should be. */
  record Aim(double limit, boolean atMost) {
    boolean met(double median) {
      return atMost ? median <= limit : median >= limit;
    }
  }
}
