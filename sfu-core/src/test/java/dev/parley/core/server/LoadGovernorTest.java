package dev.parley.core.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.subscriber.Shedding;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadGovernorTest {
  private static final OverloadLimits LIMITS = new OverloadLimits(0.85, 0.92);

  /** What a viewer costs at each level, of what it costs at none: simulcast, one camera each. */
  private static final double[] SIMULCAST = {1, 0.5, 0.15, 0.08, 0.05, 0.03, 0.01};

  /** 2500, 500 and 150 kbit/s, as Chromium sends them. */
  private static final double[] CHROMIUM = {1, 0.2, 0.06, 0.03, 0.02, 0.01, 0.005};

  /** One size and one frame rate: nothing but pausing helps. */
  private static final double[] SINGLE = {1, 1, 1, 1, 0.3, 0.05, 0.02};

  private static LoadReading reading(double load, long lateNanos, long overflows) {
    return new LoadReading(load, 0, LoadReading.MANY, lateNanos, overflows);
  }

  /**
   * A worker, its viewers, and time. Less is sent soon after that is decided, more a good while
   * after: the encoding has to begin and to be measured, and a key frame has to come.
   */
  private static final class Simulation {
    static final int LESS_LAG = 2;
    static final int MORE_LAG = 10;

    final LoadGovernor governor = new LoadGovernor(LIMITS);
    final SplittableRandom random;
    final double[] costs;
    final int viewers;
    final List<Double> decided = new ArrayList<>();
    final List<Double> loads = new ArrayList<>();
    double demand;
    int changes;
    long nowNanos;

    Simulation(long seed, double[] costs, int viewers) {
      System.out.println("seed " + seed);
      this.random = new SplittableRandom(seed);
      this.costs = costs;
      this.viewers = viewers;
    }

    /** Of all that the viewers want, what they are given. */
    double share() {
      double sum = 0;
      for (int i = 0; i < viewers; i++) {
        sum += costs[governor.shedding(i).ordinal()];
      }
      return sum / viewers;
    }

    void run(double seconds, double wanted) {
      demand = wanted;
      for (int i = 0; i < seconds * 4; i++) {
        decided.add(share());
        double given = Math.min(decided(LESS_LAG), decided(MORE_LAG));
        double noise = 1 + 0.04 * (random.nextDouble() - 0.5) * 2;
        double busy = Math.min(1, demand * given * noise);
        int before = governor.steps();
        nowNanos += LoadGovernor.READING_NANOS;
        governor.update(reading(busy, 0, 0), nowNanos);
        changes += governor.steps() == before ? 0 : 1;
        loads.add(demand * given);
      }
    }

    private double decided(int readingsAgo) {
      return decided.get(Math.max(0, decided.size() - 1 - readingsAgo));
    }

    /** Of the last so many seconds. */
    double meanLoad(double seconds) {
      return loads.subList(loads.size() - (int) (seconds * 4), loads.size()).stream()
          .mapToDouble(Double::doubleValue)
          .average()
          .orElseThrow();
    }

    int changesIn(double seconds, double wanted) {
      int before = changes;
      run(seconds, wanted);
      return changes - before;
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.8})
  void shouldLeaveAWorkerWithTimeAlone(double load) {
    Simulation worker = new Simulation(1, SIMULCAST, 100);
    worker.run(120, load);
    assertEquals(0, worker.changes);
    assertFalse(worker.governor.full());
    assertEquals(load, worker.governor.load(), 0.05);
  }

  @Test
  void shouldRefuseNewcomersBeforeAnythingIsShed() {
    Simulation worker = new Simulation(2, SIMULCAST, 100);
    worker.run(10, 0.88);
    assertTrue(worker.governor.full());
    assertEquals(0, worker.governor.steps());
    worker.run(10, 0.83);
    assertTrue(worker.governor.full(), "a little below the limit is no reason to open again");
    worker.run(10, 0.75);
    assertFalse(worker.governor.full());
  }

  /** Demand as a multiple of what the worker has time for. */
  @ParameterizedTest
  @CsvSource({
    "1.0, 100",
    "1.2, 100",
    "1.5, 100",
    "2.0, 100",
    "4.0, 100",
    "1.5, 20",
    "2.0, 500",
    "2.0, 16",
    "1.2, 10"
  })
  void shouldStayJustBelowTheLimitWithoutGoingToAndFro(double demand, int viewers) {
    for (double[] costs : List.of(SIMULCAST, CHROMIUM, SINGLE)) {
      Simulation worker = new Simulation(3, costs, viewers);
      worker.run(60, demand);
      assertTrue(worker.governor.full());
      int changes = worker.changesIn(300, demand);
      System.out.printf(
          "demand %.1f, %d viewers: %d changes in 5 minutes, mean load %.2f%n",
          demand, viewers, changes, worker.meanLoad(300));
      assertTrue(changes <= 30, "in 5 minutes: " + changes);
      assertTrue(worker.meanLoad(300) < 0.95, "mean load " + worker.meanLoad(300));
      assertTrue(worker.meanLoad(300) > 0.6, "mean load " + worker.meanLoad(300));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.2, 2, 4})
  void shouldShedWithinSecondsOfASuddenLoad(double demand) {
    Simulation worker = new Simulation(4, SIMULCAST, 100);
    worker.run(30, 0.5);
    worker.run(6, demand);
    assertTrue(worker.meanLoad(1) < 1, "load after 6 s: " + worker.meanLoad(1));
  }

  @Test
  void shouldGiveEverythingBackWhenTheLoadIsGone() {
    Simulation worker = new Simulation(5, SIMULCAST, 100);
    worker.run(120, 4);
    int most = worker.governor.steps();
    assertTrue(most > LoadGovernor.SHARES, "steps " + most);
    worker.run(60, 0.4);
    assertEquals(0, worker.governor.steps());
    assertFalse(worker.governor.full());
  }

  @Test
  void shouldFollowADemandThatFallsSlowly() {
    Simulation worker = new Simulation(6, SIMULCAST, 100);
    for (double demand = 2; demand > 0.6; demand -= 0.02) {
      worker.run(10, demand);
    }
    worker.run(60, 0.6);
    assertEquals(0, worker.governor.steps());
  }

  /** Two viewers, whose first step is half of all: trying again and again would be seen. */
  @Test
  void shouldTryLessOftenWhereAStepBringsMoreThanThereIsRoomFor() {
    Simulation worker = new Simulation(7, new double[] {1, 0.1, 0.1, 0.1, 0, 0, 0}, 2);
    worker.run(120, 1.1);
    assertTrue(worker.changesIn(300, 1.1) <= 20);
  }

  @Test
  void shouldNotWaitWhenPacketsAreLostAlready() {
    LoadGovernor governor = new LoadGovernor(LIMITS);
    LoadReading overflowing = reading(0.9, 0, 12);
    for (int i = 0; i < 3; i++) {
      governor.update(overflowing, i * LoadGovernor.READING_NANOS);
    }
    assertTrue(governor.steps() > 0);
    LoadGovernor idle = new LoadGovernor(LIMITS);
    for (int i = 0; i < 40; i++) {
      idle.update(reading(0.3, 500_000_000, 12), i * LoadGovernor.READING_NANOS);
    }
    assertEquals(0, idle.steps(), "a worker that was kept from running has nothing to shed");
  }

  @Test
  void shouldDoNothingWhereNothingIsAskedFor() {
    LoadGovernor governor = new LoadGovernor(OverloadLimits.OFF);
    for (int i = 0; i < 100; i++) {
      governor.update(reading(1, 500_000_000, 9), i * LoadGovernor.READING_NANOS);
    }
    assertEquals(0, governor.steps());
    assertFalse(governor.full());
    assertEquals(1, governor.load());
  }

  /** Each step takes its share of the viewers a level further, and nobody more than one. */
  @Test
  void shouldTakeViewersFurtherAShareAtATime() {
    LoadGovernor governor = new LoadGovernor(LIMITS);
    int viewers = 160;
    for (long i = 0; governor.steps() < LoadGovernor.MOST_STEPS; i++) {
      governor.update(reading(1, 0, 0), i * LoadGovernor.READING_NANOS);
      int levels = 0;
      int least = Shedding.SOUND.ordinal();
      int most = 0;
      for (int viewer = 0; viewer < viewers; viewer++) {
        int level = governor.shedding(viewer).ordinal();
        levels += level;
        least = Math.min(least, level);
        most = Math.max(most, level);
      }
      assertTrue(most - least <= 1);
      double expected = governor.steps() * viewers / (double) LoadGovernor.SHARES;
      assertEquals(expected, levels, 6, "at step " + governor.steps());
      assertTrue(i < 1000);
    }
    assertEquals(Shedding.SOUND, governor.shedding(77));
  }
}
