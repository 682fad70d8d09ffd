package dev.parley.admin.history;

import dev.parley.signaling.room.RoomEvent;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that tells the history something every few milliseconds, until it is killed. Prints
 * {@code told N AT_MS} for each, and {@code kept N} when the history says that it is written.
 */
final class KilledWriter {
  private KilledWriter() {}

  public static void main(String[] args) {
    History history =
        History.open(
            new HistoryConfig(new HistoryPlace.File(Path.of(args[0])), 30, 100_000),
            InstantSource.system(),
            java.time.Duration.ofMillis(100));
    boolean unused = history.written().toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    Happenings room = new Happenings(history, "r", "rm_killed");
    room.opened(System.currentTimeMillis());
    room.joined("pa_1", "ann", System.currentTimeMillis());
    for (int i = 0; ; i++) {
      long nowMs = System.currentTimeMillis();
      room.tell(RoomEvent.Type.TIMER_WARNING, nowMs, "n", Integer.toString(i));
      System.out.println("told " + i + " " + nowMs);
      if (i % 200 == 199) {
        int number = i;
        history.written().thenAccept(done -> System.out.println("kept " + number));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
