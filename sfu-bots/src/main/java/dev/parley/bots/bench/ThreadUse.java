package dev.parley.bots.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;

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
   * The one thread whose name begins so.
   *
   * @throws IllegalStateException when there is none, or more than one
   */
  static long idOf(String prefix) {
    long found = -1;
    for (ThreadInfo info : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (info != null && info.getThreadName().startsWith(prefix)) {
        if (found >= 0) {
          throw new IllegalStateException("more than one thread is named " + prefix + "…");
        }
        found = info.getThreadId();
      }
    }
    if (found < 0) {
      throw new IllegalStateException("no thread is named " + prefix + "…");
    }
    return found;
  }
}
