package dev.parley.bots.measure;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server's {@code /metrics} said at one time.
 *
 * @param nanos by the clock of this process
 * @param values by name, those of all labels added up; of memory that of the heap
 */
public record ServerSample(long nanos, Map<String, Double> values) {
  /** How the name of a histogram's buckets ends. */
  static final String BUCKET = "_bucket";

  private static final Pattern AT_MOST = Pattern.compile("le=\"([^\"]+)\"");

  public ServerSample {
    values = Map.copyOf(values);
  }

  /**
   * The bound of the histogram's bucket in which that part of what was counted since then is full,
   * in the histogram's unit.
   *
   * @param part from 0 to 1
   * @return empty when nothing was counted, or that bucket has no bound
   */
  public OptionalDouble quantileSince(ServerSample before, String histogram, double part) {
    double all = since(before, histogram + "_count").orElse(0);
    return values.keySet().stream()
        .filter(name -> name.startsWith(histogram + BUCKET))
        .filter(name -> all > 0 && since(before, name).orElse(0) >= part * all)
        .map(AT_MOST::matcher)
        .filter(Matcher::find)
        .map(bound -> bound.group(1))
        .filter(bound -> !bound.equals("+Inf"))
        .mapToDouble(Double::parseDouble)
        .min();
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
