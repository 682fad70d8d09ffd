package dev.parley.bots.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who should be there when. */
class ExecutorTest {
  private static final long SECOND = 1_000_000_000;

  private static Executor.Stage stage(int seconds, double target) {
    return new Executor.Stage(Duration.ofSeconds(seconds), target);
  }

  @ParameterizedTest
  @CsvSource({"0,10", "5,15", "10,20", "12,20", "14,20", "16,10", "18,0", "99,0"})
  void shouldFollowTheRampInStraightLines(int second, int bots) {
    Executor.RampingBots ramp =
        new Executor.RampingBots(
            10, List.of(stage(10, 20), stage(4, 20), stage(4, 0)), Optional.empty());
    assertEquals(bots, ramp.botsAt(second * SECOND));
    assertEquals(Duration.ofSeconds(18), ramp.duration());
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,2", "10,20", "15,37", "20,70", "30,70"})
  void shouldLetArrivalsAddUpToTheAreaBelowTheirRate(int second, long arrivals) {
    Executor.ArrivalRate rate =
        new Executor.ArrivalRate(
            2, List.of(stage(10, 2), stage(10, 8)), Duration.ofSeconds(1), 100);
    assertEquals(arrivals, rate.arrivalsBy(second * SECOND));
  }
}
