package dev.parley.signaling.rules;

import static dev.parley.signaling.rules.TimerFixture.told;
import static dev.parley.signaling.rules.TimerFixture.watch;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.signaling.rules.TimerSettings.OnEnd;
import dev.parley.signaling.rules.TimerSettings.StartOn;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What moderators ask of a session's timer, in each of its states and at its edges. */
final class TimerRequestsTest {
  private static final long T0 = 1_800_000_000_000L;

  private final TimerFixture room = new TimerFixture();

  private static Optional<ErrorCode> code(Optional<Refusal> refusal) {
    return refusal.map(Refusal::code);
  }

  private static void assertConflict(Optional<Refusal> refusal) {
    assertEquals(Optional.of(ErrorCode.TIMER_CONFLICT), code(refusal));
  }

  @Test
  void shouldCountFromTheAppointmentWhenCalledLate() {
    room.startOn = StartOn.AT;
    room.startAtMs = OptionalLong.of(T0);
    SessionTimer timer = room.timer();
    timer.handleTimeout(T0 + 350_000);
    assertEquals(List.of("state running 250000", "warning 300"), told(timer));
    assertEquals(OptionalLong.of(T0 + 600_000), timer.view(T0 + 350_000).endsAtMs());
  }

  @Test
  void shouldStartByHandWhateverItWaitsFor() {
    room.startOn = StartOn.TWO_JOINED;
    SessionTimer timer = room.timer();
    assertEquals(Optional.empty(), timer.start(T0));
    timer.present(2, 1, T0 + 1000);
    assertEquals(List.of("state running 600000"), told(timer));
    assertConflict(timer.start(T0 + 2000));
  }

  @Test
  void shouldDoAllThatIsDueInOrderAndOnce() {
    room.overtimeSec = 30;
    SessionTimer timer = room.started(T0);
    timer.handleTimeout(T0 + 700_000);
    assertEquals(
        List.of(
            "warning 300",
            "warning 60",
            "warning 10",
            "state overtime 0",
            "state ended 0",
            "ended end"),
        told(timer));
    timer.handleTimeout(T0 + 700_000);
    assertEquals(List.of(), told(timer));
  }

  @Test
  void shouldTellStateOnceHoweverLate() {
    room.warnAtSec = List.of();
    SessionTimer timer = room.started(T0);
    timer.handleTimeout(T0 + 200_000);
    assertEquals(List.of("state running 400000"), told(timer));
    assertEquals(T0 + 260_000, timer.nextTimeoutMs());
  }

  @Test
  void shouldPauseOnlyWhatRuns() {
    SessionTimer timer = room.timer();
    assertConflict(timer.pause(T0));
    assertConflict(timer.resume(T0));
    timer.start(T0);
    assertConflict(timer.resume(T0));
    timer.pause(T0);
    told(timer);
    assertConflict(timer.pause(T0 + 1));
    assertEquals(List.of(), told(timer));
    timer.handleTimeout(T0 + 60_000);
    assertEquals(SessionTimer.State.PAUSED, timer.state());
  }

  @Test
  void shouldNotRepeatWarningAfterPause() {
    SessionTimer timer = room.started(T0);
    assertEquals(1, watch(timer, T0 + 300_000).size());
    timer.pause(T0 + 300_000);
    timer.resume(T0 + 400_000);
    assertEquals(T0 + 640_000 + " warning 60", watch(timer, T0 + 640_000).getFirst());
  }

  @Test
  void shouldExtendFromTheEndAndWarnAnew() {
    SessionTimer timer = room.started(T0);
    watch(timer, T0 + 550_000);
    assertEquals(Optional.empty(), timer.extend(60, T0 + 550_000));
    assertEquals(List.of("state running 110000"), told(timer));
    assertEquals(60, timer.view(T0 + 550_000).extendedSec());
    assertEquals(
        List.of(
            T0 + 600_000 + " warning 60",
            T0 + 650_000 + " warning 10",
            T0 + 660_000 + " ended end"),
        watch(timer, T0 + 660_000));
  }

  @Test
  void shouldNotRepeatWarningThatExtensionDoesNotReach() {
    SessionTimer timer = room.started(T0);
    watch(timer, T0 + 400_000);
    timer.extend(60, T0 + 400_000);
    assertEquals(List.of(T0 + 600_000 + " warning 60"), watch(timer, T0 + 640_000));
  }

