package dev.parley.core.bwe;

import dev.parley.core.common.HotPath;

/**
 * Says when a packet may leave so that bursts do not fill the queues of the network: a bucket that
 * empties at the pacing rate and may be filled by a short burst. No timer: whoever sends asks, and
 * what must wait is sent with the next packets or at the worker's next tick. Worker's thread only.
 */
public final class Pacer {
  /** What may leave at once, in time at the pacing rate; a tick of the worker and a half. */
  private static final long BURST_NANOS = 15_000_000;

  private static final int LEAST_BURST_BYTES = 4 * 1250;

  /** The same on a path that has shown no queue. */
  private static final long OPEN_BURST_NANOS = 20_000_000;

  /** As TCP begins (RFC 6928): what small pictures are cut into leaves whole. */
  private static final int LEAST_OPEN_BURST_BYTES = 10 * 1250;

  private final long burstNanos;
  private final int leastBurstBytes;
  private double bytesPerNano = 1;
  private double burstBytes;
  private double level;
  private long updatedNanos = Long.MIN_VALUE;

  /** For all that is sent. */
  public Pacer() {
    this(BURST_NANOS, LEAST_BURST_BYTES);
  }

  /** With a burst of so much time at the rate, and of at least so many bytes. */
  public Pacer(long burstNanos, int leastBurstBytes) {
    this.burstNanos = burstNanos;
    this.leastBurstBytes = leastBurstBytes;
    this.burstBytes = leastBurstBytes;
  }

  public void rate(long bitsPerSecond) {
    rate(bitsPerSecond, burstNanos, leastBurstBytes);
  }

  /** The same for a path that has shown no queue yet: longer bursts do no harm there. */
  public void openRate(long bitsPerSecond) {
    rate(bitsPerSecond, OPEN_BURST_NANOS, LEAST_OPEN_BURST_BYTES);
  }

  private void rate(long bitsPerSecond, long nanos, int leastBytes) {
    bytesPerNano = bitsPerSecond / 8e9;
    burstBytes = Math.max(leastBytes, bytesPerNano * nanos);
  }

  /** Fetches it into the processor's cache; the value means nothing. */
  @HotPath
  public int warm() {
    return (int) level;
  }

  @HotPath
  public boolean maySend(long nowNanos) {
    if (updatedNanos != Long.MIN_VALUE) {
      level = Math.max(0, level - (nowNanos - updatedNanos) * bytesPerNano);
    }
    updatedNanos = nowNanos;
    return level < burstBytes;
  }

  /** Whatever left counts, also what was not asked for. */
  @HotPath
  public void onSent(int bytes) {
    // Audio and probes may overdraw it, but not so far that pictures would have to wait for long.
    level = Math.min(level + bytes, 2 * burstBytes);
  }
}
