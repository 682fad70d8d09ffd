package dev.parley.core.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The worker that a session lives on. A task given here runs on that worker's thread also when the
 * session moves before its turn. Any thread; moved on the thread it leaves.
 */
final class Home implements Executor {
  private volatile Worker worker;

  Home(Worker worker) {
    this.worker = worker;
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

  void moveTo(Worker next) {
    worker = next;
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
