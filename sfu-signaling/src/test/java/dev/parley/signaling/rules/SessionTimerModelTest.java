package dev.parley.signaling.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.rules.SessionTimer.State;
import dev.parley.signaling.rules.TimerSettings.OnEnd;
import dev.parley.signaling.rules.TimerSettings.StartOn;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random sessions, one after another, step by step the same as {@link TimerModel}'s. {@code
 * -Dparley.seed=} repeats a run.
 */
final class SessionTimerModelTest {
  private static final int STEPS = 100_000;
  private static final long SEED = Long.getLong("parley.seed", 20_261_205);
  private static final List<Integer> STEPS_SEC = List.of(60, 180, 300);

  private final Random random = new Random(SEED);
  private final Deque<String> log = new ArrayDeque<>();
  private final Map<String, Integer> seen = new TreeMap<>();
  private long nowMs = 1_800_000_000_000L;
  private TimerSettings settings = randomSettings();
  private SessionTimer timer = new SessionTimer(settings);
  private TimerModel model = new TimerModel(settings, nowMs / 1000);
  private long toldMs = nowMs;
  private boolean late;

  @Test
  void shouldDoWhatTheModelDoes() {
    for (int step = 0; step < STEPS; step++) {
      try {
        step();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "parley.seed=" + SEED + ", step " + step + ", " + settings + ": " + log, e);
      }
    }
    System.out.println("SessionTimerModelTest: parley.seed=" + SEED + ", " + seen);
    for (String kind : List.of("warning", "overtime", "ended", "close", "restart", "conflict")) {
      assertTrue(seen.getOrDefault(kind, 0) > 100, () -> kind + " hardly happened: " + seen);
    }
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  private TimerSettings randomSettings() {
    StartOn startOn = StartOn.values()[random.nextInt(StartOn.values().length)];
    int mostSec = 200 + random.nextInt(1500);
    return new TimerSettings(
        oneIn(8) ? 0 : 1 + random.nextInt(mostSec),
        startOn,
        startOn == StartOn.AT
            ? OptionalLong.of(nowMs + random.nextInt(100) * 1000L)
            : OptionalLong.empty(),
        oneIn(4) ? List.of() : List.of(300, 60, 10),
        OnEnd.values()[random.nextInt(OnEnd.values().length)],
        oneIn(2) ? 0 : random.nextInt(200),
        STEPS_SEC,
        mostSec,
        random.nextBoolean());
  }

  private void note(String what) {
    log.add(nowMs / 1000 % 1_000_000 + " " + what);
    if (log.size() > 30) {
      log.remove();
    }
    seen.merge(what.split(" ", 2)[0], 1, Integer::sum);
  }

  private void step() {
    switch (random.nextInt(16)) {
      case 0 -> request("start", timer.start(nowMs), TimerModel::start);
      case 1 -> request("pause", timer.pause(nowMs), TimerModel::pause);
      case 2, 3 -> request("resume", timer.resume(nowMs), TimerModel::resume);
      case 4 -> {
        int sec = oneIn(5) ? 61 : STEPS_SEC.get(random.nextInt(STEPS_SEC.size()));
        request("extend " + sec, timer.extend(sec, nowMs), m -> m.extend(sec));
      }
      case 5 -> {
        if (oneIn(3)) {
          int sec = random.nextInt(1800);
          request("set " + sec, timer.set(sec, nowMs), m -> m.set(sec));
        }
      }
      case 6 -> {
        int people = random.nextInt(4);
        int hosts = Math.min(people, random.nextInt(2));
        note("present " + people + " " + hosts);
        timer.present(people, hosts, nowMs);
        model.passTo(nowMs / 1000);
        model.present(people, hosts);
      }
      case 7 -> {
        if (oneIn(10)) {
          restart();
        }
      }
      case 8 -> {
        // At the hour a session is told to start, somebody has to call.
        if (oneIn(4) && (settings.startOn() != StartOn.AT || model.state != State.IDLE)) {
          note("late");
          nowMs += random.nextInt(400) * 1000L;
          late = true;
          return;
        }
      }
      case 9 -> {
        if (model.state == State.ENDED && oneIn(2)) {
          settings = randomSettings();
          note("new " + settings);
          timer = new SessionTimer(settings);
          model = new TimerModel(settings, nowMs / 1000);
          late = true;
        }
      }
      default -> runTo(nowMs + random.nextInt(90) * 1000L);
    }
    if (late) {
      timer.handleTimeout(nowMs);
      model.passTo(nowMs / 1000);
      late = false;
    }
    compare();
  }

