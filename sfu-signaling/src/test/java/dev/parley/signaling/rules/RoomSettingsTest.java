package dev.parley.signaling.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.rules.TimerSettings.OnEnd;
import dev.parley.signaling.rules.TimerSettings.StartOn;
import dev.parley.signaling.wire.ErrorCode;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RoomSettingsTest {
  private static final OptionalLong NO_TIME = OptionalLong.empty();

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong("maxParticipants", () -> queue(-1, 200, 20, 30, 60, "")),
        wrong("maxParticipants", () -> queue(100_001, 200, 20, 30, 60, "")),
        wrong("queue.maxLength", () -> queue(1, 0, 20, 30, 60, "")),
        wrong("queue.ticketsPerAddress", () -> queue(1, 200, 0, 30, 60, "")),
        wrong("queue.admitWindowSec", () -> queue(1, 200, 20, 0, 60, "")),
        wrong("queue.awayGraceSec", () -> queue(1, 200, 20, 30, -1, "")),
        wrong("queue.message", () -> queue(1, 200, 20, 30, 60, "x".repeat(1001))),
        wrong("timer.durationSec", () -> timer(-1, StartOn.MANUAL, NO_TIME, 0, 3600)),
        wrong("timer.durationSec", () -> timer(3601, StartOn.MANUAL, NO_TIME, 0, 3600)),
        wrong("timer.overtimeSec", () -> timer(60, StartOn.MANUAL, NO_TIME, -1, 3600)),
        wrong("timer.maxTotalSec", () -> timer(0, StartOn.MANUAL, NO_TIME, 0, 0)),
        wrong("timer.startAtMs", () -> timer(60, StartOn.AT, NO_TIME, 0, 3600)),
        wrong("timer.startAtMs", () -> timer(60, StartOn.AT, OptionalLong.of(-1), 0, 3600)),
        wrong("timer.warnAtSec", () -> steps(List.of(60, 0), List.of(60))),
        wrong("timer.warnAtSec", () -> steps(Collections.nCopies(21, 60), List.of(60))),
        wrong("timer.extendStepsSec", () -> steps(List.of(60), List.of(-60))),
        wrong(
            "guestSlotSec",
            () -> new RoomSettings(Optional.empty(), QueueSettings.NONE, TimerSettings.NONE, -1)),
        wrong("preset", () -> RoomSettings.preset("party")));
  }

  private static Arguments wrong(String field, Executable made) {
    return Arguments.of(field, made);
  }

  private static QueueSettings queue(
      int seats, int maxLength, int perAddress, int windowSec, int graceSec, String message) {
    return new QueueSettings(
        seats,
        true,
        true,
        QueueSettings.Mode.CAPACITY,
        maxLength,
        perAddress,
        true,
        false,
        windowSec,
        graceSec,
        true,
        message);
  }

  private static TimerSettings timer(
      int durationSec, StartOn startOn, OptionalLong startAtMs, int overtimeSec, int maxTotalSec) {
    return new TimerSettings(
        durationSec,
        startOn,
        startAtMs,
        List.of(60),
        OnEnd.END,
        overtimeSec,
        List.of(60),
        maxTotalSec,
        false);
  }

  private static TimerSettings steps(List<Integer> warnAtSec, List<Integer> extendStepsSec) {
    return new TimerSettings(
        60, StartOn.MANUAL, NO_TIME, warnAtSec, OnEnd.END, 0, extendStepsSec, 3600, false);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void shouldNameTheFieldThatIsOutOfItsBounds(String field, Executable made) {
    InvalidSetting invalid = assertThrows(InvalidSetting.class, made);
    assertEquals(field, invalid.field());
    assertEquals(ErrorCode.BAD_REQUEST, invalid.refusal().code());
    assertEquals(field, invalid.refusal().details().get("field"));
  }

  @Test
  void shouldSortStepsAndTakeEachOnce() {
    TimerSettings settings = steps(List.of(10, 300, 60, 60), List.of(600, 60, 600));
    assertEquals(List.of(300, 60, 10), settings.warnAtSec());
    assertEquals(List.of(60, 600), settings.extendStepsSec());
  }

  @Test
  void shouldMakeAConsultationOneGuestAtATimeBesidesTheHosts() {
    RoomSettings consultation = RoomSettings.preset("consultation");
    assertEquals(1, consultation.queue().maxParticipants());
    assertFalse(consultation.queue().countHosts());
    assertTrue(consultation.queue().enabled());
    assertTrue(consultation.queue().autoAdmit());
    assertEquals(OptionalLong.of(900), consultation.visitSec(false, NO_TIME));
    assertEquals(NO_TIME, consultation.visitSec(true, NO_TIME));
  }

  @Test
  void shouldTakeTheShorterOfTheGuestsSlotAndTheTokensLimit() {
    RoomSettings consultation = RoomSettings.CONSULTATION;
    assertEquals(OptionalLong.of(60), consultation.visitSec(false, OptionalLong.of(60)));
    assertEquals(OptionalLong.of(900), consultation.visitSec(false, OptionalLong.of(86_400)));
    assertEquals(OptionalLong.of(7), RoomSettings.OPEN.visitSec(false, OptionalLong.of(7)));
    assertEquals(OptionalLong.of(7), consultation.visitSec(true, OptionalLong.of(7)));
  }

  @Test
  void shouldNotShowThePassword() {
    RoomSettings secret =
        new RoomSettings(Optional.of("sesame"), QueueSettings.NONE, TimerSettings.NONE, 0);
    assertFalse(secret.toString().contains("sesame"));
  }
}
