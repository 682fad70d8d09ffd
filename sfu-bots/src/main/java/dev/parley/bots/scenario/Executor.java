package dev.parley.bots.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Who comes when. Times are in nanoseconds since the group's start. */
public sealed interface Executor {
  /** When nobody comes any more and all are to leave. */
  Duration duration();

  /** So many at once, from the first moment on. Who leaves is replaced. */
  record ConstantBots(int bots, Duration duration, Optional<Duration> stay) implements Executor {}

  /** As many as the ramp says. Who leaves is replaced; those that came last go first. */
  record RampingBots(int startBots, List<Stage> stages, Optional<Duration> stay)
      implements Executor {
    public RampingBots {
      stages = List.copyOf(stages);
    }

    @Override
    public Duration duration() {
      return Stage.total(stages);
    }

    /** How many there should be. */
    public int botsAt(long nanos) {
      return (int) Math.round(Stage.valueAt(startBots, stages, nanos));
    }
  }

  /** Newcomers at a rate, however many are there, up to a limit; each stays for a time. */
  record ArrivalRate(double startPerSec, List<Stage> stages, Duration stay, int maxBots)
      implements Executor {
    public ArrivalRate {
      stages = List.copyOf(stages);
    }

    @Override
    public Duration duration() {
      return Stage.total(stages);
    }

    /** How many should have come since the start. */
    public long arrivalsBy(long nanos) {
      return (long) Stage.areaUntil(startPerSec, stages, nanos);
    }
  }

  /** A straight line to {@code target}: bots, or arrivals a second. */
  record Stage(Duration duration, double target) {
    static Duration total(List<Stage> stages) {
      return stages.stream().map(Stage::duration).reduce(Duration.ZERO, Duration::plus);
    }

    static double valueAt(double start, List<Stage> stages, long nanos) {
      double from = start;
      long left = nanos;
      for (Stage stage : stages) {
        long length = stage.duration.toNanos();
        if (left < length) {
          return from + (stage.target - from) * left / length;
        }
        left -= length;
        from = stage.target;
      }
      return from;
    }

    /** The area below the line up to a time, in units times seconds. */
    static double areaUntil(double start, List<Stage> stages, long nanos) {
      double from = start;
      double area = 0;
      long left = nanos;
      for (Stage stage : stages) {
        long length = Math.min(left, stage.duration.toNanos());
        double whole = Math.max(1, stage.duration.toNanos());
        double to = from + (stage.target - from) * length / whole;
        area += (from + to) / 2 * length / 1e9;
        left -= length;
        from = stage.target;
        if (left <= 0) {
          break;
        }
      }
      return area;
    }
  }
}
