package dev.parley.signaling.rules;

import dev.parley.signaling.rules.TimerSettings.OnEnd;
import dev.parley.signaling.rules.TimerSettings.StartOn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The contract of the session's timer once more, the other way round: no deadline, but what is left
 * and what was used, counted down step by step.
 */
final class CountedDown {
  private final TimerSettings settings;
  private String state = "idle";
  private long nowMs;
  private int lengthSec;
  private int people;
  private int hosts;
  private long leftMs;
  private long usedMs;
  private long overLeftMs;
  private long sinceToldMs;
  private long untilCloseMs = -1;
  private int extendedSec;
  private List<Integer> toWarn = new ArrayList<>();
  private List<String> told = new ArrayList<>();

  CountedDown(TimerSettings settings, long nowMs) {
    this.settings = settings;
    this.nowMs = nowMs;
    this.lengthSec = settings.durationSec();
  }

  List<String> takeTold() {
    List<String> taken = told;
    told = new ArrayList<>();
    return taken;
  }

  String line() {
    long remainingMs =
        switch (state) {
          case "idle" -> lengthSec * 1000L;
          case "ended" -> 0;
          case "overtime" -> overLeftMs;
          default -> leftMs;
        };
    return "state " + state + " " + Math.max(0, remainingMs);
  }

  int extendedSec() {
    return extendedSec;
  }

  boolean over() {
    return state.equals("ended") && untilCloseMs < 0;
  }

  private void tell() {
    told.add(line());
    sinceToldMs = 0;
  }

  /** Time goes by; {@code given} says that it is given back, as an outage may be. */
  void pass(long forMs, boolean given) {
    nowMs += forMs;
    sinceToldMs += forMs;
    boolean counts = (state.equals("running") || state.equals("overtime")) && !given;
    if (counts) {
      leftMs -= forMs;
      overLeftMs -= state.equals("overtime") ? forMs : 0;
      usedMs += forMs;
    }
    untilCloseMs -= untilCloseMs >= 0 ? Math.min(forMs, untilCloseMs) : 0;
    settle();
  }

  private void settle() {
    if (state.equals("idle") && lengthSec > 0 && startsBySettings()) {
      begin(settings.startOn() == StartOn.AT ? nowMs - settings.startAtMs().orElseThrow() : 0);
    }
    if (state.equals("running")) {
      toWarn.stream()
          .filter(sec -> leftMs <= sec * 1000L)
          .sorted(Comparator.reverseOrder())
          .forEach(sec -> told.add("warning " + sec));
      toWarn.removeIf(sec -> leftMs <= sec * 1000L);
      if (leftMs <= 0) {
        long atEndMs = usedMs + leftMs;
        long overMs =
            Math.min(settings.overtimeSec() * 1000L, settings.maxTotalSec() * 1000L - atEndMs);
        overLeftMs = overMs + leftMs;
        if (overMs > 0) {
          state = "overtime";
          tell();
        } else {
          end();
        }
      }
    }
    if (state.equals("overtime") && overLeftMs <= 0) {
      end();
    }
    if (untilCloseMs == 0) {
      untilCloseMs = -1;
      told.add("close " + settings.onEnd().wireName());
    }
    if (!state.equals("idle") && !state.equals("ended") && sinceToldMs >= 60_000) {
      tell();
    }
  }

  private boolean startsBySettings() {
    return switch (settings.startOn()) {
      case FIRST_JOIN -> people >= 1;
      case HOST_JOIN -> hosts >= 1;
      case TWO_JOINED -> people >= 2;
      case MANUAL -> false;
      case AT -> nowMs >= settings.startAtMs().orElseThrow();
    };
  }

  private void begin(long agoMs) {
    state = "running";
    leftMs = lengthSec * 1000L;
    allowWarnings();
    leftMs -= agoMs;
    usedMs = agoMs;
    tell();
  }

  private void allowWarnings() {
    toWarn = new ArrayList<>(settings.warnAtSec());
    toWarn.removeIf(sec -> leftMs <= sec * 1000L);
  }

  private void end() {
    state = "ended";
    tell();
    told.add("ended " + settings.onEnd().wireName());
    boolean go = settings.onEnd() == OnEnd.END || settings.onEnd() == OnEnd.EJECT;
    untilCloseMs = go ? SessionTimer.CLOSE_GRACE_MS : -1;
  }

  void present(int people, int hosts) {
    this.people = people;
    this.hosts = hosts;
    settle();
  }

  boolean start() {
    if (!state.equals("idle") || lengthSec == 0) {
      return false;
    }
    begin(0);
    return true;
  }

  boolean pause() {
    if (!state.equals("running")) {
      return false;
    }
    state = "paused";
    tell();
    return true;
  }

  boolean resume() {
    if (!state.equals("paused")) {
      return false;
    }
    state = "running";
    allowWarnings();
    tell();
    return true;
  }

  boolean stop() {
    if (state.equals("idle") || state.equals("ended")) {
      return false;
    }
    end();
    return true;
  }

  boolean extend(int sec) {
    List<Integer> steps = settings.extendStepsSec();
    boolean allowed = sec > 0 && (steps.isEmpty() || steps.contains(sec));
    if (!allowed || state.equals("idle") || state.equals("ended")) {
      return false;
    }
    long newLeftMs = (state.equals("overtime") ? 0 : leftMs) + sec * 1000L;
    if (usedMs + newLeftMs > settings.maxTotalSec() * 1000L) {
      return false;
    }
    extendedSec += sec;
    moveTo(newLeftMs);
    return true;
  }

  boolean set(int sec) {
    if (sec < 1 || sec > settings.maxTotalSec() || state.equals("ended")) {
      return false;
    }
    if (state.equals("idle")) {
      lengthSec = sec;
      if (startsBySettings()) {
        begin(0);
      } else {
        tell();
      }
      return true;
    }
    if (sec * 1000L <= usedMs) {
      return false;
    }
    extendedSec = 0;
    moveTo(sec * 1000L - usedMs);
    return true;
  }

  private void moveTo(long newLeftMs) {
    leftMs = newLeftMs;
    if (!state.equals("paused")) {
      state = "running";
      allowWarnings();
    }
    tell();
  }
}
