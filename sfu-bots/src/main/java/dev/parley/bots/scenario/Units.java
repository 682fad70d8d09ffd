package dev.parley.bots.scenario;

import java.time.Duration;

/** Quantities as scenarios write them. */
public final class Units {
  private static final double NANOS_PER_MILLI = 1e6;

  private Units() {}

  /**
   * For instance {@code 500ms}, {@code 20s}, {@code 1.5m}, {@code 1h}.
   *
   * @throws IllegalArgumentException when it is no duration
   */
  public static Duration duration(String text) {
    int unit = unitAt(text);
    double millis =
        switch (text.substring(unit)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default ->
              throw new IllegalArgumentException(
                  "'" + text + "' is no duration; write for instance 500ms, 20s or 1.5m");
        };
    return Duration.ofNanos((long) (number(text, unit) * millis * NANOS_PER_MILLI));
  }

  /**
   * In bits a second; for instance {@code 150kbps}, {@code 2.5Mbps}.
   *
   * @throws IllegalArgumentException when it is no rate
   */
  public static long bitsPerSecond(String text) {
    int unit = unitAt(text);
    double factor =
        switch (text.substring(unit)) {
          case "bps" -> 1;
          case "kbps" -> 1e3;
          case "Mbps" -> 1e6;
          default ->
              throw new IllegalArgumentException(
                  "'" + text + "' is no rate; write for instance 150kbps or 2.5Mbps");
        };
    return (long) (number(text, unit) * factor);
  }

  /**
   * As a part of one; for instance {@code 0.5%}.
   *
   * @throws IllegalArgumentException when it is no percentage from 0 to 100
   */
  public static double share(String text) {
    int unit = unitAt(text);
    double percent = text.substring(unit).equals("%") ? number(text, unit) : -1;
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException(
          "'" + text + "' is no share; write a percentage from 0% to 100%");
    }
    return percent / 100;
  }

  private static int unitAt(String text) {
    int at = 0;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    return at;
  }

  private static double number(String text, int end) {
    try {
      return Double.parseDouble(text.substring(0, end));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' does not begin with a number", e);
    }
  }
}
