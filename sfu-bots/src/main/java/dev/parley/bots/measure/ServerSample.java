package dev.parley.bots.measure;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a server's {@code /metrics} said at one time.
 *
 * @param nanos by the clock of this process
 * @param values by name, those of all labels added up; of memory that of the heap
 */
public record ServerSample(long nanos, Map<String, Double> values) {
  public ServerSample {
    values = Map.copyOf(values);
  }

  public OptionalDouble value(String name) {
    Double value = values.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** How much a counter has grown since. */
  public OptionalDouble since(ServerSample before, String name) {
    Double now = values.get(name);
    Double then = before.values.get(name);
    return now == null || then == null ? OptionalDouble.empty() : OptionalDouble.of(now - then);
  }
}
