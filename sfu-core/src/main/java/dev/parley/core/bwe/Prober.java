package dev.parley.core.bwe;

/**
 * Finds out whether the network carries more than is sent: now and then some packets leave at a
 * higher rate, and the rate at which they arrive is measured. Only when somebody wants more, the
 * network is calm, and with growing pauses where it was in vain. Bits a second.
 */
final class Prober {
  /** At the beginning, in parts of the first estimate. */
  private static final double[] FIRST = {3, 6};

  private static final double STEP = 2;
  private static final long DURATION_NANOS = 40_000_000;
  private static final int LEAST_BYTES = 6 * 1200;
  private static final long LEAST_PAUSE_NANOS = 1_000_000_000;
  private static final long MOST_PAUSE_NANOS = 3_000_000_000L;

  /** After a decrease the queue has to drain first. */
  private static final long CALM_NANOS = 800_000_000;

  /** The feedback on a probe comes within this and a round trip, or never. */
  private static final long TIMEOUT_NANOS = 500_000_000;

  private static final int LEAST_PACKETS = 5;

  /** As long as so much of a probe arrives, the network carries it. */
  private static final double SUCCESS = 0.7;

  /** A probe that found more, but less than it tried, found the limit or was disturbed. */
  private static final double NEWS = 1.05;

  private int cluster;
  private boolean sending;
  private boolean waiting;
  private long rate;
  private long wanted;
  private long beganNanos;
  private int goalBytes;
  private int sentBytes;
  private int firsts;
  private boolean follow;
  private long pauseNanos = LEAST_PAUSE_NANOS;
  private long nextNanos = Long.MIN_VALUE;
  private long firstSent;
  private long lastSent;
  private long firstArrived;
  private long lastArrived;
  private int packets;
  private long bytes;
  private int firstBytes;
  private int lastBytes;

  /** Begins a probe when it is time for one. */
  void update(long estimate, long wantedNow, boolean calm, long calmSinceNanos, long nowNanos) {
    wanted = wantedNow;
    if (waiting && !sending && nowNanos - beganNanos > TIMEOUT_NANOS + DURATION_NANOS) {
      conclude(estimate, nowNanos);
    }
    if (sending && nowNanos - beganNanos > 4 * DURATION_NANOS) {
      sending = false;
    }
    if (sending || waiting || wanted <= estimate) {
      return;
    }
    boolean first = firsts < FIRST.length;
    if (!calm || (!first && !follow && nowNanos < nextNanos)) {
      return;
    }
    if (!first && nowNanos - calmSinceNanos < CALM_NANOS) {
      return;
    }
    double goal = first ? estimate * FIRST[firsts] : estimate * STEP;
    firsts += first ? 1 : 0;
    begin((long) Math.min(goal, Math.max(wanted * 1.2, estimate * 1.2)), nowNanos);
  }

  private void begin(long bitsPerSecond, long nowNanos) {
    cluster = cluster % 0xff + 1;
    follow = false;
    sending = true;
    waiting = true;
    rate = bitsPerSecond;
    beganNanos = nowNanos;
    goalBytes = (int) Math.max(LEAST_BYTES, rate / 8e9 * DURATION_NANOS);
    sentBytes = 0;
    packets = 0;
    bytes = 0;
  }

  /** The bytes to send by now for the probe; 0 when there is none. */
  int due(long nowNanos) {
    if (!sending) {
      return 0;
    }
    // The first step begins at once, the others follow the clock.
    double soFar = rate / 8e9 * (nowNanos - beganNanos + 10_000_000);
    return (int) Math.max(0, Math.min(goalBytes, soFar) - sentBytes);
  }

  /** Whether the next step of a probe waits for nothing but time. */
  boolean sending() {
    return sending;
  }

  /** The probe that packets belong to which leave now, or 0. */
  int cluster() {
    return sending ? cluster : 0;
  }

  void onSent(int size) {
    if (sending) {
      sentBytes += size;
      sending = sentBytes < goalBytes;
    }
  }

  /** A packet of a probe was acknowledged. */
  void onArrived(int itsCluster, long sentNanos, long arrivedNanos, int size) {
    if (!waiting || itsCluster != cluster) {
      return;
    }
    if (packets == 0) {
      firstSent = sentNanos;
      lastSent = sentNanos;
      firstArrived = arrivedNanos;
      lastArrived = arrivedNanos;
      firstBytes = size;
    }
    lastSent = Math.max(lastSent, sentNanos);
    if (arrivedNanos < firstArrived) {
      firstArrived = arrivedNanos;
      firstBytes = size;
    }
    if (arrivedNanos >= lastArrived) {
      lastArrived = arrivedNanos;
      lastBytes = size;
    }
    packets++;
    bytes += size;
  }

  /**
   * What the probe measured, once most of it is acknowledged.
   *
   * @return the rate, or -1
   */
  long result(long estimate, long nowNanos) {
    if (!waiting || sending || bytes < 0.8 * goalBytes) {
      return -1;
    }
    return conclude(estimate, nowNanos);
  }

  private long conclude(long estimate, long nowNanos) {
    waiting = false;
    long measured = packets >= LEAST_PACKETS ? measure() : -1;
    if (measured > NEWS * estimate) {
      follow = measured >= SUCCESS * rate;
      pauseNanos = LEAST_PAUSE_NANOS;
      nextNanos = nowNanos + LEAST_PAUSE_NANOS;
      return measured;
    }
    pauseNanos = Math.min(2 * pauseNanos, MOST_PAUSE_NANOS);
    // Who has little of what it wants tries more often, which lets those who share a link meet.
    double share = (double) estimate / Math.max(wanted, estimate);
    nextNanos = nowNanos + (long) (pauseNanos * (0.25 + 3 * share * share));
    return measured;
  }

  private long measure() {
    double sentSeconds = (lastSent - firstSent) / 1e9;
    double arrivedSeconds = (lastArrived - firstArrived) / 1e9;
    if (sentSeconds < 0.005 || arrivedSeconds < 0.005) {
      return -1;
    }
    double sent = (bytes - lastBytes) * 8 / sentSeconds;
    double arrived = (bytes - firstBytes) * 8 / arrivedSeconds;
    if (arrived > 2 * sent) {
      return -1;
    }
    // What arrived more slowly than it was sent has found the limit.
    return (long) (arrived < 0.9 * sent ? 0.95 * arrived : Math.min(sent, arrived));
  }

  /** The network took less than before: the pauses begin anew. */
  void onDecrease(long nowNanos) {
    sending = false;
    waiting = false;
    follow = false;
    firsts = FIRST.length;
    pauseNanos = LEAST_PAUSE_NANOS;
    nextNanos = nowNanos + LEAST_PAUSE_NANOS;
  }
}
