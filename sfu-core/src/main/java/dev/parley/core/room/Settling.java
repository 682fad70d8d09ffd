package dev.parley.core.room;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whose slots have to be assigned anew: everybody's when what is published or heard has changed,
 * one viewer's when only that one has come or wishes something else. Not more often than once an
 * interval, so that a storm of changes costs one assignment and not one each. Worker's thread only.
 */
final class Settling {
  private final long intervalNanos;
  private final Set<Participant> viewers = new LinkedHashSet<>();
  private boolean everybody;
  private long lastNanos = Long.MIN_VALUE / 2;

  Settling(long intervalNanos) {
    this.intervalNanos = intervalNanos;
  }

  void everybody() {
    everybody = true;
  }

  void only(Participant viewer) {
    viewers.add(viewer);
  }

  void forget(Participant viewer) {
    viewers.remove(viewer);
  }

  /** {@code Long.MAX_VALUE}: nobody has to be assigned anything. */
  long nextTimeoutNanos() {
    return everybody || !viewers.isEmpty() ? lastNanos + intervalNanos : Long.MAX_VALUE;
  }

  /**
   * Those to be assigned now, none when it is too early.
   *
   * @param all who is in the room
   */
  List<Participant> take(Iterable<Participant> all, long nowNanos) {
    if (nextTimeoutNanos() > nowNanos) {
      return List.of();
    }
    if (everybody) {
      all.forEach(viewers::add);
    }
    List<Participant> taken = List.copyOf(viewers);
    viewers.clear();
    everybody = false;
    lastNanos = nowNanos;
    return taken;
  }
}
