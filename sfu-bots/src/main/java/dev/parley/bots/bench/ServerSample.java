package dev.parley.bots.bench;

import java.util.List;
import java.util.Map;

/**
 * What the server's process has used since it began.
 *
 * @param atNanos of its monotonic clock
 * @param workerCpuNanos of each media thread
 * @param processCpuNanos of all threads, those of the JVM included
 * @param mediaAllocatedBytes on the heap, by the media threads
 * @param collections of garbage
 * @param totals of the engine's counters, by id
 * @param drops of the engine, by the id of their reason
 */
record ServerSample(
    long atNanos,
    List<Long> workerCpuNanos,
    long processCpuNanos,
    long mediaAllocatedBytes,
    long collections,
    Map<String, Long> totals,
    Map<String, Long> drops) {
  ServerSample {
    workerCpuNanos = List.copyOf(workerCpuNanos);
    totals = Map.copyOf(totals);
    drops = Map.copyOf(drops);
  }

  /** CPU time of all media threads. */
  long mediaCpuNanos() {
    return workerCpuNanos.stream().mapToLong(Long::longValue).sum();
  }

  long total(String id) {
    Long total = totals.get(id);
    if (total == null) {
      throw new IllegalArgumentException("the server counts no " + id);
    }
    return total;
  }
}
