package dev.parley.admin.webhook;

import dev.parley.admin.webhook.WebhookMetrics.Drop;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.room.RoomEvent;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns the {@link Dispatch}: takes events, results and questions from bounded
 * queues, sends what is due, and sleeps until something is. Methods: any thread.
 */
final class WebhookThread {
  /** Events between room thread and outbox. */
  static final int QUEUED_EVENTS = 10_000;

  private static final Logger log = LoggerFactory.getLogger(WebhookThread.class);
  private static final int QUEUED_QUESTIONS = 256;
  private static final long WAKE_AT_LEAST_MS = 1000;

  /** For requests that are under way when the server stops; else they are made again later. */
  private static final long CLOSING_MS = 2000;

  private static final long REOPEN_AFTER_MS = 1000;

  private static final String STOPPING = "the server is stopping";

  /** What somebody asks, and where the answer goes; every one is answered or refused. */
  private record Question<T>(Function<Dispatch, T> asked, CompletableFuture<T> told) {
    void answer(Dispatch known) {
      try {
        told.complete(asked.apply(known));
      } catch (RuntimeException broken) {
        told.completeExceptionally(broken);
      }
    }

    void refuse(String why) {
      told.completeExceptionally(new RejectedExecutionException(why));
    }
  }

  private record Taken(long number, RoomEvent event) {}

  /** What tests choose themselves. */
  record Parts(
      WebhookSender sender, RetrySchedule room, RetrySchedule endpoint, InstantSource clock) {}

  private final WebhookConfig config;
  private final Parts parts;
  private final WebhookMetrics metrics;
  private final SecureRandom random = new SecureRandom();
  private final ArrayBlockingQueue<Taken> events = new ArrayBlockingQueue<>(QUEUED_EVENTS);
  private final ArrayBlockingQueue<Question<?>> questions =
      new ArrayBlockingQueue<>(QUEUED_QUESTIONS);

  /** As many as there are requests under way. */
  private final Queue<Runnable> results = new ConcurrentLinkedQueue<>();

  private final AtomicLong lastNumber = new AtomicLong();
  private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
  private volatile @Nullable Dispatch dispatch;
  private volatile @Nullable Thread thread;
  private volatile boolean closing;

  /** Nobody looks for questions any more. */
  private volatile boolean ended;

  WebhookThread(WebhookConfig config, Parts parts, WebhookMetrics metrics) {
    this.config = config;
    this.parts = parts;
    this.metrics = metrics;
  }

  /**
   * Reads the outbox and begins. May block.
   *
   * @throws IOException when the outbox cannot be written, or another process has it
   */
  void open() throws IOException {
    Dispatch opened = dispatch();
    lastNumber.set(opened.lastNumber());
    dispatch = opened;
    thread = Thread.ofVirtual().name("webhooks").start(() -> run(opened));
  }

  private Dispatch dispatch() throws IOException {
    Outbox outbox =
        Outbox.open(
            config.directory(), config.endpoints().stream().map(WebhookEndpoint::name).toList());
    return new Dispatch(config, outbox, parts.room(), parts.endpoint(), random, metrics);
  }

  boolean running() {
    return thread != null;
  }

  /** Returns at once. What does not fit is counted, and its number is missing. */
  void take(RoomEvent event) {
    if (!events.offer(new Taken(lastNumber.incrementAndGet(), event))) {
      metrics.drop(Drop.QUEUE_FULL, 1);
    }
    LockSupport.unpark(thread);
  }

  /**
   * Asks on the webhook thread.
   *
   * @return the answer, on that thread; fails with {@link RejectedExecutionException} when many
   *     others ask, or the server stops
   */
  <T> CompletionStage<T> ask(Function<Dispatch, T> question) {
    Question<T> asking = new Question<>(question, new CompletableFuture<>());
    if (closing) {
      asking.refuse(STOPPING);
    } else if (!questions.offer(asking)) {
      asking.refuse("too many questions at once");
    } else if (ended) {
      // It may have come behind the last look.
      refuseQuestions();
    }
    LockSupport.unpark(thread);
    return asking.told();
  }

