package dev.parley.core.server;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.subscriber.Shedding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What a worker does about its load: it measures it, takes nobody new when there is no time left,
 * and leaves video out before anything is lost (docs/overload.md). Worker's thread only, except
 * {@link #state}.
 */
final class Overload implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Overload.class);

  /** How a thread spends its time; called on that thread. */
  interface Meter extends AutoCloseable {
    /** The thread has a turn. */
    void turn(long nowNanos);

    /** Since the last call. */
    LoadReading read(long nowNanos);

    @Override
    default void close() {}
  }

  /**
   * What others may know.
   *
   * @param load 0 to 1
   * @param full whether newcomers are refused
   * @param shedding from 0, nothing is left out, to 6
   */
  record State(double load, boolean full, double shedding) {}

  private final int worker;
  private final Meter meter;
  private final LoadGovernor governor;
  private final Counters counters;
  private long nextReadingNanos = Long.MIN_VALUE;
  private volatile State state = new State(0, false, 0);

  Overload(int worker, OverloadLimits limits, Meter meter, Counters counters) {
    this.worker = worker;
    this.meter = meter;
    this.governor = new LoadGovernor(limits);
    this.counters = counters;
  }

  /** With each turn of the worker's timer. */
  void tick(long nowNanos) {
    meter.turn(nowNanos);
    if (nextReadingNanos == Long.MIN_VALUE) {
      nextReadingNanos = nowNanos + LoadGovernor.READING_NANOS;
    } else if (nowNanos >= nextReadingNanos) {
      nextReadingNanos = nowNanos + LoadGovernor.READING_NANOS;
      take(meter.read(nowNanos), nowNanos);
    }
  }

  private void take(LoadReading reading, long nowNanos) {
    counters.add(Counter.RECEIVE_OVERFLOWS, reading.overflows());
    int before = governor.steps();
    governor.update(reading, nowNanos);
    int steps = governor.steps();
    counters.add(Counter.SHED_STEPS, Math.max(0, steps - before));
    counters.add(Counter.RESTORED_STEPS, Math.max(0, before - steps));
    State last = state;
    state = new State(governor.load(), governor.full(), steps / (double) LoadGovernor.SHARES);
    tell(last, state, reading);
  }

  /** Once for each level, and when the door opens or closes. */
  private void tell(State last, State now, LoadReading reading) {
    boolean level = Math.ceil(last.shedding()) != Math.ceil(now.shedding());
    if (level || last.full() != now.full()) {
      boolean worse = now.shedding() > last.shedding() || (now.full() && !last.full());
      LOG.atLevel(worse ? Level.WARN : Level.INFO)
          .addKeyValue("event", "media.load")
          .addKeyValue("worker", worker)
          .addKeyValue("load", "%.2f".formatted(now.load()))
          .addKeyValue("full", now.full())
          .addKeyValue("shedding", now.shedding())
          .addKeyValue("waiting", "%.2f".formatted(reading.waiting()))
          .addKeyValue("overflows", reading.overflows())
          .log();
    }
  }

  /** What a viewer is not given; viewers are told apart by any numbers. */
  Shedding shedding(int viewer) {
    return governor.shedding(viewer);
  }

  /** Any thread. */
  State state() {
    return state;
  }

  @Override
  public void close() {
    meter.close();
  }
}
