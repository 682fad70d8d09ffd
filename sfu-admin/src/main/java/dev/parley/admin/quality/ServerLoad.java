package dev.parley.admin.quality;

import java.util.List;

/**
 * How much the server has to do.
 *
 * @param cpu of all processors that the process may use, the share that is in use; 0 to 1
 * @param pressure the share of time in which something had to wait for a processor (Linux PSI); 0
 *     where the system does not say
 * @param workers one entry a worker
 * @param forwardingP99Ms 99 of 100 packets of the last interval were in this process no longer
 */
public record ServerLoad(
    double cpu, double pressure, List<WorkerLoad> workers, double forwardingP99Ms) {
  public static final ServerLoad NONE = new ServerLoad(0, 0, List.of(), 0);

  private static final double BUSY = 0.95;
  private static final double WAIT_MS = 100;
  private static final double FORWARDING_MS = 50;
  private static final double FULL_CPU = 0.97;
  private static final double PRESSED = 0.5;

  /** How much sooner waiting counts on a machine that others have filled. */
  private static final double STARVED = 5;

  public ServerLoad {
    workers = List.copyOf(workers);
  }

  /**
   * One worker.
   *
   * @param busy of the last interval, the share in which its thread ran
   * @param waitMs how long it took until it had time for a question
   */
  public record WorkerLoad(int worker, double busy, double waitMs) {}

  /** From 0, idle, to 1 and more: calls suffer. */
  public double stress() {
    // Tasks that wait are no fault while packets do not; where they do as well, that is why.
    double factor = cpu >= FULL_CPU && pressure >= PRESSED ? STARVED : 1;
    double most = factor * forwardingP99Ms / FORWARDING_MS;
    for (WorkerLoad worker : workers) {
      most = Math.max(most, Math.max(worker.busy() / BUSY, factor * worker.waitMs() / WAIT_MS));
    }
    return most;
  }

  public boolean overloaded() {
    return stress() >= 1;
  }
}
