package dev.parley.bots.measure;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** What the bots' own process uses: a load that starves measures itself. One thread. */
public final class OwnLoad {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /**
   * Since the sample before.
   *
   * @param cores used by the whole process
   * @param busiest the part of one core that the busiest loop used, from 0 to 1
   */
  public record Sample(double cores, double busiest) {}

  private final long[] threads;
  private List<Long> before = new ArrayList<>();
  private long beforeNanos;
  private long processBefore;

  /**
   * @param threads of the loops
   */
  public OwnLoad(List<Long> threads) {
    this.threads = threads.stream().mapToLong(Long::longValue).toArray();
    var unused = sample();
  }

  public Sample sample() {
    long now = System.nanoTime();
    long process = SYSTEM.getProcessCpuTime();
    List<Long> used = new ArrayList<>();
    double wall = Math.max(1, now - beforeNanos);
    double busiest = 0;
    for (int i = 0; i < threads.length; i++) {
      used.add(THREADS.getThreadCpuTime(threads[i]));
      if (i < before.size()) {
        busiest = Math.max(busiest, (used.get(i) - before.get(i)) / wall);
      }
    }
    Sample sample = new Sample((process - processBefore) / wall, busiest);
    before = used;
    beforeNanos = now;
    processBefore = process;
    return sample;
  }

  /** Of the whole process since its start, in nanoseconds. */
  public static long processNanos() {
    return SYSTEM.getProcessCpuTime();
  }
}
