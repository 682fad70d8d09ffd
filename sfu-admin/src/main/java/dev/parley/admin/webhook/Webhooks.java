package dev.parley.admin.webhook;

import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.room.RoomEvent;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the configured endpoints what happens in rooms. Begins with {@link #open}. Any thread; what
 * is asked is carried out on the webhook thread, which also completes the answers.
 */
public final class Webhooks implements RoomEvent.Listener {
  private static final Logger log = LoggerFactory.getLogger(Webhooks.class);
  private static final int TESTS_AT_ONCE = 4;

  /** How a single request ended. */
  public record TestResult(boolean delivered, int status, String error, long tookMs) {}

  private final WebhookConfig config;
  private final WebhookThread.Parts parts;
  private final WebhookThread thread;
  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger tests = new AtomicInteger();

  public Webhooks(Vertx vertx, WebhookConfig config, CollectorRegistry registry) {
    this(
        config,
        new WebhookThread.Parts(
            new HttpSender(
                vertx,
                new HttpClientOptions(),
                new AddressGuard(config.allowedNetworks()),
                NameLookup.SYSTEM,
                config.timeout(),
                InstantSource.system()),
            RetrySchedule.ROOM,
            RetrySchedule.ENDPOINT,
            InstantSource.system()),
        registry);
  }

  Webhooks(WebhookConfig config, WebhookThread.Parts parts, CollectorRegistry registry) {
    this.config = config;
    this.parts = parts;
    this.thread = new WebhookThread(config, parts, new WebhookMetrics(registry));
  }

  /**
   * Reads the outbox and begins to send. May block.
   *
   * @throws IOException when the outbox cannot be written, or another process has it
   */
  public void open() throws IOException {
    if (config.endpoints().isEmpty()) {
      return;
    }
    if (config.directory().isEmpty()) {
      LogLine.event("webhook.memory_only")
          .with("advice", "set webhooks.directory or rooms.stateFile, or a restart loses events")
          .warn(log);
    }
    thread.open();
  }

  /** Room thread; returns at once. What does not fit is counted. */
  @Override
  public void onRoomEvent(RoomEvent event) {
    if (thread.running()) {
      thread.take(event);
    }
  }

  /** Every endpoint, in the order of the configuration. */
  public CompletionStage<List<EndpointView>> endpoints() {
    return thread.running()
        ? thread.ask(Dispatch::views)
        : CompletableFuture.completedStage(List.of());
  }

  /**
   * Events of an endpoint in the order in which they happened.
   *
   * @param after the id behind which to begin; empty: from the start
   * @param limit the most that are wanted
   * @param state only those; empty: all
   * @return empty when there is no such endpoint
   */
  public CompletionStage<Optional<List<DeliveryView>>> deliveries(
      String name, String after, int limit, Optional<String> state) {
    return of(
        name, known -> known.deliveries(name, OutboxEvent.number(after).orElse(0), limit, state));
  }

  /** Keeps events and sends none, until {@link #resume}. False when there is no such endpoint. */
  public CompletionStage<Boolean> pause(String name) {
    return of(
            name,
            known -> {
              known.pause(name);
              return true;
            })
        .thenApply(Optional::isPresent);
  }

  /** Sends again, and at once what has failed before. False when there is no such endpoint. */
  public CompletionStage<Boolean> resume(String name) {
    return of(
            name,
            known -> {
              known.resume(name);
              return true;
            })
        .thenApply(Optional::isPresent);
  }

  /**
   * Sends kept events once more, with the same ids and in order.
   *
   * @return how many; empty when there is no such endpoint
   */
  public CompletionStage<Optional<Integer>> replay(String name, Replay which) {
    return of(name, known -> known.replay(name, which, parts.clock().millis()));
  }

  /**
   * Sends one {@code webhook.test} now, past the queue.
   *
   * @return how it ended; empty when there is no such endpoint; fails with {@link
   *     RejectedExecutionException} when many are under way
   */
  public CompletionStage<Optional<TestResult>> test(String name) {
    Optional<WebhookEndpoint> endpoint =
        config.endpoints().stream().filter(one -> one.name().equals(name)).findFirst();
    if (endpoint.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    if (tests.incrementAndGet() > TESTS_AT_ONCE) {
      tests.decrementAndGet();
      return CompletableFuture.failedStage(
          new RejectedExecutionException("at most " + TESTS_AT_ONCE + " tests at once"));
    }
    long beganMs = parts.clock().millis();
    String body = OutboxEvent.body("webhook.test", beganMs, Map.of("webhook", name));
    return parts
        .sender()
        .send(endpoint.get(), OutboxEvent.id(0, random.nextLong()), body)
        .whenComplete((result, failed) -> tests.decrementAndGet())
        .thenApply(result ->
            Optional.of(
                new TestResult(
                    result.delivered(),
                    result.status(),
                    result.error(),
                    parts.clock().millis() - beganMs)));
  }

  /**
   * Writes what has come and waits shortly for requests under way.
   *
   * @return done; sends nothing afterwards
   */
  public CompletionStage<Boolean> close() {
    return thread.close();
  }

  private <T> CompletionStage<Optional<T>> of(String name, Function<Dispatch, T> question) {
    return thread.running()
        ? thread.ask(
            known -> known.knows(name) ? Optional.of(question.apply(known)) : Optional.empty())
        : CompletableFuture.completedStage(Optional.empty());
  }
}
