package dev.parley.core.server;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * How busy a worker's thread is: the processor time it has used, which it need not measure itself,
 * since it sleeps while there is nothing to do. Written by the worker's thread; any thread may
 * read, and waits for nothing.
 */
final class ThreadLoad {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double NANOS_A_SECOND = 1e9;
  private static final long NOT_YET = -1;

  private volatile long threadId = NOT_YET;
  private volatile long tickNanos;

  ThreadLoad(long nowNanos) {
    tickNanos = nowNanos;
  }

  /** On the worker's thread, again and again. */
  void tick(long nowNanos) {
    if (threadId == NOT_YET) {
      threadId = Thread.currentThread().threadId();
    }
    tickNanos = nowNanos;
  }

  /** Processor seconds since its start; 0 where the system does not tell, or the thread is gone. */
  double busySec() {
    long id = threadId;
    if (id == NOT_YET || !THREADS.isThreadCpuTimeSupported()) {
      return 0;
    }
    return Math.max(0, THREADS.getThreadCpuTime(id)) / NANOS_A_SECOND;
  }

  /** Since the thread had its last turn: little, unless it is stuck or starved. */
  double silentSec(long nowNanos) {
    return Math.max(0, nowNanos - tickNanos) / NANOS_A_SECOND;
  }
}
