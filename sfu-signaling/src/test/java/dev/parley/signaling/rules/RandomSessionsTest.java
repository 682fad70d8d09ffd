package dev.parley.signaling.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.rules.TimerSettings.OnEnd;
import dev.parley.signaling.rules.TimerSettings.StartOn;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random sessions, step by step beside {@link CountedDown}. */
final class RandomSessionsTest {
  private static final int STEPS = 100_000;
  private static final int LONGEST_ROOM = 200;

  private final long seed = Long.getLong("parley.seed", 20_261_121);
  private final Random random = new Random(seed);
  private final Map<SessionTimer.State, Integer> seen = new EnumMap<>(SessionTimer.State.class);
  private int step;
  private int carriedOut;
  private int refused;
  private TimerSettings settings = TimerSettings.NONE;
  private SessionTimer timer = new SessionTimer(settings);
  private CountedDown model = new CountedDown(settings, 0);
  private long nowMs = 1_800_000_000_000L;
  private int people;
  private int hosts;
  private String last = "";

  @Test
  void shouldDoWhatTheModelDoes() {
    System.out.println("RandomSessionsTest: parley.seed=" + seed);
    int roomSteps = 0;
    open();
    for (step = 0; step < STEPS; step++) {
      roomSteps++;
      if (roomSteps > LONGEST_ROOM || (model.over() && random.nextInt(5) == 0)) {
        roomSteps = 0;
        open();
      }
      act();
      compare();
      seen.merge(timer.state(), 1, Integer::sum);
    }
    for (SessionTimer.State state : SessionTimer.State.values()) {
      assertTrue(seen.getOrDefault(state, 0) > STEPS / 100, "hardly ever " + state + ": " + seen);
    }
    assertTrue(carriedOut > STEPS / 20, "carried out: " + carriedOut);
    assertTrue(refused > STEPS / 20, "refused: " + refused);
  }

  private void open() {
    TimerFixture room = new TimerFixture();
    room.durationSec = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(900);
    room.startOn = pick(StartOn.values());
    if (room.startOn == StartOn.AT) {
      room.startAtMs = OptionalLong.of(nowMs + random.nextInt(400_000) - 100_000);
    }
    room.warnAtSec = pick(List.of(List.of(300, 60, 10), List.of(), List.of(5, 120, 119)));
    room.onEnd = pick(OnEnd.values());
    room.overtimeSec = pick(List.of(0, 0, 45, 300));
    room.extendStepsSec = pick(List.of(List.of(60, 180, 300, 600), List.of()));
    room.maxTotalSec = Math.max(Math.max(1, room.durationSec), pick(List.of(600, 1200, 86_400)));
    room.pauseOnOutage = random.nextBoolean();
    settings = room.settings();
    timer = room.timer();
    model = new CountedDown(settings, nowMs);
    people = 0;
    hosts = 0;
  }

  private <T> T pick(T[] all) {
    return all[random.nextInt(all.length)];
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private void act() {
    if (random.nextInt(200) == 0) {
      request("stop", timer.stop(elapse()).isEmpty(), model.stop());
      return;
    }
    switch (random.nextInt(20)) {
      case 0, 1 -> present();
      case 2 -> request("start", timer.start(elapse()).isEmpty(), model.start());
      case 3 -> request("pause", timer.pause(elapse()).isEmpty(), model.pause());
      case 4, 5 -> request("resume", timer.resume(elapse()).isEmpty(), model.resume());
      case 6, 7, 8 -> {
        int sec = pick(List.of(60, 180, 300, 600, 1, 77, 0, -60));
        request("extend " + sec, timer.extend(sec, elapse()).isEmpty(), model.extend(sec));
      }
      case 9 -> {
        int sec = random.nextInt(1300);
        request("set " + sec, timer.set(sec, elapse()).isEmpty(), model.set(sec));
      }
      case 10 -> restart();
      default -> {
        last = "timeout";
        timer.handleTimeout(elapse());
      }
    }
  }

  private void present() {
    hosts = random.nextInt(2);
    people = hosts + random.nextInt(3);
    last = "present " + people + "," + hosts;
    timer.present(people, hosts, elapse());
    model.present(people, hosts);
  }

  private void request(String what, boolean done, boolean expected) {
    last = what;
    assertEquals(expected, done, this::place);
    if (done) {
      carriedOut++;
    } else {
      refused++;
    }
  }

  private void restart() {
    long outageMs = pick(List.of(0L, 1L, 2500L, 70_000L, 400_000L));
    last = "outage " + outageMs;
    TimerSnapshot saved = timer.save(nowMs);
    nowMs += outageMs;
    timer = new SessionTimer(settings);
    timer.restore(saved, nowMs);
    timer.present(people, hosts, nowMs);
    model.pass(outageMs, settings.pauseOnOutage());
    model.present(people, hosts);
  }

  /** Lets time pass for the model and, by the result, for the timer: often to a deadline's edge. */
  private long elapse() {
    long next = timer.nextTimeoutMs();
    long toNextMs = next == Long.MAX_VALUE ? 60_000 : Math.max(0, next - nowMs);
    long forMs =
        switch (random.nextInt(8)) {
          case 0, 1 -> toNextMs;
          case 2 -> Math.max(0, toNextMs - 1);
          case 3 -> toNextMs + 1;
          case 4 -> 0;
          case 5 -> toNextMs + random.nextInt(30_000);
          case 6 -> random.nextInt(random.nextInt(10) == 0 ? 400_000 : 20_000);
          default -> random.nextInt(2000);
        };
    nowMs += forMs;
    model.pass(forMs, false);
    return nowMs;
  }

  private void compare() {
    assertEquals(model.takeTold(), TimerFixture.told(timer), this::place);
    TimerView view = timer.view(nowMs);
    assertEquals(
        model.line(), "state " + view.state().wireName() + " " + view.remainingMs(), this::place);
    assertEquals(model.extendedSec(), view.extendedSec(), this::place);
    boolean ticks =
        view.state() == SessionTimer.State.RUNNING || view.state() == SessionTimer.State.OVERTIME;
    assertEquals(
        ticks ? OptionalLong.of(nowMs + view.remainingMs()) : OptionalLong.empty(),
        view.endsAtMs(),
        this::place);
    assertTrue(timer.nextTimeoutMs() > nowMs, this::place);
  }

  private String place() {
    return "seed %d, step %d, %s, %s".formatted(seed, step, last, settings);
  }
}
