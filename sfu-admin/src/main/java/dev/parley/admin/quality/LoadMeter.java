package dev.parley.admin.quality;

import com.sun.management.OperatingSystemMXBean;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.WorkerSample;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the load of each interval from totals. The sampling thread. */
final class LoadMeter {
  private static final Path PRESSURE = Path.of("/proc/pressure/cpu");
  private static final double SHARE = 0.99;

  /** Of fewer a single one would be more than one in a hundred. */
  private static final long FEW = 100;

  private static final double NANOS_A_MS = 1e6;

  /** What the system around the process says. */
  interface Machine {
    /** 0 to 1. */
    double cpu();

    /** 0 to 1. */
    double pressure();
  }

  private final Machine machine;
  private final Map<Integer, Long> busyBefore = new HashMap<>();
  private List<MediaServer.LatencyBucket> latencyBefore = List.of();
  private long beforeNanos = Long.MIN_VALUE;

  LoadMeter(Machine machine) {
    this.machine = machine;
  }

  ServerLoad measure(List<WorkerSample> workers, MediaServer.LatencyTotals latency, long nowNanos) {
    long elapsed = beforeNanos == Long.MIN_VALUE ? 0 : nowNanos - beforeNanos;
    beforeNanos = nowNanos;
    List<ServerLoad.WorkerLoad> loads = new ArrayList<>();
    for (WorkerSample worker : workers) {
      Long before = busyBefore.put(worker.worker(), worker.busyNanos());
      double busy =
          before == null || elapsed <= 0
              ? 0
              : Math.clamp((worker.busyNanos() - before) / (double) elapsed, 0.0, 1.0);
      loads.add(
          new ServerLoad.WorkerLoad(worker.worker(), busy, worker.waitedNanos() / NANOS_A_MS));
    }
    double slowest = slowest(latencyBefore, latency.buckets());
    latencyBefore = latency.buckets();
    return new ServerLoad(machine.cpu(), machine.pressure(), loads, slowest);
  }

  /** What is known when somebody did not answer: how long each worker has had no turn. */
  static ServerLoad silent(ServerLoad before, List<MediaServer.WorkerLoad> workers) {
    Map<Integer, Double> silentMs = new HashMap<>();
    workers.forEach(worker -> silentMs.put(worker.worker(), worker.silentSec() * 1000));
    return new ServerLoad(
        before.cpu(),
        before.pressure(),
        before.workers().stream()
            .map(known ->
                new ServerLoad.WorkerLoad(
                    known.worker(),
                    known.busy(),
                    Math.max(known.waitMs(), silentMs.getOrDefault(known.worker(), 0.0))))
            .toList(),
        before.forwardingP99Ms());
  }

  /**
   * In milliseconds, the bound of the class that holds it; 0 when hardly anything was forwarded.
   */
  private static double slowest(
      List<MediaServer.LatencyBucket> before, List<MediaServer.LatencyBucket> now) {
    if (before.size() != now.size() || now.isEmpty()) {
      return 0;
    }
    long all = now.getLast().packets() - before.getLast().packets();
    for (int i = 0; i < now.size() && all >= FEW; i++) {
      if (now.get(i).packets() - before.get(i).packets() >= SHARE * all) {
        // What is longer than the last bound has none of its own.
        MediaServer.LatencyBucket bound = now.get(Math.min(i, now.size() - 2));
        return bound.atMostSec() * 1000;
      }
    }
    return 0;
  }

  /** This machine. */
  static final class ThisMachine implements Machine {
    private final OperatingSystemMXBean system =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    @Override
    public double cpu() {
      return Math.max(0, system.getCpuLoad());
    }

    @Override
    public double pressure() {
      try {
        return pressureOf(Files.readString(PRESSURE));
      } catch (IOException notThere) {
        return 0;
      }
    }
  }

  /** Of the last 10 s, as {@code some avg10=12.34 …} says in percent; 0 for anything else. */
  static double pressureOf(String text) {
    int at = text.indexOf("some avg10=");
    int end = at < 0 ? -1 : text.indexOf(' ', at + 11);
    if (end < 0) {
      return 0;
    }
    try {
      return Double.parseDouble(text.substring(at + 11, end)) / 100;
    } catch (NumberFormatException unknownFormat) {
      return 0;
    }
  }
}
