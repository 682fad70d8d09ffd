package dev.parley.bots.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/** What threads and the process have used, as the JVM tells it. Any thread. */
final class ThreadUse {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private ThreadUse() {}

  static long cpuNanos(long threadId) {
    return THREADS.getThreadCpuTime(threadId);
  }

  static long allocatedBytes(long threadId) {
    return THREADS.getThreadAllocatedBytes(threadId);
  }

  static long processCpuNanos() {
    return SYSTEM.getProcessCpuTime();
  }

  static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  /**
   * The threads whose names begin so.
   *
   * @throws IllegalStateException when there are not that many
   */
  static long[] idsOf(String prefix, int count) {
    long[] found =
        Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
            .filter(info -> info != null && info.getThreadName().startsWith(prefix))
            .mapToLong(ThreadInfo::getThreadId)
            .toArray();
    if (found.length != count) {
      throw new IllegalStateException(
          "%d threads are named %s…, not %d".formatted(found.length, prefix, count));
    }
    return found;
  }

  /** Adds a figure of several threads. */
  static long sum(long[] threadIds, LongUnaryOperator figure) {
    return Arrays.stream(threadIds).map(figure).sum();
  }
}
