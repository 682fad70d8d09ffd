package dev.parley.core.server;

import dev.parley.core.common.DatagramSink;
import dev.parley.core.net.Detour;
import dev.parley.core.transport.Transport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a session lives: the worker whose port it uses, or another one that it has moved to with
 * its room. A task given here runs on the thread of the worker where it lives, also when it moves
 * before the task's turn. Any thread, but for what says otherwise.
 */
final class Home implements Executor {
  private final Worker origin;
  private volatile Worker worker;

  /** While it lives elsewhere; belongs to the worker where it lives. */
  private @Nullable Detour detour;

  Home(Worker origin) {
    this.origin = origin;
    this.worker = origin;
  }

  /** The worker whose port the session uses as long as it lasts. */
  Worker origin() {
    return origin;
  }

  Worker worker() {
    return worker;
  }

  /**
   * Changes on the thread of the worker that is left, so it is certain on a worker's own thread.
   */
  boolean isAt(Worker other) {
    return worker == other;
  }

  /**
   * Moves the transport. On the thread of the worker that is left; the transport is the other one's
   * when this returns.
   *
   * @param out from the next worker through the port of the origin
   */
  void move(Transport transport, Worker next, DatagramSink out) {
    Detour way = detour;
    if (way == null) {
      way = origin.demux().divert(transport, origin.executor());
      detour = way;
    }
    boolean back = next == origin;
    transport.moveTo(out, back ? origin.demux() : way, next.counters());
    worker.load().decrementAndGet();
    next.load().incrementAndGet();
    worker = next;
    way.leadTo(back ? null : origin.handoverTo(next));
  }

  /** On the thread of the worker that it has moved to: the way is not needed back at the origin. */
  void moved(Transport transport) {
    Detour way = detour;
    if (way != null && isAt(origin)) {
      detour = null;
      if (transport.closed()) {
        origin.demux().release(way);
      } else {
        origin.demux().restore(way);
      }
    }
  }

  @Override
  public void execute(Runnable task) {
    Worker here = worker;
    here.executor()
        .execute(() -> {
          if (isAt(here)) {
            task.run();
          } else {
            execute(task);
          }
        });
  }

  /** Runs a command; its exception goes to the future. */
  <T> CompletableFuture<T> call(Supplier<T> command) {
    return Worker.call(this, command);
  }
}
