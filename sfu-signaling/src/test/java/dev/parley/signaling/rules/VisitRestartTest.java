package dev.parley.signaling.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Visits with an end that outlive their process. */
final class VisitRestartTest {
  private static final long T0 = 1_800_000_000_000L;

  private final TimerFixture room = new TimerFixture();

  private static List<String> told(VisitClock clock) {
    return clock.takeEffects().stream()
        .map(effect ->
            switch (effect) {
              case VisitEffect.Warning(String key, int sec) -> key + " warning " + sec;
              case VisitEffect.TimeUp(String key) -> key + " time up";
            })
        .toList();
  }

  private static List<String> watch(VisitClock clock, long untilMs) {
    List<String> seen = new ArrayList<>();
    while (clock.nextTimeoutMs() <= untilMs) {
      long nowMs = clock.nextTimeoutMs();
      clock.handleTimeout(nowMs);
      told(clock).forEach(line -> seen.add((nowMs - T0) + " " + line));
    }
    return seen;
  }

  private VisitClock clock() {
    return new VisitClock(room.settings());
  }

  private VisitClock restarted(VisitClock before, long downMs, long upMs) {
    VisitClock after = clock();
    after.restore(before.save(downMs), upMs);
    return after;
  }

  @Test
  void shouldGoOnWithWhatWasLeftAfterRestart() {
    VisitClock before = clock();
    before.entered("anna", "a", OptionalLong.of(100), T0);
    watch(before, T0 + 40_000);
    VisitClock clock = restarted(before, T0 + 40_000, T0 + 50_000);
    clock.entered("anna2", "a", OptionalLong.of(100), T0 + 55_000);
    clock.entered("bert", "b", OptionalLong.of(400), T0 + 55_000);
    assertEquals(
        List.of("90000 anna2 warning 10", "100000 anna2 time up"), watch(clock, T0 + 110_000));
  }

  @Test
  void shouldGiveOutageBackWhereConfigured() {
    room.pauseOnOutage = true;
    VisitClock before = clock();
    before.entered("anna", "a", OptionalLong.of(100), T0);
    watch(before, T0 + 40_000);
    VisitClock clock = restarted(before, T0 + 40_000, T0 + 340_000);
    clock.entered("anna2", "a", OptionalLong.of(100), T0 + 345_000);
    assertEquals(
        List.of("390000 anna2 warning 10", "400000 anna2 time up"), watch(clock, T0 + 500_000));
  }

  @Test
  void shouldDoAtOnceAndOnceWhatCameDueInOutage() {
    VisitClock before = clock();
    before.entered("anna", "a", OptionalLong.of(100), T0);
    watch(before, T0 + 40_000);
    VisitClock clock = restarted(before, T0 + 41_000, T0 + 95_000);
    clock.entered("anna2", "a", OptionalLong.of(100), T0 + 96_000);
    clock.handleTimeout(T0 + 96_000);
    assertEquals(List.of("anna2 warning 10"), told(clock));
    assertEquals(List.of("100000 anna2 time up"), watch(clock, T0 + 200_000));
  }

  @Test
  void shouldKeepThoseWhoHaveNotComeBackInTheNextSnapshot() {
    VisitClock before = clock();
    before.entered("anna", "a", OptionalLong.of(1000), T0);
    VisitClock between = restarted(before, T0, T0 + 1000);
    VisitClock clock = restarted(between, T0 + 2000, T0 + 3000);
    clock.entered("anna2", "a", OptionalLong.of(1000), T0 + 4000);
    assertEquals(OptionalLong.of(T0 + 1_000_000), clock.endsMs("anna2"));
  }
}
