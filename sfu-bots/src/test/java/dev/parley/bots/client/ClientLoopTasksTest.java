package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ClientLoopTasksTest {
  private final ClientLoopTasks tasks = new ClientLoopTasks();

  private CompletableFuture<Integer> call() {
    return tasks.call(() -> 7, tasks::add);
  }

  private static Throwable failure(CompletableFuture<Integer> call) {
    Throwable cause = assertThrows(CompletionException.class, call::join).getCause();
    return cause == null ? new AssertionError("no cause") : cause;
  }

  @Test
  void shouldRunWhatItIsAsked() {
    CompletableFuture<Integer> call = call();
    assertFalse(call.isDone());
    tasks.runAll();
    assertEquals(7, call.join());
  }

  @Test
  void shouldTellTheCallerWhatACommandThrows() {
    IllegalStateException fault = new IllegalStateException("broken");
    CompletableFuture<Integer> call =
        tasks.call(
            () -> {
              throw fault;
            },
            tasks::add);
    tasks.runAll();
    assertSame(fault, failure(call));
  }

  @Test
  void shouldLetNobodyWaitForAThreadThatHasEnded() {
    CompletableFuture<Integer> before = call();
    IllegalStateException fault = new IllegalStateException("broken");
    tasks.end(fault);
    assertSame(fault, failure(before));
    assertSame(fault, failure(call()));
  }

  @Test
  void shouldSayThatItWasClosed() {
    tasks.end(null);
    assertEquals("the loop is closed", failure(call()).getMessage());
  }
}
