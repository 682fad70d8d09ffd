package dev.parley.admin.webhook;

import java.util.Set;

/** Which of the kept events are to be sent once more. */
public sealed interface Replay {
  /** Those that were given up. */
  record GivenUp() implements Replay {}

  /**
   * All from a moment on, delivered or not.
   *
   * @param atMs milliseconds since 1970
   */
  record Since(long atMs) implements Replay {}

  /** Those with an id among these. */
  record Chosen(Set<String> ids) implements Replay {
    public Chosen {
      ids = Set.copyOf(ids);
    }
  }
}
