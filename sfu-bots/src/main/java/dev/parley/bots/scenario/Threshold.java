package dev.parley.bots.scenario;

import dev.parley.bots.measure.Metric;
import dev.parley.bots.measure.Stat;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What must hold at the end, or all the time.
 *
 * @param group of which group; empty: of all together
 * @param max and {@code min} in the unit of {@link dev.parley.bots.measure.Measurements#value}
 * @param abortOnFail whether the run ends when it does not hold, {@code after} its start
 */
public record Threshold(
    Metric metric,
    Stat stat,
    Optional<String> group,
    OptionalDouble max,
    OptionalDouble min,
    boolean abortOnFail,
    Duration after) {
  /** For instance {@code join.total p95 of meetings}. */
  public String title() {
    String what = metric.kind() == Metric.Kind.TIME ? metric.id() + " " + stat.id() : metric.id();
    return group.map(g -> what + " of " + g).orElse(what);
  }

  /** Whether the value is within the bounds. Nothing measured is not, but where nothing is best. */
  public boolean holds(OptionalDouble value) {
    if (value.isEmpty() && metric == Metric.FREEZE && min.isEmpty()) {
      return true;
    }
    return value.isPresent()
        && (max.isEmpty() || value.getAsDouble() <= max.getAsDouble())
        && (min.isEmpty() || value.getAsDouble() >= min.getAsDouble());
  }
}
