package dev.parley.core.speech;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Stands still but for {@link #set}; not of this world's time, only of its passing. */
final class TickClock extends Clock {
  /** The library takes 0 for "never". */
  private static final long FIRST_MILLIS = 1_000_000;

  private long firstNanos;
  private long nowNanos;
  private boolean begun;

  void set(long newNanos) {
    if (!begun) {
      begun = true;
      firstNanos = newNanos;
    }
    nowNanos = newNanos;
  }

  @Override
  public long millis() {
    return FIRST_MILLIS + (nowNanos - firstNanos) / 1_000_000;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
