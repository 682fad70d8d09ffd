package dev.parley.core.server;

import dev.parley.core.subscriber.Shedding;

/**
 * Decides by a worker's load whether it takes newcomers, and how much video it leaves out. Has no
 * clock: a reading a quarter of a second is given to it. Worker's thread only.
 */
final class LoadGovernor {
  /*
   * Newcomers are refused from `full` on, and while anything is left out; they are let in again a
   * little below that.
   *
   * What is left out is a number of steps. Each takes a small share of the viewers one level
   * further (Shedding), so that a step changes the load by little and the worker stays just below
   * its limit, instead of falling from everything to nothing.
   *
   * Up: a few steps when the last second was at `shed` or above; when no time is left at all, many,
   * and twice as many each time until that helps. Each change waits for what the one before has
   * brought. Down: one step when two seconds were below CALM of `shed`, then as many as what the
   * last ones brought allows, and at most twice as many as those. One that fails is taken back
   * whole, and the next waits twice as long, since viewers may be too few for small steps.
   */

  /** How often {@link #update} is called. */
  static final long READING_NANOS = 250_000_000;

  /** Parts of the viewers, which go from one level to the next one after the other. */
  static final int SHARES = 64;

  static final int MOST_STEPS = SHARES * (Shedding.values().length - 1);

  /** Readings that make the load: two seconds. */
  private static final int LONG = 8;

  private static final int MIDDLE = 4;
  private static final int SHORT = 2;

  /** Readings until a change shows: rooms look ten times a second, and frames have to end. */
  private static final int EFFECT = 1;

  /** Hardly a moment is left. */
  private static final double SATURATED = 0.98;

  /** Of the limits: what leaves room for a step down, and for newcomers. */
  private static final double CALM = 0.89;

  private static final double FREE_AGAIN = 0.94;

  /** Of the limit: where a step down is to lead at most. */
  private static final double AIM = 0.95;

  private static final int STEPS = 4;
  private static final int FIRST_LEAP = 16;
  private static final int LONGEST_LEAP = 64;
  private static final int MOST_DOWN = 32;

  /** Down waits longer: a larger picture begins with a key frame of an encoding that rested. */
  static final long HOLD_NANOS = 3_000_000_000L;

  private static final long IDLE_HOLD_NANOS = 8_000_000_000L;
  static final long LONGEST_HOLD_NANOS = 64_000_000_000L;
  private static final long TRIAL_NANOS = 10_000_000_000L;

  /** The first bits of a hash by this are spread evenly over numbers that follow each other. */
  private static final int SPREAD = 0x9e37_79b9;

  private static final int SHARE_SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(SHARES);
  private static final Shedding[] LEVELS = Shedding.values();

  private final OverloadLimits limits;
  private final double[] loads = new double[LONG];
  private int readings;
  private int sinceChange;
  private int steps;
  private boolean full;
  private long changedNanos;
  private long holdNanos = HOLD_NANOS;

  /** How far the last change went up because no time was left; 0: it was another one. */
  private int leap;

  /** How far the last change went down; 0: it was one up. */
  private int lowered;

  /** The load before that. */
  private double loadBefore;

  LoadGovernor(OverloadLimits limits) {
    this.limits = limits;
  }

  /** Takes a reading in. */
  void update(LoadReading reading, long nowNanos) {
    loads[readings % LONG] = reading.load();
    readings++;
    sinceChange++;
    boolean pressed = reading.pressed() && reading.load() > calm();
    if (sinceChange >= SHORT + EFFECT && (pressed || mean(SHORT) >= saturated())) {
      leap = leap == 0 ? FIRST_LEAP : Math.min(2 * leap, LONGEST_LEAP);
      raise(leap, nowNanos);
    } else if (sinceChange >= MIDDLE + EFFECT && mean(MIDDLE) >= limits.shed()) {
      leap = 0;
      raise(STEPS, nowNanos);
    } else if (sinceChange >= SHORT + EFFECT && mean(SHORT) < limits.shed()) {
      leap = 0;
    }
    if (steps > 0 && sinceChange >= LONG + EFFECT && mean(LONG) <= calm()) {
      lower(nowNanos);
    }
    double limit = full ? limits.full() * FREE_AGAIN : limits.full();
    boolean sheds = steps > 0 && load() > limits.shed() / 2;
    // The first readings are of classes that load, not of media.
    full = limits.refuses() && readings >= LONG && (sheds || load() >= limit);
  }

  private double calm() {
    return limits.shed() * CALM;
  }

  private double saturated() {
    return Math.max(limits.shed(), SATURATED);
  }

  private void raise(int by, long nowNanos) {
    boolean failed = lowered > 0 && nowNanos - changedNanos < TRIAL_NANOS;
    if (failed) {
      holdNanos = Math.min(2 * holdNanos, LONGEST_HOLD_NANOS);
    }
    int back = lowered;
    lowered = 0;
    change(failed ? back : by, nowNanos);
  }

  private void lower(long nowNanos) {
    double load = mean(LONG);
    boolean idle = load <= limits.shed() / 2;
    long wait = idle ? Math.min(holdNanos, IDLE_HOLD_NANOS) : holdNanos;
    if (nowNanos - changedNanos < wait) {
      return;
    }
    int more = 1;
    if (lowered > 0) {
      // The one before has lasted, and has shown what a step brings.
      holdNanos = Math.max(HOLD_NANOS, holdNanos / 2);
      double brought = Math.max(load - loadBefore, 0) / lowered;
      double fit = (limits.shed() * AIM - load) / Math.max(brought, Double.MIN_NORMAL);
      more = (int) Math.clamp(fit, 1, Math.min(2.0 * lowered, MOST_DOWN));
    }
    loadBefore = load;
    lowered = Math.min(steps, more);
    change(-lowered, nowNanos);
  }

  private void change(int by, long nowNanos) {
    int next = Math.clamp(steps + by, 0, MOST_STEPS);
    if (next != steps) {
      steps = next;
      sinceChange = 0;
      changedNanos = nowNanos;
    }
  }

  private double mean(int last) {
    int count = Math.min(last, readings);
    double sum = 0;
    for (int i = 1; i <= count; i++) {
      sum += loads[(readings - i) % LONG];
    }
    return count == 0 ? 0 : sum / count;
  }

  /** Of the last two seconds, 0 to 1. */
  double load() {
    return mean(LONG);
  }

  /** Whether newcomers are to be refused. */
  boolean full() {
    return full;
  }

  /** What is left out: 0 to {@link #MOST_STEPS}. */
  int steps() {
    return steps;
  }

  /** What a viewer is not given; viewers are told apart by any numbers. */
  Shedding shedding(int viewer) {
    int share = viewer * SPREAD >>> SHARE_SHIFT;
    return LEVELS[steps / SHARES + (share < steps % SHARES ? 1 : 0)];
  }
}
