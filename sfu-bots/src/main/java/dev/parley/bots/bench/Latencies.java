package dev.parley.bots.bench;

import dev.parley.bots.client.ClientEvents;
import dev.parley.core.api.MediaKind;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How long packets took from their publisher to their viewer's socket. Written by the viewers'
 * thread, and read on it.
 */
final class Latencies implements ClientEvents {
  private static final long LONGEST_NANOS = 60_000_000_000L;

  private final Histogram nanos = new Histogram(LONGEST_NANOS, 3);

  /** What was measured up to a moment, for any thread; milliseconds are 0 when nothing was. */
  record Summary(long count, double medianMillis, double highMillis) {
    /** Why it says nothing. */
    List<String> refusals() {
      return count == 0 ? List.of("no packet with a stamp arrived") : List.of();
    }
  }

  @Override
  public void onLatency(MediaKind kind, long taken) {
    nanos.recordValue(Math.clamp(taken, 0, LONGEST_NANOS));
  }

  /** What was measured so far does not count. */
  void begin() {
    nanos.reset();
  }

  /** The median and the 99th percentile since {@link #begin}. */
  Summary summary() {
    return new Summary(
        nanos.getTotalCount(),
        nanos.getValueAtPercentile(50) / 1e6,
        nanos.getValueAtPercentile(99) / 1e6);
  }
}
