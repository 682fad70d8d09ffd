package dev.parley.bots.bench;

import dev.parley.bots.client.ClientEvents;
import dev.parley.core.api.MediaKind;
import org.HdrHistogram.Histogram;

/**
 * How long packets took from their publisher to their viewer's socket. Written by the viewers'
 * thread, and read on it.
 */
final class Latencies implements ClientEvents {
  private static final long LONGEST_NANOS = 60_000_000_000L;

  private final Histogram nanos = new Histogram(LONGEST_NANOS, 3);

  @Override
  public void onLatency(MediaKind kind, long taken) {
    nanos.recordValue(Math.clamp(taken, 0, LONGEST_NANOS));
  }

  /** What was measured so far does not count. */
  boolean begin() {
    nanos.reset();
    return true;
  }

  long count() {
    return nanos.getTotalCount();
  }

  double millis(double percentile) {
    return nanos.getValueAtPercentile(percentile) / 1e6;
  }
}
