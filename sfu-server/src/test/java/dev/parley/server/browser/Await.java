package dev.parley.server.browser;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks again and again until what is looked at is right, at the latest at a deadline. */
final class Await {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private Await() {}

  /**
   * Waits.
   *
   * @param what what is waited for, as the failure's first line says it
   * @param look takes one look; what it throws ends the wait
   * @param right whether what was seen is what is waited for
   * @param tell describes the last look for the failure
   * @return the first look that was right
   */
  static <T> T until(
      String what, Duration limit, Supplier<T> look, Predicate<T> right, Function<T, String> tell) {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    while (true) {
      T seen = look.get();
      if (right.test(seen)) {
        return seen;
      }
      if (System.nanoTime() - deadlineNanos >= 0) {
        throw new AssertionError(
            "Not within %d ms: %s.%nSeen last:%n%s"
                .formatted(limit.toMillis(), what, tell.apply(seen)));
      }
      pause(INTERVAL);
    }
  }

  static void until(String what, Duration limit, Supplier<Boolean> right) {
    until(what, limit, right, seen -> seen, Object::toString);
  }

  /** Lets a measurement take its time. */
  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting", interrupted);
    }
  }
}
