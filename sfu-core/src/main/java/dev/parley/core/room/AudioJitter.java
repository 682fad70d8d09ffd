package dev.parley.core.room;

/** The jitter of the sound that one participant is sent, by its reports. Worker's thread only. */
final class AudioJitter {
  private static final long TOGETHER_NANOS = 500_000_000;
  private static final long NEWS_NANOS = 10_000_000_000L;

  private double millis;
  private long atNanos = Long.MIN_VALUE / 2;

  /** Of several slots that are reported on together the worst counts. */
  void onReport(double reportedMillis, long nowNanos) {
    boolean together = nowNanos - atNanos < TOGETHER_NANOS;
    millis = together ? Math.max(millis, reportedMillis) : reportedMillis;
    atNanos = nowNanos;
  }

  /** 0 when nothing was reported of late. */
  double millis(long nowNanos) {
    return nowNanos - atNanos < NEWS_NANOS ? millis : 0;
  }
}
