package dev.parley.signaling.rules;

import dev.parley.signaling.rules.TimerSettings.OnEnd;
import dev.parley.signaling.rules.TimerSettings.StartOn;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Settings of a timer, step by step, and its effects as lines. */
final class TimerFixture {
  int durationSec = 600;
  StartOn startOn = StartOn.MANUAL;
  OptionalLong startAtMs = OptionalLong.empty();
  List<Integer> warnAtSec = List.of(300, 60, 10);
  OnEnd onEnd = OnEnd.END;
  int overtimeSec;
  List<Integer> extendStepsSec = List.of(60, 180, 300, 600);
  int maxTotalSec = 86_400;
  boolean pauseOnOutage;

  TimerSettings settings() {
    return new TimerSettings(
        durationSec,
        startOn,
        startAtMs,
        warnAtSec,
        onEnd,
        overtimeSec,
        extendStepsSec,
        maxTotalSec,
        pauseOnOutage);
  }

  SessionTimer timer() {
    return new SessionTimer(settings());
  }

  /** A timer whose session began at {@code startMs}. */
  SessionTimer started(long startMs) {
    SessionTimer timer = timer();
    timer.start(startMs);
    timer.takeEffects();
    return timer;
  }

  /** For instance {@code state running 600000}, {@code warning 60}, {@code ended eject}. */
  static List<String> lines(List<TimerEffect> effects) {
    return effects.stream()
        .map(effect ->
            switch (effect) {
              case TimerEffect.State(TimerView view) ->
                  "state " + view.state().wireName() + " " + view.remainingMs();
              case TimerEffect.Warning(int remainingSec) -> "warning " + remainingSec;
              case TimerEffect.Ended(OnEnd action) -> "ended " + action.wireName();
              case TimerEffect.Close(OnEnd action) -> "close " + action.wireName();
            })
        .toList();
  }

  static List<String> told(SessionTimer timer) {
    return lines(timer.takeEffects());
  }

  /**
   * Calls the timer at each of its own times until {@code untilMs}: "when what", without states.
   */
  static List<String> watch(SessionTimer timer, long untilMs) {
    List<String> seen = new ArrayList<>();
    while (timer.nextTimeoutMs() <= untilMs) {
      long nowMs = timer.nextTimeoutMs();
      timer.handleTimeout(nowMs);
      told(timer).stream()
          .filter(line -> !line.startsWith("state"))
          .forEach(line -> seen.add(nowMs + " " + line));
    }
    return seen;
  }
}
