package dev.parley.bots.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process holds.
 *
 * @param heapBytes that are still needed after a collection
 * @param residentBytes of everything
 * @param threads of the system, not virtual ones
 * @param descriptors open files and sockets
 */
record MemorySample(long heapBytes, long residentBytes, long threads, long descriptors) {
  private static final String RESIDENT = "VmRSS:";
  private static final int COLLECTIONS = 3;

  /** Of this process; collects its garbage first. */
  static MemorySample ofThisProcess() throws IOException {
    for (int i = 0; i < COLLECTIONS; i++) {
      ManagementFactory.getMemoryMXBean().gc();
    }
    return new MemorySample(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        residentBytes(Path.of("/proc/self/status")),
        entries(Path.of("/proc/self/task")),
        entries(Path.of("/proc/self/fd")));
  }

  /** Of another process. */
  static long residentBytes(long pid) throws IOException {
    return residentBytes(Path.of("/proc", Long.toString(pid), "status"));
  }

  private static long residentBytes(Path status) throws IOException {
    String line =
        Files.readAllLines(status).stream()
            .filter(l -> l.startsWith(RESIDENT))
            .findFirst()
            .orElseThrow(() -> new IOException(status + " does not tell what is resident"));
    return 1024 * Long.parseLong(line.substring(RESIDENT.length()).replace("kB", "").strip());
  }

  private static long entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }
}