  private void refuseQuestions() {
    for (@Nullable Question<?> next = questions.poll(); next != null; next = questions.poll()) {
      next.refuse(STOPPING);
    }
  }

  /** Writes what has come and waits shortly for requests under way. */
  CompletionStage<Boolean> close() {
    @Nullable Thread running = thread;
    closing = true;
    if (running == null) {
      ended = true;
      refuseQuestions();
      parts.sender().close();
      closed.complete(true);
    } else {
      LockSupport.unpark(running);
    }
    return closed;
  }

  private void run(Dispatch opened) {
    Dispatch known = opened;
    long closeByMs = Long.MAX_VALUE;
    while (parts.clock().millis() < closeByMs) {
      try {
        work(known);
      } catch (RuntimeException broken) {
        known = recovered(known, broken);
        dispatch = known;
      }
      if (closing && closeByMs == Long.MAX_VALUE) {
        closeByMs = parts.clock().millis() + CLOSING_MS;
      }
      // What is in memory only is sent now or never; the rest waits for the next start.
      long dueMs = closing && kept() ? Long.MAX_VALUE : known.nextDueMs();
      boolean idle = events.isEmpty() && results.isEmpty() && questions.isEmpty();
      long waitMs = Math.min(dueMs - parts.clock().millis(), WAKE_AT_LEAST_MS);
      if (idle && waitMs > 0) {
        if (closing && known.sending() == 0) {
          break;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(waitMs));
      }
    }
    thread = null;
    if (!kept() && known.pending() > 0) {
      LogLine.event("webhook.forgotten").with("events", known.pending()).warn(log);
    }
    close(known);
    ended = true;
    refuseQuestions();
    parts.sender().close();
    closed.complete(true);
  }

  private boolean kept() {
    return config.directory().isPresent();
  }

  /**
   * A disk that is full has closed the file: what was written by then is read again. Without a file
   * the same goes on.
   */
  private Dispatch recovered(Dispatch known, RuntimeException broken) {
    long untilMs = parts.clock().millis() + REOPEN_AFTER_MS;
    while (!closing && parts.clock().millis() < untilMs) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(REOPEN_AFTER_MS));
    }
    List<Taken> lost = new ArrayList<>();
    events.drainTo(lost);
    // One more: the event that was in hand, if it was one.
    metrics.drop(Drop.STORE, lost.size() + 1L);
    LogLine.event("webhook.broken").with("lost", lost.size() + 1).error(log, broken);
    if (!kept()) {
      return known;
    }
    close(known);
    try {
      return dispatch();
    } catch (IOException | RuntimeException still) {
      LogLine.event("webhook.broken").error(log, still);
      return known;
    }
  }

  private static void close(Dispatch known) {
    try {
      known.close();
    } catch (RuntimeException broken) {
      LogLine.event("webhook.broken").error(log, broken);
    }
  }

  private void work(Dispatch known) {
    for (@Nullable Taken next = events.poll(); next != null; next = events.poll()) {
      known.take(next.number(), next.event(), parts.clock().millis());
    }
    for (@Nullable Runnable next = results.poll(); next != null; next = results.poll()) {
      next.run();
    }
    for (@Nullable Question<?> next = questions.poll(); next != null; next = questions.poll()) {
      next.answer(known);
    }
    if (!closing || !kept()) {
      known.due(parts.clock().millis()).forEach(request -> send(known, request));
    }
    metrics.pending(known.pending());
  }

  private void send(Dispatch known, Dispatch.Request request) {
    long beganMs = parts.clock().millis();
    parts
        .sender()
        .send(request.endpoint(), request.event().id(), request.event().body())
        .whenComplete((result, never) -> {
          results.add(() -> {
            metrics.attempt(result, parts.clock().millis() - beganMs);
            // Of an outbox that was opened anew it is under way no more, and is sent again.
            if (known == dispatch) {
              known.done(request, result, parts.clock().millis());
            }
          });
          LockSupport.unpark(thread);
        });
  }
}
