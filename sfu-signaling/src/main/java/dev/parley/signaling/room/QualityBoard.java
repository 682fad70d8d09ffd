package dev.parley.signaling.room;

import dev.parley.signaling.observe.CallCounters;
import dev.parley.signaling.wire.Event;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How good the connections in one room are, told to everybody: what changes, together. Room thread.
 */
final class QualityBoard {
  private static final long PAUSE_MS = 2_000;

  private final Room room;
  private final CallCounters counters;
  private final Map<String, Integer> levels = new LinkedHashMap<>();
  private final Set<String> news = new LinkedHashSet<>();
  private long toldMs;

  QualityBoard(Room room, CallCounters counters) {
    this.room = room;
    this.counters = counters;
  }

  void set(String participantId, int level) {
    count(levels.put(participantId, level), -1);
    count(level, 1);
    news.add(participantId);
  }

  void forget(String participantId) {
    count(levels.remove(participantId), -1);
    news.remove(participantId);
  }

  private void count(@Nullable Integer level, int change) {
    if (level != null) {
      counters.quality(level, change);
    }
  }

  long nextTimeoutMs() {
    return news.isEmpty() ? Agenda.NEVER : toldMs + PAUSE_MS;
  }

  void settle(long nowMs) {
    if (nowMs >= nextTimeoutMs()) {
      toldMs = nowMs;
      room.tellAll(of(news));
      news.clear();
    }
  }

  /** For one who comes in. */
  Optional<Event.Quality> all() {
    return levels.isEmpty() ? Optional.empty() : Optional.of(of(levels.keySet()));
  }

  private Event.Quality of(Set<String> ids) {
    List<Event.QualityLevel> updates =
        ids.stream().map(id -> new Event.QualityLevel(id, levels.getOrDefault(id, 0))).toList();
    return new Event.Quality(updates);
  }
}
