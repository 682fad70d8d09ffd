package dev.parley.signaling.rules;

import static dev.parley.signaling.rules.TimerFixture.told;
import static dev.parley.signaling.rules.TimerFixture.watch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws of the session's timer. */
final class SessionTimerPropertiesTest {
  private static final long T0 = 1_800_000_000_000L;

  /** Something that happens some time after what happened before. */
  record Step(int afterMs, Verb verb, int sec) {
    enum Verb {
      TIMEOUT,
      PAUSE,
      RESUME,
      EXTEND,
      SET,
      STOP
    }

    void take(SessionTimer timer, long nowMs) {
      switch (verb) {
        case TIMEOUT -> timer.handleTimeout(nowMs);
        case PAUSE -> timer.pause(nowMs);
        case RESUME -> timer.resume(nowMs);
        case EXTEND -> timer.extend(sec, nowMs);
        case SET -> timer.set(sec, nowMs);
        case STOP -> timer.stop(nowMs);
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step.Verb> verbs =
        Arbitraries.frequency(
            Tuple.of(6, Step.Verb.TIMEOUT),
            Tuple.of(3, Step.Verb.PAUSE),
            Tuple.of(4, Step.Verb.RESUME),
            Tuple.of(4, Step.Verb.EXTEND),
            Tuple.of(2, Step.Verb.SET),
            Tuple.of(1, Step.Verb.STOP));
    return Combinators.combine(
            Arbitraries.integers().between(0, 90_000),
            verbs,
            Arbitraries.integers().between(1, 600))
        .as(Step::new)
        .list()
        .ofMaxSize(30);
  }

  private static TimerFixture room(int durationSec, int overtimeSec) {
    TimerFixture room = new TimerFixture();
    room.durationSec = durationSec;
    room.overtimeSec = overtimeSec;
    room.extendStepsSec = List.of();
    room.maxTotalSec = Math.max(durationSec, 1200);
    return room;
  }

  @Property
  void shouldEndExactlyAtItsDeadline(
      @ForAll @IntRange(min = 1, max = 100_000) int durationSec,
      @ForAll @IntRange(max = 3600) int overtimeSec) {
    TimerFixture room = room(durationSec, overtimeSec);
    room.maxTotalSec = durationSec + overtimeSec;
    List<String> seen = watch(room.started(T0), T0 + (durationSec + overtimeSec) * 1000L);
    assertEquals(T0 + (durationSec + overtimeSec) * 1000L + " ended end", seen.getLast());
  }

  @Property
  void shouldWarnExactlyOnceAtEachThreshold(
      @ForAll @IntRange(min = 1, max = 10_000) int durationSec,
      @ForAll @Size(max = 20) List<@IntRange(min = 1, max = 12_000) Integer> warnAtSec) {
    TimerFixture room = room(durationSec, 0);
    room.warnAtSec = warnAtSec;
    List<String> expected = new ArrayList<>();
    for (int leftSec = durationSec - 1; leftSec > 0; leftSec--) {
      if (warnAtSec.contains(leftSec)) {
        expected.add(T0 + (durationSec - leftSec) * 1000L + " warning " + leftSec);
      }
    }
    assertEquals(expected, watch(room.started(T0), T0 + durationSec * 1000L - 1));
  }

  /**
   * An extension in between, at any moment: what had been told is told again only if true again.
   */
  @Property
  void shouldWarnExactlyOnceForEachDeadline(
      @ForAll @IntRange(max = 599_999) int atMs, @ForAll @IntRange(min = 1, max = 600) int sec) {
    SessionTimer timer = room(600, 0).started(T0);
    watch(timer, T0 + atMs);
    timer.extend(sec, T0 + atMs);
    told(timer);
    List<String> expected = new ArrayList<>();
    for (int threshold : List.of(300, 60, 10)) {
      long dueMs = (600 + sec - threshold) * 1000L;
      if (dueMs > atMs) {
        expected.add(T0 + dueMs + " warning " + threshold);
      }
    }
    assertEquals(expected, watch(timer, T0 + (600 + sec) * 1000L - 1));
  }

  @Property
  void shouldNeverLastLongerThanTheMaximum(
      @ForAll("steps") List<Step> steps,
      @ForAll @IntRange(min = 1, max = 1200) int durationSec,
      @ForAll @IntRange(max = 1000) int overtimeSec) {
    SessionTimer timer = room(durationSec, overtimeSec).started(T0);
    long nowMs = T0;
    long lastedMs = 0;
    for (Step step : steps) {
      timer.handleTimeout(nowMs);
      TimerView view = timer.view(nowMs);
      boolean lasts =
          view.state() == SessionTimer.State.RUNNING || view.state() == SessionTimer.State.OVERTIME;
      nowMs += step.afterMs();
      lastedMs += lasts ? Math.min(step.afterMs(), view.remainingMs()) : 0;
      step.take(timer, nowMs);
      long leftMs = timer.view(nowMs).remainingMs();
      assertTrue(lastedMs + leftMs <= 1_200_000, step + " at " + nowMs);
    }
  }

  /** However late the calls come: the same is told in the same order, repetitions apart. */
  @Property
  void shouldTellTheSameWhenCalledLate(
      @ForAll @IntRange(min = 1, max = 700) int durationSec,
      @ForAll @IntRange(max = 100) int overtimeSec,
      @ForAll @Size(max = 20) List<@IntRange(max = 200_000) Integer> callsAfterMs) {
    TimerFixture room = room(durationSec, overtimeSec);
    long endMs = T0 + (durationSec + overtimeSec) * 1000L;
    List<String> onTime =
        watch(room.started(T0), endMs).stream().map(line -> line.split(" ", 2)[1]).toList();
    SessionTimer late = room.started(T0);
    List<String> seen = new ArrayList<>();
    long nowMs = T0;
    for (int afterMs : callsAfterMs) {
      nowMs = Math.min(nowMs + afterMs, endMs);
      late.handleTimeout(nowMs);
      seen.addAll(told(late));
    }
    late.handleTimeout(endMs);
    seen.addAll(told(late));
    assertEquals(onTime, seen.stream().filter(line -> !line.startsWith("state")).toList());
  }

  @Property
  void shouldBehaveTheSameAfterRestartAtEveryPoint(
      @ForAll("steps") List<Step> steps,
      @ForAll @IntRange(max = 30) int restartBefore,
      @ForAll @IntRange(max = 90) int overtimeSec) {
    TimerFixture room = room(400, overtimeSec);
    SessionTimer steady = room.started(T0);
    SessionTimer restarted = room.started(T0);
    long nowMs = T0;
    for (int i = 0; i < steps.size(); i++) {
      if (i == restartBefore) {
        TimerSnapshot saved = restarted.save(nowMs);
        restarted = room.timer();
        restarted.restore(saved, nowMs);
        assertEquals(saved, restarted.save(nowMs));
      }
      nowMs += steps.get(i).afterMs();
      steps.get(i).take(steady, nowMs);
      steps.get(i).take(restarted, nowMs);
      assertEquals(told(steady), told(restarted));
      assertEquals(steady.view(nowMs), restarted.view(nowMs));
      assertEquals(steady.nextTimeoutMs(), restarted.nextTimeoutMs());
    }
  }

  @Property
  void shouldAlwaysGetOnAtItsNextTimeout(
      @ForAll("steps") List<Step> steps, @ForAll @IntRange(max = 90) int overtimeSec) {
    SessionTimer timer = room(200, overtimeSec).started(T0);
    long nowMs = T0;
    for (Step step : steps) {
      nowMs += step.afterMs();
      step.take(timer, nowMs);
      told(timer);
      assertTrue(timer.nextTimeoutMs() > nowMs, "due at once again after " + step);
      if (timer.nextTimeoutMs() != Long.MAX_VALUE && step.sec() % 2 == 0) {
        timer.handleTimeout(timer.nextTimeoutMs() - 1);
        assertEquals(List.of(), told(timer), "early");
        nowMs = timer.nextTimeoutMs();
        timer.handleTimeout(nowMs);
        assertTrue(!told(timer).isEmpty(), "late");
      }
    }
  }
}
