package dev.parley.signaling.rules;

import static dev.parley.signaling.rules.TimerFixture.told;
import static dev.parley.signaling.rules.TimerFixture.watch;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.rules.TimerSettings.StartOn;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A session's timer that outlives its process. */
final class TimerRestartTest {
  private static final long T0 = 1_800_000_000_000L;

  private final TimerFixture room = new TimerFixture();

  private SessionTimer restarted(SessionTimer before, long downMs, long upMs) {
    SessionTimer after = room.timer();
    after.restore(before.save(downMs), upMs);
    return after;
  }

  @Test
  void shouldHoldDeadlinesThroughOutage() {
    SessionTimer timer = restarted(room.started(T0), T0 + 200_000, T0 + 250_000);
    assertEquals(OptionalLong.of(T0 + 600_000), timer.view(T0 + 250_000).endsAtMs());
    assertEquals(
        List.of(T0 + 300_000 + " warning 300", T0 + 540_000 + " warning 60"),
        watch(timer, T0 + 540_000));
  }

  @Test
  void shouldDoAtOnceAndOnceWhatCameDueInOutage() {
    SessionTimer timer = restarted(room.started(T0), T0 + 200_000, T0 + 550_000);
    assertTrue(timer.nextTimeoutMs() <= T0 + 550_000);
    timer.handleTimeout(T0 + 550_000);
    assertEquals(List.of("warning 300", "warning 60", "state running 50000"), told(timer));
    assertEquals(
        List.of(T0 + 590_000 + " warning 10", T0 + 600_000 + " ended end"),
        watch(timer, T0 + 600_000));
  }

  @Test
  void shouldEndAtOnceWhatEndedInOutage() {
    SessionTimer timer = restarted(room.started(T0), T0 + 595_000, T0 + 900_000);
    timer.handleTimeout(T0 + 900_000);
    assertEquals(
        List.of("warning 300", "warning 60", "warning 10", "state ended 0", "ended end"),
        told(timer));
  }

  @Test
  void shouldGiveOutageBackWhereConfigured() {
    room.pauseOnOutage = true;
    room.maxTotalSec = 600;
    SessionTimer before = room.started(T0);
    watch(before, T0 + 300_000);
    SessionTimer timer = restarted(before, T0 + 300_000, T0 + 1_000_000);
    assertEquals(OptionalLong.of(T0 + 1_300_000), timer.view(T0 + 1_000_000).endsAtMs());
    assertEquals(T0 + 1_240_000 + " warning 60", watch(timer, T0 + 1_240_000).getFirst());
  }

  @Test
  void shouldStartLateWhenAppointmentFellIntoOutage() {
    room.startOn = StartOn.AT;
    room.startAtMs = OptionalLong.of(T0);
    SessionTimer timer = restarted(room.timer(), T0 - 1000, T0 + 310_000);
    timer.handleTimeout(T0 + 310_000);
    assertEquals(List.of("state running 290000", "warning 300"), told(timer));
  }

  @Test
  void shouldStayPausedThroughOutage() {
    room.pauseOnOutage = true;
    SessionTimer before = room.started(T0);
    before.pause(T0 + 100_000);
    SessionTimer timer = restarted(before, T0 + 110_000, T0 + 900_000);
    assertEquals(500_000, timer.view(T0 + 900_000).remainingMs());
    timer.resume(T0 + 900_000);
    assertEquals(OptionalLong.of(T0 + 1_400_000), timer.view(T0 + 900_000).endsAtMs());
  }

  @Test
  void shouldCloseOnceAcrossRestart() {
    SessionTimer before = room.started(T0);
    before.handleTimeout(T0 + 600_000);
    SessionTimer timer = restarted(before, T0 + 600_000, T0 + 700_000);
    timer.handleTimeout(T0 + 700_000);
    assertEquals(List.of("close end"), told(timer));
    SessionTimer again = restarted(timer, T0 + 700_000, T0 + 700_001);
    again.handleTimeout(T0 + 800_000);
    assertEquals(List.of(), told(again));
  }

  @Test
  void shouldTakeClockSetBackAsNoOutage() {
    room.pauseOnOutage = true;
    SessionTimer timer = restarted(room.started(T0), T0 + 100_000, T0 + 40_000);
    assertEquals(OptionalLong.of(T0 + 600_000), timer.view(T0 + 40_000).endsAtMs());
  }
}
