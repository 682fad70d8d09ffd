package dev.parley.signaling.rules;

import java.util.List;

/** What outlives the process of the visits that have an end, in milliseconds since 1970. */
public record VisitSnapshot(List<Visit> visits, long savedAtMs) {
  public VisitSnapshot {
    visits = List.copyOf(visits);
  }

  /**
   * One visit and its end.
   *
   * @param warnedToMs the warnings up to then have been given
   */
  public record Visit(String identity, long endsAtMs, long warnedToMs) {}
}
