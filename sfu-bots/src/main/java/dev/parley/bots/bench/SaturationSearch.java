package dev.parley.bots.bench;

/**
 * Looks for the highest rate at which a server keeps up, in few tries: upwards by what its thread
 * has left, and by halves between what it could and what it could not.
 */
final class SaturationSearch {
  /** Estimates of what a network takes follow a step of so much. */
  static final double LARGEST_STEP = 1.3;

  private static final double CLOSE_ENOUGH = 1.05;
  private static final int MOST_TRIES = 12;

  private final double most;
  private final double busyEnough;
  private double next;
  private double best;
  private double tooMuch = Double.POSITIVE_INFINITY;
  private int tries;
  private boolean done;

  /**
   * @param first rate to try
   * @param most beyond which nothing is tried
   * @param busyEnough the share of its core from which on the thread counts as saturated; more than
   *     1: until it fails
   */
  SaturationSearch(double first, double most, double busyEnough) {
    this.next = first;
    this.most = most;
    this.busyEnough = busyEnough;
  }

  /** The rate to try next. */
  double next() {
    return next;
  }

  boolean done() {
    return done;
  }

  /** The highest rate so far at which it kept up; 0: none. */
  double best() {
    return best;
  }

  /** What became of {@link #next}. */
  void tried(boolean keptUp, double busy) {
    tries++;
    if (keptUp) {
      best = Math.max(best, next);
    } else {
      tooMuch = Math.min(tooMuch, next);
    }
    boolean saturated = keptUp && busy >= busyEnough;
    done =
        saturated
            || tries >= MOST_TRIES
            || best >= most
            || (best > 0 && tooMuch < CLOSE_ENOUGH * best);
    if (!done) {
      next = following(busy);
    }
  }

  private double following(double busy) {
    if (best == 0) {
      return next / 2;
    }
    if (tooMuch < Double.POSITIVE_INFINITY) {
      return (best + tooMuch) / 2;
    }
    double room = Math.min(1, busyEnough) / Math.max(busy, 0.01);
    return Math.min(most, best * Math.clamp(room, CLOSE_ENOUGH, LARGEST_STEP));
  }
}
