package dev.parley.server.doctor;

import dev.parley.core.api.MediaServer.Readiness;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.doctor.Finding.Verdict;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Has the doctor look at a running server every minute, away from whoever asks how it is. A problem
 * is why a server is not ready, a warning is told beside. Any thread.
 */
public final class HealthWatch implements AutoCloseable {
  private static final long EVERY_SEC = 60;

  private final Doctor doctor;
  private final ParleyConfig config;
  private final Supplier<List<InetAddress>> announced;
  private final Executor later;
  private volatile Readiness latest = Readiness.READY;
  private volatile boolean closed;

  /**
   * Looks for the first time before it returns.
   *
   * @param announced what clients are told now
   */
  public HealthWatch(Doctor doctor, ParleyConfig config, Supplier<List<InetAddress>> announced) {
    this(
        doctor,
        config,
        announced,
        CompletableFuture.delayedExecutor(
            EVERY_SEC, TimeUnit.SECONDS, task -> Thread.ofVirtual().name("health").start(task)));
  }

  /** {@code later}: runs a task after a while, where it may block. */
  HealthWatch(
      Doctor doctor, ParleyConfig config, Supplier<List<InetAddress>> announced, Executor later) {
    this.doctor = doctor;
    this.config = config;
    this.announced = announced;
    this.later = later;
    look();
  }

  private void look() {
    if (closed) {
      return;
    }
    try {
      latest = found();
    } finally {
      later.execute(this::look);
    }
  }

  private Readiness found() {
    List<String> reasons = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (Finding finding : doctor.examineRunning(config, announced.get())) {
      String text = finding.title() + ": " + finding.cause();
      if (finding.verdict() == Verdict.PROBLEM) {
        reasons.add(text);
      } else if (finding.verdict() == Verdict.WARNING) {
        warnings.add(text);
      }
    }
    return new Readiness(reasons, warnings);
  }

  /** As it was found last, a minute ago at most. */
  public Readiness readiness() {
    return latest;
  }

  /** Looks no more. */
  @Override
  public void close() {
    closed = true;
  }
}
