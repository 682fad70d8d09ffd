package dev.parley.bots.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU time at one moment: of all processes of the machine, as Linux tells, and of the two that
 * belong to the benchmark.
 */
record SystemUse(long allNanos, long oursNanos, long atNanos) {
  private static final Path STAT = Path.of("/proc/stat");
  private static final long TICK_NANOS = 10_000_000;

  /** Of {@code cpu user nice system idle iowait irq softirq steal}: interrupts are nobody's. */
  private static final int[] COUNTED = {1, 2, 3, 8};

  /**
   * Now.
   *
   * @param server a sample of it that was taken now
   */
  static SystemUse now(ServerSample server) throws IOException {
    String[] fields = Files.readAllLines(STAT).getFirst().split(" +", -1);
    long ticks = 0;
    for (int index : COUNTED) {
      ticks += Long.parseLong(fields[index]);
    }
    return new SystemUse(
        ticks * TICK_NANOS,
        server.processCpuNanos() + ThreadUse.processCpuNanos(),
        System.nanoTime());
  }

  /** How much of a core others have used since; other machines on the same one among them. */
  double othersSince(SystemUse before) {
    double all = allNanos - before.allNanos;
    double ours = oursNanos - before.oursNanos;
    return Math.max(0, all - ours) / (atNanos - before.atNanos);
  }
}
