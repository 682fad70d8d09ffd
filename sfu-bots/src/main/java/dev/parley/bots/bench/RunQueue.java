package dev.parley.bots.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** How long threads of this process have waited for a core, as Linux tells. Any thread. */
final class RunQueue {
  private static final Path TASKS = Path.of("/proc/self/task");

  private RunQueue() {}

  /** Of all threads whose names begin so, since they began; 0 where the system does not tell. */
  static long waitedNanos(String namePrefix) {
    long waited = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        if (Files.readString(task.resolve("comm")).startsWith(namePrefix)) {
          // Time on a core, time in the queue for one, times it was given one.
          waited += Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ", -1)[1]);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
    return waited;
  }
}
