package dev.parley.signaling.rules;

import dev.parley.signaling.rules.SessionTimer.State;
import dev.parley.signaling.rules.TimerSettings.OnEnd;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@link SessionTimer} has to do, counted down second by second instead of by deadlines. A
 * request returns {@code done}, {@code conflict}, or the field that is wrong.
 */
final class TimerModel {
  static final int CLOSE_AFTER_SEC = 5;

  final List<String> happened = new ArrayList<>();
  State state = State.IDLE;
  int lengthSec;
  int remainingSec;
  int extendedSec;
  private final TimerSettings settings;
  private final long startSec;

  /** All the time it ran, overtime included. */
  private int ranSec;

  private int people;
  private int hosts;
  private long nowSec;
  private long closeSec = Long.MAX_VALUE;

  TimerModel(TimerSettings settings, long nowSec) {
    this.settings = settings;
    this.nowSec = nowSec;
    this.lengthSec = settings.durationSec();
    this.startSec = settings.startAtMs().orElse(Long.MAX_VALUE) / 1000;
  }

  void passTo(long sec) {
    boolean hadEnded = state == State.ENDED;
    while (nowSec < sec) {
      nowSec++;
      second();
      startAtItsHour();
    }
    if (!hadEnded && state == State.ENDED && sendsAway()) {
      closeSec = nowSec + CLOSE_AFTER_SEC;
    }
    if (nowSec >= closeSec) {
      closeSec = Long.MAX_VALUE;
      happened.add("close");
    }
    startIfMet();
  }

  /** The process was away and everybody left. */
  void restart(long sec) {
    boolean hadEnded = state == State.ENDED;
    people = 0;
    hosts = 0;
    boolean stands = settings.pauseOnOutage();
    while (nowSec < sec) {
      nowSec++;
      if (!stands) {
        second();
      }
      if (startAtItsHour()) {
        stands = false;
      }
    }
    if (!hadEnded && state == State.ENDED && sendsAway()) {
      closeSec = nowSec + CLOSE_AFTER_SEC;
    }
    if (nowSec >= closeSec) {
      closeSec = Long.MAX_VALUE;
      happened.add("close");
    }
  }

  private boolean sendsAway() {
    return settings.onEnd() == OnEnd.END || settings.onEnd() == OnEnd.EJECT;
  }

  private void second() {
    if (state != State.RUNNING && state != State.OVERTIME) {
      return;
    }
    ranSec++;
    remainingSec--;
    if (state == State.RUNNING && settings.warnAtSec().contains(remainingSec)) {
      happened.add("warning " + remainingSec);
    }
    if (remainingSec > 0) {
      return;
    }
    int over =
        state == State.RUNNING
            ? Math.min(settings.overtimeSec(), settings.maxTotalSec() - ranSec)
            : 0;
    if (over > 0) {
      state = State.OVERTIME;
      remainingSec = over;
      happened.add("overtime");
    } else {
      state = State.ENDED;
      happened.add("ended");
    }
  }

  private boolean startAtItsHour() {
    boolean hour =
        settings.startOn() == TimerSettings.StartOn.AT
            && nowSec == startSec
            && state == State.IDLE
            && lengthSec > 0;
    if (hour) {
      begin();
    }
    return hour;
  }

  private void startIfMet() {
    boolean met =
        switch (settings.startOn()) {
          case FIRST_JOIN -> people >= 1;
          case HOST_JOIN -> hosts >= 1;
          case TWO_JOINED -> people >= 2;
          case MANUAL -> false;
          case AT -> nowSec >= startSec;
        };
    if (met && state == State.IDLE && lengthSec > 0) {
      begin();
    }
  }

  private void begin() {
    state = State.RUNNING;
    remainingSec = lengthSec;
  }

  void present(int people, int hosts) {
    this.people = people;
    this.hosts = hosts;
    startIfMet();
  }

  String start() {
    if (state != State.IDLE || lengthSec == 0) {
      return "conflict";
    }
    begin();
    return "done";
  }

  String pause() {
    if (state != State.RUNNING) {
      return "conflict";
    }
    state = State.PAUSED;
    return "done";
  }

  String resume() {
    if (state != State.PAUSED) {
      return "conflict";
    }
    state = State.RUNNING;
    return "done";
  }

  String extend(int sec) {
    if (!settings.extendStepsSec().contains(sec)) {
      return "sec";
    }
    int left = state == State.OVERTIME ? 0 : remainingSec;
    boolean lasts = state != State.IDLE && state != State.ENDED;
    if (!lasts || ranSec + left + sec > settings.maxTotalSec()) {
      return "conflict";
    }
    remainingSec = left + sec;
    extendedSec += sec;
    state = state == State.PAUSED ? State.PAUSED : State.RUNNING;
    return "done";
  }

  String set(int sec) {
    if (sec < 1 || sec > settings.maxTotalSec()) {
      return "durationSec";
    }
    if (state == State.IDLE) {
      lengthSec = sec;
      startIfMet();
      return "done";
    }
    if (state == State.ENDED || sec <= ranSec) {
      return "conflict";
    }
    lengthSec = sec;
    remainingSec = sec - ranSec;
    extendedSec = 0;
    state = state == State.PAUSED ? State.PAUSED : State.RUNNING;
    return "done";
  }

  long remainingMs() {
    return switch (state) {
      case IDLE -> lengthSec * 1000L;
      case RUNNING, PAUSED, OVERTIME -> remainingSec * 1000L;
      case ENDED -> 0;
    };
  }
}