  @Test
  void shouldExtendByAnythingWhereNoStepsAreConfigured() {
    room.extendStepsSec = List.of();
    SessionTimer timer = room.started(T0);
    assertEquals(Optional.empty(), timer.extend(61, T0));
    assertEquals(List.of("state running 661000"), told(timer));
    assertEquals(Optional.of(ErrorCode.BAD_REQUEST), code(timer.extend(0, T0)));
    assertEquals(Optional.of(ErrorCode.BAD_REQUEST), code(timer.extend(-1, T0)));
    assertConflict(timer.extend(Integer.MAX_VALUE, T0));
  }

  @Test
  void shouldExtendWhilePaused() {
    SessionTimer timer = room.started(T0);
    timer.pause(T0 + 100_000);
    told(timer);
    timer.extend(60, T0 + 150_000);
    assertEquals(List.of("state paused 560000"), told(timer));
    timer.resume(T0 + 300_000);
    assertEquals(OptionalLong.of(T0 + 860_000), timer.view(T0 + 300_000).endsAtMs());
  }

  @Test
  void shouldFindWhatIsDueBeforeCarryingOutRequest() {
    SessionTimer timer = room.started(T0);
    assertConflict(timer.extend(600, T0 + 600_000));
    assertEquals("ended end", told(timer).getLast());
  }

  @Test
  void shouldRunAgainFromNowWhenExtendedInOvertime() {
    room.overtimeSec = 90;
    SessionTimer timer = room.started(T0);
    watch(timer, T0 + 630_000);
    assertEquals(SessionTimer.State.OVERTIME, timer.state());
    timer.extend(180, T0 + 630_000);
    assertEquals(List.of("state running 180000"), told(timer));
    assertEquals(
        List.of(
            T0 + 750_000 + " warning 60",
            T0 + 800_000 + " warning 10",
            T0 + 900_000 + " ended end"),
        watch(timer, T0 + 900_000));
  }

  @Test
  void shouldEndAtOnceWhenStopped() {
    room.overtimeSec = 90;
    room.onEnd = OnEnd.EJECT;
    SessionTimer timer = room.started(T0);
    assertEquals(Optional.empty(), timer.stop(T0 + 1000));
    assertEquals(List.of("state ended 0", "ended eject"), told(timer));
    assertEquals(
        List.of(T0 + 1000 + SessionTimer.CLOSE_GRACE_MS + " close eject"),
        watch(timer, Long.MAX_VALUE - 1));
    assertConflict(timer.stop(T0 + 2000));
    assertConflict(room.timer().stop(T0));
  }

  @Test
  void shouldStopWhilePausedAndInOvertime() {
    room.overtimeSec = 90;
    SessionTimer paused = room.started(T0);
    paused.pause(T0);
    assertEquals(Optional.empty(), paused.stop(T0 + 1));
    assertEquals(SessionTimer.State.ENDED, paused.state());
    SessionTimer over = room.started(T0);
    over.handleTimeout(T0 + 610_000);
    assertEquals(Optional.empty(), over.stop(T0 + 620_000));
    assertEquals(SessionTimer.State.ENDED, over.state());
  }

  @Test
  void shouldSetLengthBeforeTheStart() {
    SessionTimer timer = room.timer();
    timer.set(120, T0);
    assertEquals(List.of("state idle 120000"), told(timer));
    timer.start(T0 + 5000);
    assertEquals(List.of("state running 120000"), told(timer));
  }

  @Test
  void shouldSkipWarningsThatShorterLengthJumpsOver() {
    SessionTimer timer = room.started(T0);
    timer.set(120, T0);
    assertEquals(T0 + 60_000 + " warning 60", watch(timer, T0 + 60_000).getFirst());
  }

  @Test
  void shouldRefuseLengthThatIsOverOrBeyondTheMaximum() {
    room.maxTotalSec = 1000;
    SessionTimer timer = room.started(T0);
    assertConflict(timer.set(30, T0 + 30_000));
    assertEquals(Optional.of(ErrorCode.BAD_REQUEST), code(timer.set(0, T0)));
    assertEquals(Optional.of(ErrorCode.BAD_REQUEST), code(timer.set(1001, T0)));
    assertEquals(List.of(), told(timer));
    timer.pause(T0 + 40_000);
    assertConflict(timer.set(40, T0 + 900_000));
    timer.stop(T0 + 900_000);
    assertConflict(timer.set(900, T0 + 900_000));
  }

  @Test
  void shouldRunAgainWhenOvertimeIsSetLonger() {
    room.overtimeSec = 90;
    SessionTimer timer = room.started(T0);
    timer.handleTimeout(T0 + 610_000);
    told(timer);
    timer.set(720, T0 + 610_000);
    assertEquals(List.of("state running 110000"), told(timer));
  }
}
