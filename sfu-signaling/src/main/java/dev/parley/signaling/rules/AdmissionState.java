package dev.parley.signaling.rules;

import java.util.List;

/**
 * What outlives the process of who was in and who waited, in the order of the queue. An admission
 * under way does not: its ticket keeps its place.
 */
public record AdmissionState(
    List<Inside> inside, List<Waiting> waiting, List<Long> visitsMs, boolean closed) {
  public AdmissionState {
    inside = List.copyOf(inside);
    waiting = List.copyOf(waiting);
    visitsMs = List.copyOf(visitsMs);
  }

  public record Inside(String identity, boolean host, long sinceMs) {}

  public record Waiting(
      String ticketId,
      String identity,
      String address,
      long joinedAtMs,
      String displayName,
      int priority,
      boolean held,
      boolean approved,
      boolean missed) {}
}
