package dev.parley.core.dtls;

import java.util.ArrayDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs the blocking DTLS handshakes of all workers on virtual threads, a bounded number at a time;
 * further ones wait in order. So a thousand clients arriving at once cost memory for a thousand
 * ClientHellos and not for a thousand handshakes, and none is lost. A handshake whose peer has kept
 * it waiting for 2 s gives its place to one that waits for it, so peers that fall silent hold up
 * the others for that long and not until their own timeout. Any thread; locks are held for a few
 * instructions only.
 */
public final class HandshakeExecutor implements AutoCloseable {
  private static final int DEFAULT_PER_CORE = 64;
  private static final int DEFAULT_WAITING = 4096;

  /** A peer answers within one round trip, or after a loss within a repeat or two. */
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private final int concurrent;
  private final int maxWaiting;
  private final long patienceNanos;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dtls-", 0).factory());
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int running;
  private boolean closed;

  /** 64 handshakes per core at a time, 4096 waiting. */
  public HandshakeExecutor() {
    this(DEFAULT_PER_CORE * Runtime.getRuntime().availableProcessors(), DEFAULT_WAITING);
  }

  /**
   * @param concurrent handshakes that may be under way, each waiting for its peer most of the time
   * @param maxWaiting handshakes that may wait for a place
   */
  public HandshakeExecutor(int concurrent, int maxWaiting) {
    this(concurrent, maxWaiting, PATIENCE_NANOS);
  }

  /** {@code patienceNanos}: for how long a peer may be waited for while others wait for a place. */
  HandshakeExecutor(int concurrent, int maxWaiting, long patienceNanos) {
    if (concurrent < 1 || maxWaiting < 0) {
      throw new IllegalArgumentException(
          "concurrent " + concurrent + " must be 1 or more, waiting " + maxWaiting + " 0 or more");
    }
    this.concurrent = concurrent;
    this.maxWaiting = maxWaiting;
    this.patienceNanos = patienceNanos;
  }

  /** Runs it now or later; false if too many wait already, or this is closed. */
  boolean submit(Runnable handshake) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      if (running == concurrent) {
        return waiting.size() < maxWaiting && waiting.add(handshake);
      }
      running++;
    } finally {
      lock.unlock();
    }
    threads.execute(() -> runAll(handshake));
    return true;
  }

  private void runAll(Runnable first) {
    for (Runnable next = first; next != null; next = next()) {
      next.run();
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      Runnable next = closed ? null : waiting.poll();
      if (next == null) {
        running--;
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a handshake that has waited so long for its peer, in all, is to give up its place. */
  boolean wantsPlaceBack(long waitedNanos) {
    return waitedNanos >= patienceNanos && waiting() > 0;
  }

  /** Handshakes under way, for metrics. */
  public int running() {
    lock.lock();
    try {
      return running;
    } finally {
      lock.unlock();
    }
  }

  /** Handshakes waiting for a place, for metrics. */
  public int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts what is under way, which then fails; forgets what waits. Returns at once. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
    } finally {
      lock.unlock();
    }
    threads.shutdownNow();
  }
}
