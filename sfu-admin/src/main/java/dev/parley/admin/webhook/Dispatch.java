package dev.parley.admin.webhook;

import dev.parley.admin.webhook.WebhookMetrics.Drop;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.room.RoomEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All endpoints with their queues, over one outbox: which event goes to whom, and what an operator
 * asks of it. Webhook thread; time is an argument.
 */
final class Dispatch {
  private static final Logger log = LoggerFactory.getLogger(Dispatch.class);
  private static final long EXPIRE_EVERY_MS = 60_000;

  /** One in so many events of a full outbox makes room at once. */
  private static final int ROOM_MADE = 100;

  /** A request that is to be made. */
  record Request(WebhookEndpoint endpoint, long number, OutboxEvent event) {}

  private final WebhookConfig config;
  private final Outbox outbox;
  private final RandomGenerator random;
  private final WebhookMetrics metrics;
  private final Map<String, WebhookEndpoint> endpoints = new LinkedHashMap<>();
  private final Map<String, EndpointQueue> queues = new LinkedHashMap<>();

  /** Of endpoints whose part of the outbox is full: how many events they miss. */
  private final Map<String, Long> missed = new HashMap<>();

  private long lastNumber;
  private long expireMs;

  Dispatch(
      WebhookConfig config,
      Outbox outbox,
      RetrySchedule room,
      RetrySchedule endpoint,
      RandomGenerator random,
      WebhookMetrics metrics) {
    this.config = config;
    this.outbox = outbox;
    this.random = random;
    this.metrics = metrics;
    this.lastNumber = outbox.lastNumber();
    for (WebhookEndpoint one : config.endpoints()) {
      endpoints.put(one.name(), one);
      queues.put(
          one.name(),
          new EndpointQueue(
              one.name(), outbox, config.giveUpAfter().toMillis(), room, endpoint, random));
    }
  }

  long lastNumber() {
    return lastNumber;
  }

  /**
   * Keeps an event for everybody who wants it.
   *
   * @param number greater than all before; what is left out was lost on the way here
   */
  void take(long number, RoomEvent event, long nowMs) {
    if (number > lastNumber + 1) {
      LogLine.event("webhook.lost")
          .with("first", lastNumber + 1)
          .with("events", number - lastNumber - 1)
          .warn(log);
    }
    lastNumber = number;
    List<String> takers = new ArrayList<>();
    boolean wanted = false;
    for (WebhookEndpoint endpoint : endpoints.values()) {
      if (endpoint.wants(event)) {
        wanted = true;
        if (mayTake(endpoint.name(), number)) {
          takers.add(endpoint.name());
        }
      }
    }
    if (wanted) {
      metrics.event();
    }
    if (takers.isEmpty()) {
      return;
    }
    if (outbox.size() >= config.maxEvents()) {
      outbox.expire(Long.MIN_VALUE, Math.max(1, config.maxEvents() / ROOM_MADE));
    }
    outbox.add(number, OutboxEvent.of(number, random.nextLong(), event), takers, nowMs);
    takers.forEach(name -> queue(name).add(number, event.room()));
  }

  private boolean mayTake(String name, long number) {
    EndpointQueue queue = queue(name);
    if (queue.mode() == EndpointQueue.Mode.DISABLED) {
      metrics.drop(Drop.DISABLED, 1);
      return false;
    }
    if (queue.pending() >= config.maxPending()) {
      if (missed.merge(name, 1L, Long::sum) == 1) {
        LogLine.event("webhook.full").with("webhook", name).with("first", number).warn(log);
      }
      metrics.drop(Drop.OUTBOX_FULL, 1);
      return false;
    }
    @Nullable Long none = missed.remove(name);
    if (none != null) {
      LogLine.event("webhook.full_no_more").with("webhook", name).with("missed", none).warn(log);
    }
    return true;
  }

  /** What is to be sent now, each to be followed by {@link #done}. */
  List<Request> due(long nowMs) {
    if (nowMs >= expireMs) {
      expireMs = nowMs + EXPIRE_EVERY_MS;
      outbox.expire(nowMs - config.keep().toMillis(), 0);
    }
    List<Request> due = new ArrayList<>();
    for (WebhookEndpoint endpoint : endpoints.values()) {
      EndpointQueue queue = queue(endpoint.name());
      OptionalLong number = queue.next(nowMs);
      while (number.isPresent()) {
        long next = number.getAsLong();
        OutboxEvent event =
            outbox
                .event(next)
                .orElseThrow(() -> new IllegalStateException("a pending event is gone: " + next));
        due.add(new Request(endpoint, next, event));
        number = queue.next(nowMs);
      }
    }
    return due;
  }

  void done(Request request, AttemptResult result, long nowMs) {
    int given =
        queue(request.endpoint().name())
            .done(request.number(), request.event().room(), result, nowMs);
    metrics.drop(Drop.GIVEN_UP, given);
  }

  /** When {@link #due} may have something, without anything happening. */
  long nextDueMs() {
    return queues.values().stream().mapToLong(EndpointQueue::nextDueMs).min().orElse(expireMs);
  }

  int pending() {
    return queues.values().stream().mapToInt(EndpointQueue::pending).sum();
  }

  int sending() {
    return queues.values().stream().mapToInt(EndpointQueue::sending).sum();
  }

  boolean knows(String name) {
    return endpoints.containsKey(name);
  }

  List<EndpointView> views() {
    return endpoints.values().stream().map(one -> queue(one.name()).view(one)).toList();
  }

  void pause(String name) {
    queue(name).pause();
  }

  void resume(String name) {
    queue(name).resume();
  }

  /** As {@link Webhooks#deliveries}. */
  List<DeliveryView> deliveries(String name, long after, int limit, Optional<String> state) {
    List<DeliveryView> page = new ArrayList<>();
    outbox.walk(
        name,
        after,
        (number, delivery) -> {
          if (state.filter(wanted -> !wanted.equals(delivery.state().wireName())).isEmpty()) {
            outbox.event(number).ifPresent(event -> page.add(DeliveryView.of(event, delivery)));
          }
          return page.size() < limit;
        });
    return page;
  }

  /** As {@link Webhooks#replay}. */
  int replay(String name, Replay which, long nowMs) {
    EndpointQueue queue = queue(name);
    List<Long> numbers = new ArrayList<>();
    outbox.walk(
        name,
        0,
        (number, delivery) -> {
          outbox
              .event(number)
              .filter(event -> includes(which, event, delivery))
              .ifPresent(event -> numbers.add(number));
          return true;
        });
    int queued = 0;
    for (long number : numbers) {
      if (queue.pending() < config.maxPending() && queue.replay(number, nowMs)) {
        queued++;
      }
    }
    LogLine.event("webhook.replay").with("webhook", name).with("events", queued).info(log);
    return queued;
  }

  private static boolean includes(Replay which, OutboxEvent event, Delivery delivery) {
    return switch (which) {
      case Replay.GivenUp() -> delivery.state() == Delivery.State.FAILED;
      case Replay.Since(long atMs) -> event.atMs() >= atMs;
      case Replay.Chosen(var ids) -> ids.contains(event.id());
    };
  }

  private EndpointQueue queue(String name) {
    @Nullable EndpointQueue queue = queues.get(name);
    if (queue == null) {
      throw new IllegalArgumentException("no webhook " + name);
    }
    return queue;
  }

  void close() {
    outbox.close();
  }
}
