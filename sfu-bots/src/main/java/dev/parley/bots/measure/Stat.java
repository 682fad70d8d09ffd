package dev.parley.bots.measure;

import java.util.Arrays;
import java.util.Optional;

/** What a threshold looks at in a metric of times. */
public enum Stat {
  P50("p50"),
  P90("p90"),
  P95("p95"),
  P99("p99"),
  MAX("max"),
  MEAN("mean"),
  COUNT("count");

  private final String id;

  Stat(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }

  public static Optional<Stat> of(String id) {
    return Arrays.stream(values()).filter(s -> s.id.equals(id)).findFirst();
  }
}
