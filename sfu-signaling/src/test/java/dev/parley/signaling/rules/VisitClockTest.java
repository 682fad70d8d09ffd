package dev.parley.signaling.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.signaling.rules.TimerSettings.OnEnd;
import dev.parley.signaling.rules.TimerSettings.StartOn;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class VisitClockTest {
  private static final long T0 = 1_800_000_000_000L;
  private static final OptionalLong FIVE_MINUTES = OptionalLong.of(300);

  private final VisitClock visits = new VisitClock(settings(false));

  private static TimerSettings settings(boolean pauseOnOutage) {
    return new TimerSettings(
        0,
        StartOn.MANUAL,
        OptionalLong.empty(),
        List.of(60, 10),
        OnEnd.END,
        0,
        List.of(),
        3600,
        pauseOnOutage);
  }

  private static long at(long sec) {
    return T0 + sec * 1000;
  }

  private List<VisitEffect> next() {
    visits.handleTimeout(visits.nextTimeoutMs());
    return visits.takeEffects();
  }

  @Test
  void shouldWarnAndEndEachVisitByItself() {
    visits.entered("a", "anna", FIVE_MINUTES, T0);
    visits.entered("b", "ben", OptionalLong.of(285), at(20));
    assertEquals(at(240), visits.nextTimeoutMs());
    assertEquals(List.of(new VisitEffect.Warning("a", 60)), next());
    assertEquals(at(245), visits.nextTimeoutMs());
    assertEquals(List.of(new VisitEffect.Warning("b", 60)), next());
    assertEquals(List.of(new VisitEffect.Warning("a", 10)), next());
    assertEquals(List.of(new VisitEffect.Warning("b", 10)), next());
    assertEquals(at(300), visits.nextTimeoutMs());
    assertEquals(List.of(new VisitEffect.TimeUp("a")), next());
    assertEquals(at(305), visits.nextTimeoutMs());
    assertEquals(List.of(new VisitEffect.TimeUp("b")), next());
    assertEquals(Long.MAX_VALUE, visits.nextTimeoutMs());
  }

  @Test
  void shouldNotLimitWhoHasNoLimit() {
    visits.entered("a", "anna", OptionalLong.empty(), T0);
    assertEquals(OptionalLong.empty(), visits.endsMs("a"));
    assertEquals(Long.MAX_VALUE, visits.nextTimeoutMs());
  }

  @Test
  void shouldEndAVisitOfNoTimeAtOnceAndBearAnyNumber() {
    visits.entered("a", "anna", OptionalLong.of(-5), T0);
    assertEquals(OptionalLong.of(T0), visits.endsMs("a"));
    visits.entered("b", "ben", OptionalLong.of(Long.MAX_VALUE), T0);
    visits.handleTimeout(at(86_400));
    assertEquals(List.of(new VisitEffect.TimeUp("a")), visits.takeEffects());
  }

  @Test
  void shouldGoOnAtAnotherConnection() {
    visits.entered("a", "anna", FIVE_MINUTES, T0);
    visits.transfer("a", "a2");
    visits.left("a");
    assertEquals(OptionalLong.of(at(300)), visits.endsMs("a2"));
    visits.left("a2");
    assertEquals(Long.MAX_VALUE, visits.nextTimeoutMs());
  }

  @Test
  void shouldGoOnAfterARestart() {
    visits.entered("a", "anna", FIVE_MINUTES, T0);
    VisitClock after = new VisitClock(settings(false));
    after.restore(visits.save(at(100)), at(150));
    after.entered("x", "anna", FIVE_MINUTES, at(200));
    assertEquals(OptionalLong.of(at(300)), after.endsMs("x"));
    after.entered("y", "anna", FIVE_MINUTES, at(200));
    assertEquals(OptionalLong.of(at(500)), after.endsMs("y"), "only once");
  }

  @Test
  void shouldGiveTheTimeOfAnOutageBackWhenAsked() {
    visits.entered("a", "anna", FIVE_MINUTES, T0);
    VisitClock after = new VisitClock(settings(true));
    after.restore(visits.save(at(100)), at(150));
    assertEquals(visits.save(at(100)).visits().size(), after.save(at(151)).visits().size());
    after.entered("x", "anna", FIVE_MINUTES, at(200));
    assertEquals(OptionalLong.of(at(350)), after.endsMs("x"));
  }

  @Test
  void shouldForgetThoseWhoDoNotComeBackInTime() {
    visits.entered("a", "anna", FIVE_MINUTES, T0);
    VisitClock after = new VisitClock(settings(false));
    after.restore(visits.save(at(100)), at(100));
    long late = at(100) + Admission.RECOVERY_MS;
    assertEquals(List.of(), after.save(late).visits());
    after.entered("x", "anna", FIVE_MINUTES, late);
    assertEquals(OptionalLong.of(late + 300_000), after.endsMs("x"));
  }

  @Test
  void shouldTellTheQueueWhoeverHasToGoFirst() {
    SessionTimer timer =
        new SessionTimer(
            new TimerSettings(
                200,
                StartOn.FIRST_JOIN,
                OptionalLong.empty(),
                List.of(),
                OnEnd.EJECT,
                0,
                List.of(),
                3600,
                false));
    TimedDepartures departures = new TimedDepartures(timer, visits, 300);
    assertEquals(OptionalLong.empty(), departures.endsMs("a"));
    visits.entered("a", "anna", FIVE_MINUTES, T0);
    assertEquals(OptionalLong.of(at(300)), departures.endsMs("a"));
    timer.present(1, 0, T0);
    assertEquals(OptionalLong.of(at(200)), departures.endsMs("a"));
    assertEquals(OptionalLong.of(at(200)), departures.endsMs("no limit"));
    assertEquals(300, departures.visitSec());
  }
}