  private interface Request {
    String to(TimerModel model);
  }

  private void request(String what, Optional<Refusal> refusal, Request request) {
    note(what);
    model.passTo(nowMs / 1000);
    String answer =
        refusal
            .map(r -> r.code() == ErrorCode.TIMER_CONFLICT ? "conflict" : r.details().get("field"))
            .orElse("done");
    assertEquals(request.to(model), answer);
    note(answer);
    late = false;
  }

  private void restart() {
    timer.handleTimeout(nowMs);
    model.passTo(nowMs / 1000);
    compare();
    TimerSnapshot saved = timer.save(nowMs);
    nowMs += random.nextInt(300) * 1000L;
    note("restart");
    timer = new SessionTimer(settings);
    timer.restore(saved, nowMs);
    toldMs = nowMs;
    model.restart(nowMs / 1000);
    late = true;
  }

  /** Calls the timer when it asks for it, and a millisecond before. */
  private void runTo(long endMs) {
    note("run to " + endMs / 1000 % 1_000_000);
    if (late) {
      timer.handleTimeout(nowMs);
      model.passTo(nowMs / 1000);
      late = false;
      compare();
    }
    while (timer.nextTimeoutMs() <= endMs) {
      long nextMs = timer.nextTimeoutMs();
      assertTrue(nextMs > nowMs, "asks for the same moment twice");
      timer.handleTimeout(nextMs - 1);
      assertEquals(List.of(), timer.takeEffects(), "a deadline came early");
      nowMs = nextMs;
      timer.handleTimeout(nowMs);
      model.passTo(nowMs / 1000);
      compare();
    }
    nowMs = endMs;
    int before = model.happened.size();
    model.passTo(nowMs / 1000);
    assertEquals(before, model.happened.size(), "a deadline was not named");
    boolean lasts = timer.state() != State.IDLE && timer.state() != State.ENDED;
    assertTrue(!lasts || nowMs - toldMs < 60_000, "not told for long");
  }

  private void compare() {
    List<String> happened = new ArrayList<>();
    State before = State.IDLE;
    for (TimerEffect effect : timer.takeEffects()) {
      switch (effect) {
        case TimerEffect.State(TimerView view) -> {
          toldMs = view.serverTimeMs();
          if (view.state() == State.OVERTIME && before != State.OVERTIME && isNews()) {
            happened.add("overtime");
          }
          before = view.state();
        }
        case TimerEffect.Warning(int sec) -> happened.add("warning " + sec);
        case TimerEffect.Ended(OnEnd action) -> {
          assertEquals(settings.onEnd(), action);
          happened.add("ended");
        }
        case TimerEffect.Close(OnEnd action) -> {
          assertEquals(settings.onEnd(), action);
          happened.add("close");
        }
      }
    }
    happened.forEach(this::note);
    assertEquals(model.happened, happened);
    model.happened.clear();
    assertEquals(model.state, timer.state());
    TimerView view = timer.view(nowMs);
    assertEquals(model.remainingMs(), view.remainingMs());
    assertEquals(model.extendedSec, view.extendedSec());
    assertEquals(
        view.state() == State.RUNNING || view.state() == State.OVERTIME,
        view.endsAtMs().isPresent());
    view.endsAtMs().ifPresent(ends -> assertEquals(nowMs + view.remainingMs(), ends));
  }

  /** A reminder during overtime is no news of it. */
  private boolean isNews() {
    return model.happened.contains("overtime");
  }
}
