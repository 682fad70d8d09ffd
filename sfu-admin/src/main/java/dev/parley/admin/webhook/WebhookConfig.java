package dev.parley.admin.webhook;

import dev.parley.signaling.config.Networks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who is told of what happens in rooms, and how long is tried.
 *
 * @param directory of the outbox; empty: it is kept in memory only
 * @param timeout of one request, from the look-up of the name on
 * @param giveUpAfter how old an event must be that is given up when it fails once more
 * @param keep how long events can be replayed
 * @param maxEvents how many the outbox holds; those that wait share it evenly among endpoints
 * @param allowedNetworks networks besides the public one that may be reached, also by http
 */
public record WebhookConfig(
    List<WebhookEndpoint> endpoints,
    Optional<Path> directory,
    Duration timeout,
    Duration giveUpAfter,
    Duration keep,
    int maxEvents,
    Networks allowedNetworks) {
  /** Each has its own connections and its own part of the outbox. */
  public static final int MOST_ENDPOINTS = 32;

  /** Nobody is told. */
  public static final WebhookConfig NONE =
      new WebhookConfig(
          List.of(),
          Optional.empty(),
          Duration.ofSeconds(10),
          Duration.ofDays(3),
          Duration.ofDays(3),
          100_000,
          new Networks(List.of()));

  public WebhookConfig {
    endpoints = List.copyOf(endpoints);
    long names = endpoints.stream().map(WebhookEndpoint::name).distinct().count();
    if (names < endpoints.size()) {
      throw new IllegalArgumentException("endpoints: expected a name of its own for each");
    }
    if (endpoints.size() > MOST_ENDPOINTS) {
      throw new IllegalArgumentException("endpoints: expected at most " + MOST_ENDPOINTS);
    }
  }

  /** How many events may wait for one endpoint. */
  int maxPending() {
    return Math.max(1, maxEvents / Math.max(1, endpoints.size()));
  }
}
