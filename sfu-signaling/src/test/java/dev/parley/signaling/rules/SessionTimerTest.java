package dev.parley.signaling.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.rules.SessionTimer.State;
import dev.parley.signaling.rules.TimerSettings.OnEnd;
import dev.parley.signaling.rules.TimerSettings.StartOn;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SessionTimerTest {
  private static final long T0 = 1_800_000_000_000L;

  /** Ten minutes. */
  private static final int LENGTH_SEC = 600;

  private final List<String> log = new ArrayList<>();

  private static TimerSettings settings(StartOn startOn, OnEnd onEnd, int overtimeSec) {
    return new TimerSettings(
        LENGTH_SEC,
        startOn,
        startOn == StartOn.AT ? OptionalLong.of(at(100)) : OptionalLong.empty(),
        List.of(300, 60, 10),
        onEnd,
        overtimeSec,
        List.of(60, 180, 300, 600),
        1200,
        true);
  }

  private static SessionTimer started() {
    return started(settings(StartOn.MANUAL, OnEnd.END, 0));
  }

  private static SessionTimer started(TimerSettings settings) {
    SessionTimer timer = new SessionTimer(settings);
    assertEquals(Optional.empty(), timer.start(T0));
    timer.takeEffects();
    return timer;
  }

  private static long at(long sec) {
    return T0 + sec * 1000;
  }

  /** Calls the timer when it asks for it, and notes what happens and when, in seconds. */
  private List<String> runUntil(SessionTimer timer, long untilMs) {
    log.clear();
    while (timer.nextTimeoutMs() <= untilMs) {
      long nowMs = timer.nextTimeoutMs();
      timer.handleTimeout(nowMs);
      assertTrue(timer.nextTimeoutMs() > nowMs, "asks for the same moment twice");
      note(timer, nowMs);
    }
    return log;
  }

  private void note(SessionTimer timer, long nowMs) {
    for (TimerEffect effect : timer.takeEffects()) {
      String what =
          switch (effect) {
            case TimerEffect.State(TimerView view) ->
                view.state().wireName() + " " + view.remainingMs() / 1000;
            case TimerEffect.Warning(int remainingSec) -> "warning " + remainingSec;
            case TimerEffect.Ended(OnEnd action) -> "ended " + action.wireName();
            case TimerEffect.Close(OnEnd action) -> "close " + action.wireName();
          };
      log.add((nowMs - T0) / 1000 + " " + what);
    }
  }

  private static List<String> withoutReminders(List<String> log) {
    return log.stream().filter(line -> !line.contains("running")).toList();
  }

  private static void assertConflict(Optional<Refusal> refusal) {
    assertEquals(Optional.of(ErrorCode.TIMER_CONFLICT), refusal.map(Refusal::code));
  }

  private static void assertBadField(String field, Optional<Refusal> refusal) {
    assertEquals(Optional.of(field), refusal.map(r -> r.details().get("field")));
  }

  @Test
  void shouldWarnOnceAtEachStepThenEndThenClose() {
    assertEquals(
        List.of(
            "300 warning 300",
            "540 warning 60",
            "590 warning 10",
            "600 ended 0",
            "600 ended end",
            "605 close end"),
        withoutReminders(runUntil(started(), at(10_000))));
  }

  @Test
  void shouldTellTheStateOnChangeAndEverySixtySeconds() {
    SessionTimer timer = new SessionTimer(settings(StartOn.MANUAL, OnEnd.END, 0));
    timer.start(T0);
    note(timer, T0);
    assertEquals(List.of("0 running 600"), log);
    assertEquals(
        List.of("60 running 540", "120 running 480", "180 running 420"), runUntil(timer, at(180)));
    timer.pause(at(200));
    note(timer, at(200));
    assertEquals("200 paused 400", log.getLast());
    assertEquals(List.of("260 paused 400"), runUntil(timer, at(260)));
  }

  @Test
  void shouldNotDriftWhenCalledLate() {
    SessionTimer timer = started(settings(StartOn.MANUAL, OnEnd.NOTIFY, 120));
    timer.handleTimeout(at(640));
    note(timer, at(640));
    assertEquals(
        List.of("640 warning 300", "640 warning 60", "640 warning 10", "640 overtime 80"), log);
    assertEquals(
        List.of("700 overtime 20", "720 ended 0", "720 ended notify"), runUntil(timer, at(9999)));
  }

  @Test
  void shouldSkipWarningsThatWouldBeTrueFromTheStart() {
    SessionTimer timer = new SessionTimer(settings(StartOn.MANUAL, OnEnd.NOTIFY, 0));
    timer.set(60, T0);
    timer.start(T0);
    timer.takeEffects();
    assertEquals(
        List.of("50 warning 10", "60 ended 0", "60 ended notify"), runUntil(timer, at(9999)));
  }

  @Test
  void shouldGiveLateJoinersTheRemainingTime() {
    SessionTimer timer = started();
    TimerView view = timer.view(at(450));
    assertEquals(State.RUNNING, view.state());
    assertEquals(150_000, view.remainingMs());
    assertEquals(OptionalLong.of(at(600)), view.endsAtMs());
    assertEquals(OptionalLong.of(T0), view.startedAtMs());
    assertEquals(at(450), view.serverTimeMs());
  }

  @Test
  void shouldStartWithTheFirstWhoComesIn() {
    SessionTimer timer = new SessionTimer(settings(StartOn.FIRST_JOIN, OnEnd.END, 0));
    timer.present(0, 0, T0);
    assertEquals(State.IDLE, timer.state());
    timer.present(1, 0, at(5));
    assertEquals(OptionalLong.of(at(5)), timer.view(at(5)).startedAtMs());
    timer.present(0, 0, at(6));
    timer.present(1, 0, at(7));
    assertEquals(OptionalLong.of(at(5)), timer.view(at(7)).startedAtMs());
  }

  @Test
  void shouldStartWithTheFirstHost() {
    SessionTimer timer = new SessionTimer(settings(StartOn.HOST_JOIN, OnEnd.END, 0));
    timer.present(3, 0, T0);
    assertEquals(State.IDLE, timer.state());
    timer.present(4, 1, at(1));
    assertEquals(State.RUNNING, timer.state());
  }

  @Test
  void shouldStartWhenTwoAreInside() {
    SessionTimer timer = new SessionTimer(settings(StartOn.TWO_JOINED, OnEnd.END, 0));
    timer.present(1, 1, T0);
    assertEquals(State.IDLE, timer.state());
    timer.present(2, 1, at(1));
    assertEquals(State.RUNNING, timer.state());
  }

  @Test
  void shouldStartByHandOnly() {
    SessionTimer timer = new SessionTimer(settings(StartOn.MANUAL, OnEnd.END, 0));
    timer.present(9, 2, T0);
    timer.handleTimeout(at(9999));
    assertEquals(State.IDLE, timer.state());
    assertEquals(Long.MAX_VALUE, timer.nextTimeoutMs());
    assertEquals(Optional.empty(), timer.start(at(9999)));
    assertConflict(timer.start(at(9999)));
  }

  @Test
  void shouldStartAtItsHourThoughCalledLate() {
    SessionTimer timer = new SessionTimer(settings(StartOn.AT, OnEnd.END, 0));
    assertEquals(at(100), timer.nextTimeoutMs());
    timer.handleTimeout(at(99));
    assertEquals(State.IDLE, timer.state());
    timer.handleTimeout(at(130));
    assertEquals(OptionalLong.of(at(700)), timer.view(at(130)).endsAtMs());
  }

  @Test
  void shouldHaveNoTimerWithoutADurationUntilOneIsSet() {
    SessionTimer timer = new SessionTimer(TimerSettings.NONE);
    timer.present(2, 1, T0);
    assertEquals(false, timer.exists());
    assertEquals(Long.MAX_VALUE, timer.nextTimeoutMs());
    assertConflict(timer.start(T0));
    assertEquals(Optional.empty(), timer.set(60, at(1)));
    assertEquals(OptionalLong.of(at(61)), timer.view(at(1)).endsAtMs());
  }

  @Test
  void shouldCountFromNowWhenTheFirstDurationIsSetAfterTheHour() {
    TimerSettings untimed =
        new TimerSettings(
            0,
            StartOn.AT,
            OptionalLong.of(at(100)),
            List.of(),
            OnEnd.END,
            0,
            List.of(),
            1200,
            false);
    SessionTimer timer = new SessionTimer(untimed);
    timer.handleTimeout(at(5000));
    assertEquals(Optional.empty(), timer.set(60, at(5000)));
    assertEquals(State.RUNNING, timer.state());
    assertEquals(OptionalLong.of(at(5060)), timer.view(at(5000)).endsAtMs());
  }

  @Test
  void shouldStandStillWhilePaused() {
    SessionTimer timer = started();
    assertEquals(Optional.empty(), timer.pause(at(400)));
    assertConflict(timer.pause(at(401)));
    assertEquals(200_000, timer.view(at(5000)).remainingMs());
    assertEquals(OptionalLong.empty(), timer.view(at(5000)).endsAtMs());
    assertEquals(Optional.empty(), timer.resume(at(5000)));
    assertConflict(timer.resume(at(5000)));
    timer.takeEffects();
    assertEquals(
        List.of("5140 warning 60", "5190 warning 10", "5200 ended 0", "5200 ended end"),
        withoutReminders(runUntil(timer, at(5200))));
  }

  @Test
  void shouldExtendByTheStepsThatAreAllowed() {
    SessionTimer timer = started();
    assertBadField("sec", timer.extend(61, at(1)));
    assertEquals(Optional.empty(), timer.extend(180, at(595)));
    TimerView view = timer.view(at(595));
    assertEquals(OptionalLong.of(at(780)), view.endsAtMs());
    assertEquals(180, view.extendedSec());
    timer.takeEffects();
    assertEquals(
        List.of("720 warning 60", "770 warning 10", "780 ended 0", "780 ended end"),
        withoutReminders(runUntil(timer, at(780))));
  }

  @Test
  void shouldNotExtendBeyondTheMostASessionMayLast() {
    SessionTimer timer = started();
    assertEquals(Optional.empty(), timer.extend(600, at(1)));
    TimerView before = timer.view(at(2));
    assertConflict(timer.extend(60, at(2)));
    assertEquals(before, timer.view(at(2)));
  }

  @Test
  void shouldNotCountPausesTowardsTheMostASessionMayLast() {
    SessionTimer timer = started();
    timer.pause(at(10));
    assertEquals(Optional.empty(), timer.extend(600, at(5000)));
    assertConflict(timer.extend(60, at(5001)));
    timer.resume(at(7010));
    assertEquals(OptionalLong.of(at(8200)), timer.view(at(7010)).endsAtMs());
  }

  @Test
  void shouldNotExtendWhatHasNotBegunOrIsOver() {
    SessionTimer timer = new SessionTimer(settings(StartOn.MANUAL, OnEnd.END, 0));
    assertConflict(timer.extend(60, T0));
    timer.start(T0);
    // The end has come, though nobody called before.
    assertConflict(timer.extend(60, at(600)));
    assertEquals(State.ENDED, timer.state());
    assertConflict(timer.start(at(601)));
    assertConflict(timer.pause(at(601)));
    assertConflict(timer.resume(at(601)));
    assertConflict(timer.set(9, at(601)));
  }

  @Test
  void shouldSetANewLengthFromTheStart() {
    SessionTimer timer = started();
    timer.extend(60, at(10));
    assertEquals(Optional.empty(), timer.set(1000, at(100)));
    assertEquals(OptionalLong.of(at(1000)), timer.view(at(100)).endsAtMs());
    assertEquals(0, timer.view(at(100)).extendedSec());
    assertConflict(timer.set(100, at(100)));
    assertBadField("durationSec", timer.set(0, at(100)));
    assertBadField("durationSec", timer.set(1201, at(100)));
    assertEquals(OptionalLong.of(at(1000)), timer.view(at(100)).endsAtMs());
  }

  @Test
  void shouldGoIntoOvertimeAndBackByAnExtension() {
    SessionTimer timer = started(settings(StartOn.MANUAL, OnEnd.EJECT, 120));
    timer.handleTimeout(at(600));
    assertEquals(State.OVERTIME, timer.state());
    assertEquals(120_000, timer.view(at(600)).remainingMs());
    assertConflict(timer.pause(at(601)));
    assertEquals(Optional.empty(), timer.extend(60, at(650)));
    assertEquals(State.RUNNING, timer.state());
    assertEquals(OptionalLong.of(at(710)), timer.view(at(650)).endsAtMs());
    timer.takeEffects();
    assertEquals(
        List.of(
            "700 warning 10",
            "710 overtime 120",
            "770 overtime 60",
            "830 ended 0",
            "830 ended eject",
            "835 close eject"),
        runUntil(timer, at(9999)));
  }

  @Test
  void shouldCountOvertimeTowardsTheMostASessionMayLast() {
    SessionTimer timer = started(settings(StartOn.MANUAL, OnEnd.END, 1000));
    timer.handleTimeout(at(600));
    assertEquals(OptionalLong.of(at(1200)), timer.view(at(600)).endsAtMs());
  }

  @ParameterizedTest
  @EnumSource(OnEnd.class)
  void shouldSendPeopleAwayOnlyWhenTheActionSaysSo(OnEnd onEnd) {
    boolean sendsAway = onEnd == OnEnd.END || onEnd == OnEnd.EJECT;
    SessionTimer timer = started(settings(StartOn.MANUAL, onEnd, 0));
    assertEquals(sendsAway, timer.departureMs().isPresent());
    List<String> seen = runUntil(timer, at(9999));
    assertEquals(sendsAway, seen.contains("605 close " + onEnd.wireName()));
    assertTrue(seen.contains("600 ended " + onEnd.wireName()));
  }

  @Test
  void shouldKeepItsDeadlineOverARestart() {
    TimerSettings hard =
        new TimerSettings(
            LENGTH_SEC,
            StartOn.MANUAL,
            OptionalLong.empty(),
            List.of(300, 60, 10),
            OnEnd.END,
            0,
            List.of(60),
            1200,
            false);
    SessionTimer before = started(hard);
    before.handleTimeout(at(300));
    SessionTimer after = new SessionTimer(hard);
    after.restore(before.save(at(301)), at(545));
    assertEquals(
        List.of(
            "540 warning 60", "590 warning 10", "600 ended 0", "600 ended end", "605 close end"),
        withoutReminders(runUntil(after, at(9999))));
  }

  @Test
  void shouldGiveTheTimeOfAnOutageBackWhenAsked() {
    TimerSettings soft = settings(StartOn.MANUAL, OnEnd.END, 0);
    SessionTimer before = started(soft);
    before.handleTimeout(at(300));
    SessionTimer after = new SessionTimer(soft);
    after.restore(before.save(at(301)), at(501));
    assertEquals(OptionalLong.of(at(800)), after.view(at(501)).endsAtMs());
    assertEquals(Optional.empty(), after.extend(600, at(501)));
    assertConflict(after.extend(60, at(501)));
  }

  @Test
  void shouldNotGivePausedTimeBackTwice() {
    TimerSettings soft = settings(StartOn.MANUAL, OnEnd.END, 0);
    SessionTimer before = started(soft);
    before.pause(at(100));
    SessionTimer after = new SessionTimer(soft);
    after.restore(before.save(at(150)), at(900));
    assertEquals(500_000, after.view(at(900)).remainingMs());
    after.resume(at(1000));
    assertEquals(OptionalLong.of(at(1500)), after.view(at(1000)).endsAtMs());
  }

  @Test
  void shouldRefuseASnapshotOfNoState() {
    TimerSnapshot wrong = new TimerSnapshot("sleeping", 60, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    SessionTimer timer = new SessionTimer(TimerSettings.NONE);
    assertThrows(InvalidSetting.class, () -> timer.restore(wrong, T0));
    assertEquals(State.IDLE, timer.state());
  }
}
