package dev.parley.signaling.whip;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The resources that ended in the last minute. A client that says goodbye by DTLS, which ends its
 * resource, sends its DELETE only then; that one shall succeed. Any thread.
 */
final class EndedResources {
  /** Above the timeout of any client's request. */
  static final long REMEMBERED_NANOS = 60_000_000_000L;

  /** When more end in a minute, the earliest are forgotten. */
  static final int MOST = 4096;

  private record Ended(String room, String identity, long nanos) {}

  private final Map<String, Ended> byId = new HashMap<>();
  private final ArrayDeque<String> earliestFirst = new ArrayDeque<>();

  synchronized void add(Resource resource, long nowNanos) {
    forget(nowNanos);
    Ended gone = new Ended(resource.room, resource.identity, nowNanos);
    if (byId.putIfAbsent(resource.id, gone) == null) {
      earliestFirst.add(resource.id);
    }
    if (earliestFirst.size() > MOST) {
      byId.remove(earliestFirst.remove());
    }
  }

  /** Whose it was; empty when no resource of this room and id ended a moment ago. */
  synchronized Optional<String> identityOf(String room, String id, long nowNanos) {
    forget(nowNanos);
    return Optional.ofNullable(byId.get(id))
        .filter(ended -> ended.room().equals(room))
        .map(Ended::identity);
  }

  private void forget(long nowNanos) {
    while (!earliestFirst.isEmpty()) {
      Ended ended = byId.get(earliestFirst.element());
      if (ended != null && nowNanos - ended.nanos() <= REMEMBERED_NANOS) {
        return;
      }
      byId.remove(earliestFirst.remove());
    }
  }
}
