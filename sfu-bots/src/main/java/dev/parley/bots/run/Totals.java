package dev.parley.bots.run;

import dev.parley.bots.measure.Measurements;
import dev.parley.bots.scenario.Scenario;
import dev.parley.bots.scenario.Threshold;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** All that has been measured so far, in all and by group. Control thread only. */
final class Totals {
  private final Measurements all = new Measurements();
  private final Map<String, Measurements> groups = new LinkedHashMap<>();

  Totals(Scenario scenario) {
    scenario.groups().forEach(g -> groups.put(g.name(), new Measurements()));
  }

  /** Adds an interval of a host, and returns it as one. */
  Measurements add(Host.Interval interval) {
    Measurements together = new Measurements();
    together.add(interval.shared());
    interval
        .groups()
        .forEach((name, measured) -> {
          groups.computeIfAbsent(name, g -> new Measurements()).add(measured);
          together.add(measured);
        });
    all.add(together);
    return together;
  }

  Measurements all() {
    return all;
  }

  Map<String, Measurements> groups() {
    return groups;
  }

  List<Outcome.Verdict> verdicts(List<Threshold> thresholds) {
    return thresholds.stream().map(this::verdict).toList();
  }

  private Outcome.Verdict verdict(Threshold threshold) {
    Measurements of =
        threshold.group().map(g -> groups.getOrDefault(g, new Measurements())).orElse(all);
    OptionalDouble value = of.value(threshold.metric(), threshold.stat());
    return new Outcome.Verdict(threshold, value, threshold.holds(value));
  }
}
