package dev.parley.core.address;

import dev.parley.core.common.AddressText;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What others say this machine's public addresses are. Each source is asked on its own, again when
 * its answer is old, and after a failure sooner; an answer stays until there is another one, as an
 * address outlives the trouble of who was asked. Any thread.
 */
public final class PublicAddresses implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PublicAddresses.class);
  private static final int FIRST_RETRY_SEC = 5;

  /** Runs tasks that may block, some time later. */
  interface Later {
    void run(Duration delay, Runnable task);
  }

  private final List<Inquiry> inquiries;
  private final int refreshSec;
  private final Later later;
  private Runnable changed = () -> {};
  private volatile boolean closed;

  /** One source and what came of asking it; its lock is this object's. */
  private static final class Inquiry {
    final AddressSource source;
    final CompletableFuture<Void> first = new CompletableFuture<>();
    List<InetAddress> known = List.of();
    @Nullable String failure;
    int failures;

    Inquiry(AddressSource source) {
      this.source = source;
    }
  }

  /**
   * Asks on virtual threads, from now on.
   *
   * @param own this machine's addresses to ask from
   */
  public static PublicAddresses ask(AddressLookup lookup, Supplier<List<InetAddress>> own) {
    Executor blocking = task -> Thread.ofVirtual().name("address").start(task);
    return new PublicAddresses(
        lookup.sources(own),
        lookup.refreshSec(),
        (delay, task) ->
            CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, blocking)
                .execute(task));
  }

  PublicAddresses(List<AddressSource> sources, int refreshSec, Later later) {
    this.inquiries = sources.stream().map(Inquiry::new).toList();
    this.refreshSec = refreshSec;
    this.later = later;
    for (Inquiry inquiry : inquiries) {
      later.run(Duration.ZERO, () -> ask(inquiry));
    }
  }

  /** Whether anybody is asked. */
  public boolean isAsking() {
    return !inquiries.isEmpty();
  }

  /** Waits for every source to have answered or failed once, so long at most. */
  public void awaitFirst(Duration patience) {
    CompletableFuture<?>[] firsts =
        inquiries.stream().map(inquiry -> inquiry.first).toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(firsts)
        .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  /** Is run after each change of {@link #known}, on no certain thread. */
  public synchronized void onChange(Runnable listener) {
    changed = listener;
  }

  /** All that is known, in the order of the sources. */
  public synchronized List<InetAddress> known() {
    Set<InetAddress> all = new LinkedHashSet<>();
    inquiries.forEach(inquiry -> all.addAll(inquiry.known));
    return List.copyOf(all);
  }

  /** What went wrong at the last question to each source that has an unanswered one. */
  public synchronized List<String> failures() {
    return inquiries.stream()
        .flatMap(inquiry ->
            Optional.ofNullable(inquiry.failure)
                .map(cause -> inquiry.source.name() + ": " + cause)
                .stream())
        .toList();
  }

  /** Asks nobody any more. */
  @Override
  public void close() {
    closed = true;
  }

  private void ask(Inquiry inquiry) {
    if (closed) {
      return;
    }
    int againSec;
    try {
      againSec = note(inquiry, inquiry.source.ask());
    } catch (IOException | RuntimeException e) {
      againSec = note(inquiry, e);
    }
    inquiry.first.complete(null);
    if (!closed) {
      later.run(Duration.ofSeconds(againSec), () -> ask(inquiry));
    }
  }

  private int note(Inquiry inquiry, List<InetAddress> answer) {
    Runnable listener;
    synchronized (this) {
      inquiry.failure = null;
      inquiry.failures = 0;
      if (answer.equals(inquiry.known)) {
        return refreshSec;
      }
      inquiry.known = answer;
      listener = changed;
    }
    LOG.atInfo()
        .addKeyValue("event", "address.found")
        .addKeyValue("source", inquiry.source.name())
        .addKeyValue(
            "addresses", answer.stream().map(AddressText::of).collect(Collectors.joining(",")))
        .log();
    listener.run();
    return refreshSec;
  }

  private int note(Inquiry inquiry, Exception e) {
    String cause = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    int againSec;
    boolean first;
    synchronized (this) {
      first = inquiry.failure == null;
      inquiry.failure = cause;
      againSec = Math.min(refreshSec, FIRST_RETRY_SEC << Math.min(inquiry.failures++, 8));
    }
    // Told once: it is asked again and again, and /readyz says how it stands.
    (first ? LOG.atWarn() : LOG.atDebug())
        .addKeyValue("event", "address.lookup_failed")
        .addKeyValue("source", inquiry.source.name())
        .addKeyValue("cause", cause)
        .addKeyValue("againSec", againSec)
        .log();
    return againSec;
  }
}
