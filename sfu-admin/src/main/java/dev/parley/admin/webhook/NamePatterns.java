package dev.parley.admin.webhook;

import java.util.List;

/**
 * Names, and beginnings of names with a {@code *} behind them; none at all stand for every name.
 */
record NamePatterns(List<String> patterns) {
  NamePatterns {
    patterns = List.copyOf(patterns);
  }

  boolean matches(String name) {
    return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> matches(pattern, name));
  }

  private static boolean matches(String pattern, String name) {
    return pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }
}
