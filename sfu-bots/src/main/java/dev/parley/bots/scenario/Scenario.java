package dev.parley.bots.scenario;

import java.time.Duration;
import java.util.List;

/**
 * What a run is to do.
 *
 * @param seed of all that is random
 * @param maxDuration after which it ends, whatever the groups say
 * @param groups which run at the same time
 */
public record Scenario(
    String name,
    long seed,
    Duration maxDuration,
    Target target,
    List<Group> groups,
    List<Threshold> thresholds) {
  public Scenario {
    groups = List.copyOf(groups);
    thresholds = List.copyOf(thresholds);
  }

  /** The same against another server. */
  public Scenario at(Target other) {
    return new Scenario(name, seed, maxDuration, other, groups, thresholds);
  }

  /** When the last group ends by itself, but no later than {@link #maxDuration}. */
  public Duration duration() {
    Duration longest =
        groups.stream()
            .map(g -> g.start().plus(g.executor().duration()))
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    return longest.compareTo(maxDuration) < 0 ? longest : maxDuration;
  }
}
