package dev.parley.core.bwe;

/**
 * The rate at which packets arrive, from their acknowledgements: windows of {@value #WINDOW_MS} ms,
 * each weighed by how far it is from what the ones before say. Bits a second.
 */
final class AcknowledgedRate {
  private static final int WINDOW_MS = 150;
  private static final int FIRST_WINDOW_MS = 500;
  private static final double UNCERTAINTY = 10;

  /** How many packets the latest rate is measured over at most, and at least. */
  private static final int LATEST_PACKETS = 64;

  private static final int LEAST_LATEST_PACKETS = 8;
  private static final long LATEST_NANOS = 120_000_000;

  private double estimate = -1;
  private double variance = 50;
  private long windowBytes;
  private long windowNanos = Long.MIN_VALUE;

  private final long[] latestNanos = new long[LATEST_PACKETS];
  private final int[] latestBytes = new int[LATEST_PACKETS];
  private long arrivals;

  void onPacket(long arrivedNanos, int bytes) {
    int at = (int) (arrivals++ % LATEST_PACKETS);
    latestNanos[at] = arrivedNanos;
    latestBytes[at] = bytes;
    if (windowNanos == Long.MIN_VALUE) {
      windowNanos = arrivedNanos;
    }
    long window = (estimate < 0 ? FIRST_WINDOW_MS : WINDOW_MS) * 1_000_000L;
    long elapsed = arrivedNanos - windowNanos;
    if (elapsed >= window) {
      // After a pause the window says nothing of the network.
      if (elapsed < 3 * window) {
        sample(windowBytes * 8e9 / elapsed);
      }
      windowBytes = 0;
      windowNanos = arrivedNanos;
    }
    windowBytes += bytes;
  }

  private void sample(double bitsPerSecond) {
    if (estimate < 0) {
      estimate = bitsPerSecond;
      return;
    }
    double kilobits = bitsPerSecond / 1000;
    double now = estimate / 1000;
    double deviation = UNCERTAINTY * Math.abs(now - kilobits) / Math.max(now + kilobits, 1);
    double sampleVariance = deviation * deviation;
    double predicted = variance + 5;
    estimate = 1000 * (sampleVariance * now + predicted * kilobits) / (sampleVariance + predicted);
    variance = sampleVariance * predicted / (sampleVariance + predicted);
  }

  /** Negative before the first measurement. */
  long bitsPerSecond() {
    return (long) estimate;
  }

  /**
   * The rate of the latest arrivals. While a queue grows that is what the network carries, though
   * more was sent for a moment only. As {@link #bitsPerSecond} where too little arrived.
   */
  long latestBitsPerSecond() {
    if (arrivals == 0) {
      return bitsPerSecond();
    }
    long last = latestNanos[(int) ((arrivals - 1) % LATEST_PACKETS)];
    long first = last;
    long bytes = 0;
    int count = 0;
    long oldest = Math.max(0, arrivals - LATEST_PACKETS);
    for (long i = arrivals - 1; i >= oldest; i--) {
      int at = (int) (i % LATEST_PACKETS);
      if (last - latestNanos[at] > LATEST_NANOS) {
        break;
      }
      first = Math.min(first, latestNanos[at]);
      bytes += latestBytes[at];
      count++;
    }
    if (count < LEAST_LATEST_PACKETS || last - first < LATEST_NANOS / 4) {
      return bitsPerSecond();
    }
    return (bytes * (count - 1) / count) * 8_000_000_000L / (last - first);
  }
}
