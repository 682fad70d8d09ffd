package dev.parley.admin.webhook;

import dev.parley.signaling.observe.LogLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one endpoint, and what is to be sent when: in a room one event after the other,
 * rooms side by side. What fails holds back its own room. Webhook thread; time is an argument.
 */
final class EndpointQueue {
  /** Requests to one endpoint at the same time. */
  static final int MOST_AT_ONCE = 8;

  private static final Logger log = LoggerFactory.getLogger(EndpointQueue.class);
  private static final String MODE = "mode.";

  /** What an endpoint does besides sending. */
  enum Mode {
    ACTIVE,
    /** By an operator: events are kept, and nothing is sent. */
    PAUSED,
    /** By the endpoint (410): it is sent nothing, and nothing is kept for it. */
    DISABLED
  }

  /** Events of one room. In {@code ready}, in {@code waiting}, or under way. */
  private static final class Lane {
    private final String room;
    private final TreeSet<Long> numbers = new TreeSet<>();
    private boolean sending;
    private int failures;
    private long dueMs;

    Lane(String room) {
      this.room = room;
    }
  }

  private final String name;
  private final Outbox outbox;
  private final long giveUpAfterMs;
  private final RetrySchedule schedule;
  private final RandomGenerator random;
  private final Circuit circuit;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Deque<Lane> ready = new ArrayDeque<>();
  private final PriorityQueue<Lane> waiting =
      new PriorityQueue<>(Comparator.comparingLong((Lane lane) -> lane.dueMs));
  private Mode mode;
  private int pending;
  private int sending;
  private long delivered;
  private long givenUp;
  private long lastDeliveredMs;
  private String lastError = "";

  /**
   * Goes on with what waits in the outbox.
   *
   * @param giveUpAfterMs how old an event must be that is given up when it fails once more
   */
  EndpointQueue(
      String name,
      Outbox outbox,
      long giveUpAfterMs,
      RetrySchedule room,
      RetrySchedule endpoint,
      RandomGenerator random) {
    this.name = name;
    this.outbox = outbox;
    this.giveUpAfterMs = giveUpAfterMs;
    this.schedule = room;
    this.random = random;
    this.circuit = new Circuit(endpoint, random);
    this.mode = Mode.valueOf(outbox.note(MODE + name).orElse(Mode.ACTIVE.name()));
    outbox.walk(
        name,
        0,
        (number, delivery) -> {
          if (delivery.pending()) {
            outbox.event(number).ifPresent(event -> add(number, event.room()));
          }
          return true;
        });
  }

  Mode mode() {
    return mode;
  }

  int pending() {
    return pending;
  }

  int sending() {
    return sending;
  }

  /** Puts an event, kept as pending, where its number has its place. */
  void add(long number, String room) {
    Lane lane = lanes.computeIfAbsent(room, Lane::new);
    boolean idle = lane.numbers.isEmpty() && !lane.sending;
    if (lane.numbers.add(number)) {
      pending++;
    }
    if (idle) {
      ready.add(lane);
    }
  }

  /**
   * The number of the event that is to be sent now, which is then under way until {@link #done}.
   */
  OptionalLong next(long nowMs) {
    if (mode != Mode.ACTIVE || sending >= MOST_AT_ONCE) {
      return OptionalLong.empty();
    }
    while (!waiting.isEmpty() && waiting.peek().dueMs <= nowMs) {
      ready.add(waiting.remove());
    }
    @Nullable Lane lane;
    if (circuit.open()) {
      if (sending > 0 || nowMs < circuit.notBeforeMs()) {
        return OptionalLong.empty();
      }
      lane = ready.isEmpty() ? waiting.poll() : ready.poll();
    } else {
      lane = ready.poll();
    }
    if (lane == null) {
      return OptionalLong.empty();
    }
    lane.sending = true;
    sending++;
    return OptionalLong.of(lane.numbers.first());
  }

  /** When to ask for the next one; {@link Long#MAX_VALUE} while only something else may help. */
  long nextDueMs() {
    if (mode != Mode.ACTIVE || sending >= MOST_AT_ONCE) {
      return Long.MAX_VALUE;
    }
    boolean some = !ready.isEmpty() || !waiting.isEmpty();
    if (circuit.open()) {
      return some && sending == 0 ? circuit.notBeforeMs() : Long.MAX_VALUE;
    }
    return !ready.isEmpty() ? 0 : waiting.isEmpty() ? Long.MAX_VALUE : waiting.peek().dueMs;
  }

  /**
   * What came of an event that was under way.
   *
   * @return how many events were given up
   */
  int done(long number, String room, AttemptResult result, long nowMs) {
    @Nullable Lane lane = lanes.get(room);
    if (lane == null || !lane.sending) {
      throw new IllegalStateException("nothing of " + room + " is under way to " + name);
    }
    lane.sending = false;
    sending--;
    // What was given up meanwhile stays so, unless it has arrived.
    outbox
        .delivery(name, number)
        .filter(before -> before.pending() || result.delivered())
        .ifPresent(before -> outbox.put(name, number, before.after(result)));
    return result.delivered() ? succeeded(lane, number, nowMs) : failed(lane, result, nowMs);
  }

