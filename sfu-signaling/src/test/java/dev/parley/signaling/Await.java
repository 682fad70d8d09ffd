package dev.parley.signaling;

import java.util.function.BooleanSupplier;

/** Waits for what another thread is about to do; fails after a while. */
public final class Await {
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private Await() {}

  public static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not in time: " + what);
      }
      Thread.onSpinWait();
    }
  }
}
