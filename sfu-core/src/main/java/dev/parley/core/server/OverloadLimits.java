package dev.parley.core.server;

/**
 * From which load on a worker refuses newcomers, and from which it leaves video out. A load is the
 * share of its time in which the worker's thread is busy ({@link LoadReading#load}).
 *
 * @param full 0 to 1; {@link #NEVER}: nobody is refused
 * @param shed 0 to 1; {@link #NEVER}: nothing is left out
 */
public record OverloadLimits(double full, double shed) {
  /** No load is that high. */
  public static final double NEVER = Double.POSITIVE_INFINITY;

  /** Measures the load, and does nothing about it. */
  public static final OverloadLimits OFF = new OverloadLimits(NEVER, NEVER);

  private static final int PERCENT = 100;

  public OverloadLimits {
    if (!(full > 0) || !(shed > 0)) {
      throw new IllegalArgumentException(
          "a limit is above 0, or NEVER; these are %s and %s".formatted(full, shed));
    }
  }

  boolean refuses() {
    return full != NEVER;
  }

  boolean sheds() {
    return shed != NEVER;
  }

  /** In percent, as configured; 0: never. */
  public static OverloadLimits ofPercent(int full, int shed) {
    return new OverloadLimits(ofPercent(full), ofPercent(shed));
  }

  private static double ofPercent(int percent) {
    return percent == 0 ? NEVER : percent / (double) PERCENT;
  }
}
