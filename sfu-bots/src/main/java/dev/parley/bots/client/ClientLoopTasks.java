package dev.parley.bots.client;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a loop's thread is asked to do by others. Any thread adds, the loop's runs; when that has
 * ended, nobody waits for it.
 */
final class ClientLoopTasks {
  private record Call<T>(Supplier<T> command, CompletableFuture<T> result) implements Runnable {
    @Override
    public void run() {
      try {
        result.complete(command.get());
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    }
  }

  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Throwable end;

  void add(Runnable task) {
    waiting.add(task);
  }

  /**
   * A command for the loop's thread; what it throws goes to the future.
   *
   * @param loop adds a task here, and wakes the thread
   * @return fails with the reason of the end when there is no thread any more
   */
  <T> CompletableFuture<T> call(Supplier<T> command, Executor loop) {
    Call<T> call = new Call<>(command, new CompletableFuture<>());
    loop.execute(call);
    Throwable reason = end;
    if (reason != null) {
      failAll(reason);
    }
    return call.result();
  }

  /** Loop's thread only. */
  void runAll() {
    for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
      task.run();
    }
  }

  /**
   * Nothing runs from now on.
   *
   * @param fault what has ended the thread; null: it was closed
   */
  void end(@Nullable Throwable fault) {
    Throwable reason = fault == null ? new IllegalStateException("the loop is closed") : fault;
    end = reason;
    failAll(reason);
  }

  private void failAll(Throwable reason) {
    for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
      if (task instanceof Call<?> call) {
        call.result().completeExceptionally(reason);
      }
    }
  }
}
