package dev.parley.core.transport;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What checks may name: one ufrag, and a second one while a restart goes on (RFC 8445 section 9).
 * Worker's thread only.
 */
final class Ufrags {
  private String current;
  private @Nullable String next;

  /** Those that were used. */
  private int restarts;

  Ufrags(String current) {
    this.current = current;
  }

  List<String> all() {
    String second = next;
    return second == null ? List.of(current) : List.of(current, second);
  }

  void describe(Map<String, Object> state) {
    state.put("iceRestarts", restarts);
    state.put("iceRestarting", next != null);
  }

  /**
   * A restart begins; one that was not used yet is over.
   *
   * @throws IllegalStateException when another transport has the ufrag; nothing has changed
   */
  void restart(String fresh, Routes routes, Transport transport) {
    routes.name(fresh, transport);
    String unused = next;
    if (unused != null) {
      routes.unname(unused, transport);
    }
    next = fresh;
  }

  /** The restart is used: the ufrag before is void. Returns whether there was one. */
  boolean promote(Routes routes, Transport transport) {
    String fresh = next;
    if (fresh == null) {
      return false;
    }
    routes.unname(current, transport);
    current = fresh;
    next = null;
    restarts++;
    return true;
  }
}
