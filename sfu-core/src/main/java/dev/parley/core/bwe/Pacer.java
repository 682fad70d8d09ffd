package dev.parley.core.bwe;

import dev.parley.core.common.HotPath;

/**
 * Says when a packet may leave so that bursts do not fill the queues of the network: a bucket that
 * empties at the pacing rate and may be filled by a short burst. No timer: whoever sends asks, and
 * what must wait is sent with the next packets or at the worker's next tick. Worker's thread only.
 */
public final class Pacer {
  /** What may leave at once, in time at the pacing rate; a tick of the worker and a half. */
  public static final long BURST_NANOS = 15_000_000;

  /** The same on a path that has shown no queue: what libwebrtc's pacer lets go at once. */
  public static final long OPEN_BURST_NANOS = 40_000_000;

  private static final int LEAST_BURST_BYTES = 4 * 1250;

  private long burstNanos;
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

  /** The same with bursts of so much time. */
  public void rate(long bitsPerSecond, long burstNanos) {
    this.burstNanos = burstNanos;
    rate(bitsPerSecond);
  }

  public void rate(long bitsPerSecond) {
    bytesPerNano = bitsPerSecond / 8e9;
    burstBytes = Math.max(leastBurstBytes, bytesPerNano * burstNanos);
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
