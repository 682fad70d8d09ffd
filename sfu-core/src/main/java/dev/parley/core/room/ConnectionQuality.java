package dev.parley.core.room;

/**
 * How good one participant's connection is for a call, from 0 to 5, of what the server measures:
 * the simplified E-model (ITU-T G.107; its loss and delay terms after Cole and Rosenbluth, 2001)
 * over loss either way and round trip, and the share of the wanted pictures that the network takes.
 * Time is an argument. Worker's thread only.
 */
final class ConnectionQuality {
  /** Nothing gets through. */
  static final int LOST = 0;

  static final int BEST = 5;

  private static final long INTERVAL_NANOS = 2_000_000_000;

  /** Of G.107: everything but loss and delay at its best. */
  private static final double BASE = 93.2;

  private static final double LOSS_FACTOR = 30;
  private static final double LOSS_STEEPNESS = 15;
  private static final double DELAY_FACTOR = 0.024;
  private static final double LATE_FACTOR = 0.11;
  private static final double LATE_MS = 177.3;

  /** What encoding and the receiver's buffer add to the way through the network. */
  private static final double END_MS = 60;

  /** The user satisfaction limits of G.107 annex B, for levels 5 to 2. */
  private static final int[] RATINGS = {90, 80, 70, 60};

  /** The least share of the wanted bits a second for levels 5 to 3. */
  private static final double[] SHARES = {0.8, 0.5, 0.25};

  private static final int NONE = -1;

  private long dueNanos = Long.MIN_VALUE;
  private long received;
  private long lost;
  private int level = NONE;
  private boolean better;

  boolean isDue(long nowNanos) {
    return nowNanos >= dueNanos;
  }

  /**
   * Looks at the last interval.
   *
   * @param nowReceived packets that came from the participant so far, {@code nowLost} those missing
   * @param down the share of what it is sent that is lost
   * @param usedShare of the bits a second that it wants to see, what it is sent
   * @return whether {@link #level} has changed; better only when two intervals in a row were
   */
  boolean update(
      long nowReceived,
      long nowLost,
      double down,
      long roundTripNanos,
      double usedShare,
      long nowNanos) {
    boolean first = dueNanos == Long.MIN_VALUE;
    dueNanos = nowNanos + INTERVAL_NANOS;
    // Counts begin anew with a track, and shrink when a late packet comes after all.
    long cameNow = Math.max(0, nowReceived - received);
    long lostNow = Math.max(0, nowLost - lost);
    received = nowReceived;
    lost = nowLost;
    if (first) {
      return false;
    }
    double up = cameNow + lostNow == 0 ? 0 : lostNow / (double) (cameNow + lostNow);
    return take(rate(Math.max(up, down), roundTripNanos / 1e6, usedShare));
  }

  /** Nothing gets through: known at once. */
  boolean lost() {
    dueNanos = Long.MIN_VALUE;
    return take(LOST);
  }

  private boolean take(int measured) {
    if (measured <= level || level == NONE) {
      better = false;
      return set(measured);
    }
    if (!better && level != LOST) {
      better = true;
      return false;
    }
    better = false;
    return set(measured);
  }

  private boolean set(int now) {
    boolean news = now != level;
    level = now;
    return news;
  }

  /** 0 to 5; -1 before anything was measured. */
  int measured() {
    return level;
  }

  /** 0 to 5. */
  int level() {
    return Math.max(LOST, level);
  }

  static int rate(double loss, double roundTripMs, double usedShare) {
    double delayMs = roundTripMs / 2 + END_MS;
    double late = Math.max(0, delayMs - LATE_MS);
    double rating =
        BASE
            - DELAY_FACTOR * delayMs
            - LATE_FACTOR * late
            - LOSS_FACTOR * Math.log(1 + LOSS_STEEPNESS * loss);
    int byRating = BEST;
    for (int limit : RATINGS) {
      if (rating < limit) {
        byRating--;
      }
    }
    int byShare = BEST;
    for (double limit : SHARES) {
      if (usedShare < limit) {
        byShare--;
      }
    }
    return Math.min(byRating, byShare);
  }
}
