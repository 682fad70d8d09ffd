package dev.parley.core.server;

/**
 * How a worker's thread spent a short interval.
 *
 * @param busy the share of it in which the thread ran, 0 to 1
 * @param waiting the share in which it had something to do and no processor, 0 to 1; 0 where the
 *     system does not tell
 * @param sleeps how often it had nothing more to do; {@link #MANY} where the system does not tell
 * @param lateNanos of the timer, the most of any turn
 * @param overflows datagrams that the system dropped, as nobody read them in time
 */
record LoadReading(double busy, double waiting, long sleeps, long lateNanos, long overflows) {
  static final long MANY = Long.MAX_VALUE;

  /** A timer of 10 ms alone makes it sleep 25 times in a reading. */
  private static final long FEW = 5;

  private static final long LATE_NANOS = 100_000_000;

  /**
   * The share of its time that the thread used, 0 to 1. Who hardly ever gets to the end of its work
   * has no more time than it is given: the time in which others had the processor then counts as if
   * it had not been. Else that time is no sign of load, since on a crowded machine a thread waits
   * whenever it wakes up.
   */
  double load() {
    double given = sleeps < FEW ? 1 - waiting : 1;
    return given <= 0 ? 1 : Math.clamp(busy / given, 0.0, 1.0);
  }

  /** Packets came too late, or not at all. */
  boolean pressed() {
    return overflows > 0 || lateNanos >= LATE_NANOS;
  }
}
