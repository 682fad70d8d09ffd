package dev.parley.signaling.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Who has a seat, and who had one before a restart and may still come back. */
final class SeatTable {
  /**
   * A taken seat.
   *
   * @param claim the ticket it was taken with, until the visit ends
   */
  record Seat(String identity, boolean host, long sinceMs, Optional<Claim> claim) {
    Seat(String identity, boolean host, long sinceMs) {
      this(identity, host, sinceMs, Optional.empty());
    }

    private AdmissionState.Inside save() {
      return new AdmissionState.Inside(identity, host, sinceMs);
    }
  }

  /** A ticket, and those before it: where it belongs if the join fails. */
  record Claim(Ticket ticket, List<Ticket> ahead) {}

  private final Map<String, Seat> taken = new LinkedHashMap<>();

  /** One identity may have several. */
  private final List<Seat> expected = new ArrayList<>();

  private final WaitHistory history = new WaitHistory();

  void restore(AdmissionState state) {
    for (AdmissionState.Inside inside : state.inside()) {
      expected.add(new Seat(inside.identity(), inside.host(), inside.sinceMs()));
    }
    state.visitsMs().forEach(history::visited);
  }

  List<AdmissionState.Inside> save() {
    List<AdmissionState.Inside> inside = new ArrayList<>();
    taken.values().forEach(seat -> inside.add(seat.save()));
    expected.forEach(seat -> inside.add(seat.save()));
    return inside;
  }

  /** How long the last visits lasted. */
  List<Long> visitsMs() {
    return history.visitsMs();
  }

  boolean isEmpty() {
    return taken.isEmpty() && expected.isEmpty();
  }

  /** Whether somebody may still come back to a seat. */
  boolean expectsSomebody() {
    return !expected.isEmpty();
  }

  /** How many have a seat, those expected not among them. */
  int size() {
    return taken.size();
  }

  boolean has(String key) {
    return taken.containsKey(key);
  }

  void take(String key, Seat seat) {
    taken.put(key, seat);
  }

  Optional<Seat> free(String key) {
    return Optional.ofNullable(taken.remove(key));
  }

  /** The seat that was kept for somebody; it is kept no longer. */
  Optional<Seat> claimKept(String identity) {
    Optional<Seat> kept = expected.stream().filter(s -> s.identity.equals(identity)).findFirst();
    kept.ifPresent(expected::remove);
    return kept;
  }

  /** Nobody is expected any more. */
  void expectNobody() {
    expected.clear();
  }

  /** A visit has ended, and tells how long the next may be. */
  void visited(Seat seat, long nowMs) {
    if (!seat.host) {
      history.visited(nowMs - seat.sinceMs);
    }
  }

  /** How many of the seats that are limited are taken or kept. */
  long count(QueueSettings settings) {
    return taken.values().stream().filter(settings::counts).count()
        + expected.stream().filter(settings::counts).count();
  }

  /** When those that are limited become free. */
  Forecast forecast(QueueSettings settings, Departures departures, long nowMs) {
    List<Long> sinceMs = new ArrayList<>();
    List<OptionalLong> endsMs = new ArrayList<>();
    taken.forEach((key, seat) -> {
      if (settings.counts(seat)) {
        sinceMs.add(seat.sinceMs);
        endsMs.add(departures.endsMs(key));
      }
    });
    expected.stream()
        .filter(settings::counts)
        .forEach(seat -> {
          sinceMs.add(seat.sinceMs);
          endsMs.add(OptionalLong.empty());
        });
    return history.forecast(
        settings.maxParticipants(), sinceMs, endsMs, departures.visitSec(), nowMs);
  }
}
