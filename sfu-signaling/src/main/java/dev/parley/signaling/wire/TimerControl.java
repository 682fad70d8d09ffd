package dev.parley.signaling.wire;

/** What a moderator does to the session timer. */
public sealed interface TimerControl extends Request {
  /** A new length, from the start of the session. */
  record Set(int durationSec) implements TimerControl {
    @Override
    public String type() {
      return "timer.set";
    }
  }

  record Start() implements TimerControl {
    @Override
    public String type() {
      return "timer.start";
    }
  }

  record Pause(boolean paused) implements TimerControl {
    @Override
    public String type() {
      return "timer.pause";
    }
  }

  record Extend(int sec) implements TimerControl {
    @Override
    public String type() {
      return "timer.extend";
    }
  }
}