  private int succeeded(Lane lane, long number, long nowMs) {
    delivered++;
    lastDeliveredMs = nowMs;
    lane.failures = 0;
    remove(lane, number);
    if (circuit.succeeded()) {
      LogLine.event("webhook.back").with("webhook", name).with("pending", pending).info(log);
      ready.addAll(waiting);
      waiting.clear();
    }
    queue(lane, 0);
    return 0;
  }

  private int failed(Lane lane, AttemptResult result, long nowMs) {
    lastError = result.error();
    lane.failures++;
    LogLine.event("webhook.failed")
        .with("webhook", name)
        .with("room", lane.room)
        .with("outcome", result.outcome().name().toLowerCase(Locale.ROOT))
        .with("error", result.error())
        .with("attempts", lane.failures)
        .warn(log);
    if (result.outcome() == AttemptResult.Outcome.GONE) {
      return disable(lane, nowMs);
    }
    circuit.failed(lane.room, result, nowMs);
    int given = giveUp(lane, nowMs);
    if (given > 0) {
      lane.failures = 1;
    }
    long delayMs = schedule.delayMs(lane.failures, random);
    queue(lane, nowMs + Math.max(delayMs, result.retryAfterMs().orElse(0)));
    return given;
  }

  /** Those of a failing room that have become too old. */
  private int giveUp(Lane lane, long nowMs) {
    List<Long> old = new ArrayList<>();
    for (long number : lane.numbers) {
      Optional<Delivery> delivery = outbox.delivery(name, number);
      if (delivery.isPresent() && nowMs - delivery.get().queuedAtMs() < giveUpAfterMs) {
        break;
      }
      old.add(number);
    }
    return giveUp(lane, old);
  }

  private int giveUp(Lane lane, List<Long> numbers) {
    for (long number : numbers) {
      outbox
          .delivery(name, number)
          .ifPresent(delivery -> outbox.put(name, number, delivery.givenUp()));
      remove(lane, number);
    }
    givenUp += numbers.size();
    if (!numbers.isEmpty()) {
      LogLine.event("webhook.given_up")
          .with("webhook", name)
          .with("room", lane.room)
          .with("events", numbers.size())
          .with("first", numbers.getFirst())
          .warn(log);
    }
    return numbers.size();
  }

  private int disable(Lane told, long nowMs) {
    mode(Mode.DISABLED);
    queue(told, nowMs);
    int given = 0;
    for (Lane lane : List.copyOf(lanes.values())) {
      given += giveUp(lane, List.copyOf(lane.numbers));
    }
    // Requests that are under way find their lanes; these have nothing more to send.
    ready.clear();
    waiting.clear();
    lanes.values().removeIf(lane -> !lane.sending);
    return given;
  }

  private void remove(Lane lane, long number) {
    if (lane.numbers.remove(number)) {
      pending--;
    }
  }

  private void queue(Lane lane, long dueMs) {
    lane.dueMs = dueMs;
    if (lane.numbers.isEmpty()) {
      lanes.remove(lane.room);
    } else if (dueMs == 0) {
      ready.add(lane);
    } else {
      waiting.add(lane);
    }
  }

  void pause() {
    mode(Mode.PAUSED);
  }

  /** Sends again, and at once. */
  void resume() {
    mode(Mode.ACTIVE);
    circuit.reset();
    ready.addAll(waiting);
    waiting.clear();
    lanes.values().forEach(lane -> lane.failures = 0);
  }

  private void mode(Mode wanted) {
    mode = wanted;
    outbox.note(MODE + name, wanted.name());
    LogLine.event("webhook.mode").with("webhook", name).with("mode", wanted).info(log);
  }

  /** Makes a kept event pending again, unless it still is. */
  boolean replay(long number, long nowMs) {
    Optional<Delivery> delivery = outbox.delivery(name, number).filter(known -> !known.pending());
    Optional<OutboxEvent> event = outbox.event(number);
    if (delivery.isEmpty() || event.isEmpty()) {
      return false;
    }
    outbox.put(name, number, Delivery.queued(nowMs));
    add(number, event.get().room());
    return true;
  }

  /** As an operator sees it. */
  EndpointView view(WebhookEndpoint endpoint) {
    boolean failing = circuit.open() || lanes.values().stream().anyMatch(lane -> lane.failures > 0);
    long nextMs = nextDueMs();
    return new EndpointView(
        name,
        endpoint.shownUrl(),
        endpoint.events(),
        endpoint.rooms(),
        switch (mode) {
          case ACTIVE -> failing ? "retrying" : "ok";
          case PAUSED -> "paused";
          case DISABLED -> "disabled";
        },
        pending,
        delivered,
        givenUp,
        lastError,
        lastDeliveredMs == 0 ? OptionalLong.empty() : OptionalLong.of(lastDeliveredMs),
        failing && nextMs > 0 && nextMs < Long.MAX_VALUE
            ? OptionalLong.of(nextMs)
            : OptionalLong.empty());
  }
}
