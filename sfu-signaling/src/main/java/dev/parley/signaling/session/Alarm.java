package dev.parley.signaling.session;

import dev.parley.signaling.observe.SignalingCounters;
import io.vertx.core.Vertx;

/**
 * One timer at most, which can be set anew and has to be cancelled at its owner's end. Used from
 * one context only, on which it also rings.
 */
final class Alarm {
  private static final long NONE = -1;

  private final Vertx vertx;
  private final SignalingCounters counters;
  private long timer = NONE;

  Alarm(Vertx vertx, SignalingCounters counters) {
    this.vertx = vertx;
    this.counters = counters;
  }

  /** Rings once, instead of what was set before. */
  void set(long delayMs, Runnable then) {
    cancel();
    counters.timerSet();
    timer =
        vertx.setTimer(
            Math.max(1, delayMs),
            fired -> {
              if (fired == timer) {
                timer = NONE;
                counters.timerEnded();
                then.run();
              }
            });
  }

  void cancel() {
    if (timer != NONE) {
      vertx.cancelTimer(timer);
      timer = NONE;
      counters.timerEnded();
    }
  }
}
