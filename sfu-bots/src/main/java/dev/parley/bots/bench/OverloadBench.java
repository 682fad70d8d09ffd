package dev.parley.bots.bench;

import dev.parley.bots.bench.OverloadResult.Point;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** More and more viewers come to one worker. The caller's thread. */
final class OverloadBench {
  private static final int FIRST_VIEWERS = 12;
  private static final int MOST_VIEWERS = 2000;
  private static final double PERCENT = 100;

  private final OverloadSettings settings;
  private final List<String> serverJvmOptions;
  private final Consumer<String> progress;

  OverloadBench(
      OverloadSettings settings, List<String> serverJvmOptions, Consumer<String> progress) {
    this.settings = settings;
    this.serverJvmOptions = serverJvmOptions;
    this.progress = progress;
  }

  OverloadResult run() throws IOException, InterruptedException {
    double capacity;
    List<Point> shedding;
    try (OverloadStage stage = stage(0)) {
      capacity = capacity(stage);
      progress.accept("capacity: %.0f viewers".formatted(capacity));
      shedding = curve(stage, capacity);
    }
    List<Point> admission;
    try (OverloadStage stage = stage(settings.fullPercent())) {
      // The code is to be as warm as it was for the other curve.
      stage.bring((int) (capacity / 2));
      stage.rest(settings.warmUpSeconds());
      stage.empty();
      admission = curve(stage, capacity);
    }
    return new OverloadResult(Machine.here(), settings, capacity, shedding, admission);
  }

  private OverloadStage stage(int fullPercent) throws IOException, InterruptedException {
    return new OverloadStage(settings, fullPercent, serverJvmOptions);
  }

  /** Viewers that fit: by what the first few cost, and then by what half of all cost. */
  private double capacity(OverloadStage stage) throws IOException, InterruptedException {
    progress.accept("warm-up, and what a viewer costs");
    stage.bring(FIRST_VIEWERS);
    stage.rest(settings.warmUpSeconds());
    double first = viewersThatFit(stage);
    stage.bring((int) Math.clamp(first / 2, FIRST_VIEWERS, MOST_VIEWERS));
    stage.rest(settings.warmUpSeconds());
    double fit = viewersThatFit(stage);
    stage.empty();
    return fit;
  }

  private double viewersThatFit(OverloadStage stage) throws IOException, InterruptedException {
    Point now = stage.measure(0);
    if (now.busy() <= 0 || now.inside() == 0) {
      throw new IOException("the worker's load is not known: " + now);
    }
    return now.inside() * settings.limitPercent() / PERCENT / now.busy();
  }

  private List<Point> curve(OverloadStage stage, double capacity)
      throws IOException, InterruptedException {
    List<Point> points = new ArrayList<>();
    for (int percent : settings.steps()) {
      stage.bring((int) Math.round(Math.clamp(capacity * percent / PERCENT, 1, MOST_VIEWERS)));
      stage.rest(settings.settleSeconds());
      Point point = stage.measure(percent);
      points.add(point);
      progress.accept(
          "%d %%: %d of %d viewers inside, %.0f packets/s, worker %.0f %% busy, level %.2f"
              .formatted(
                  percent,
                  point.inside(),
                  point.offered(),
                  point.forwardedPerSec(),
                  PERCENT * point.busy(),
                  point.level()));
    }
    return points;
  }
}
