package dev.parley.core.subscriber;

import static dev.parley.core.subscriber.TestViewer.SECOND;
import static dev.parley.core.subscriber.TestViewer.estimateFor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.subscriber.TestViewer.Seat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws, over random slots, ladders and budgets; jqwik prints the seed of a failure. */
class AllocatorPropertiesTest {
  private static final double ROUNDING = 1;

  /** A fall of the estimate that {@link Smoothed} takes for noise. */
  private static final double UNSEEN = 1.045;

  private static List<Quality> randomLadder(Random random) {
    List<Quality> all = new ArrayList<>();
    int spatials = 1 + random.nextInt(3);
    int temporals = 1 + random.nextInt(3);
    double rate = 20 + random.nextInt(200);
    for (int s = 0; s < spatials; s++) {
      boolean sent = random.nextInt(8) > 0;
      for (int t = 0; t < temporals; t++) {
        rate *= 1.05 + random.nextDouble();
        all.add(
            new Quality(
                s,
                t,
                sent ? (long) (rate * 1000) : 0,
                random.nextInt(10) == 0 ? 0 : 180 << s,
                random.nextInt(10) == 0 ? 0 : 30.0 / (1 << (temporals - 1 - t))));
      }
      rate *= 0.7 + random.nextDouble();
    }
    return all;
  }

  private static TestViewer randomViewer(Random random, boolean sameLadder) {
    TestViewer viewer = new TestViewer();
    int slots = 1 + random.nextInt(12);
    for (int i = 0; i < slots; i++) {
      Seat seat = viewer.seat();
      seat.pinned = random.nextInt(6) == 0;
      seat.screen = !sameLadder && random.nextInt(5) == 0;
      seat.priority = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
      seat.speaker = random.nextInt(6) == 0;
      if (!sameLadder) {
        seat.ladder = randomLadder(random);
        seat.muted = random.nextInt(8) == 0;
        seat.wishedHeight = random.nextInt(3) == 0 ? random.nextInt(1000) : 0;
      }
    }
    return viewer;
  }

  private static double bits(TestViewer viewer) {
    double sum = 0;
    for (Seat seat : viewer.seats) {
      sum += bits(seat);
    }
    return sum;
  }

  private static double bits(Seat seat) {
    for (Quality q : seat.ladder) {
      if (q.spatial() == seat.shownSpatial && q.temporal() == seat.shownTemporal) {
        return q.bitsPerSecond();
      }
    }
    return 0;
  }

  /** Within the budget, or a pinned one alone at not more than half above it. */
  private static void assertWithin(TestViewer viewer, double budgetKbps) {
    double sum = bits(viewer);
    double budget = budgetKbps * 1000 + ROUNDING;
    if (sum > budget) {
      List<Seat> costly = viewer.seats.stream().filter(s -> bits(s) > 0).toList();
      assertEquals(1, costly.size(), viewer::shown);
      assertTrue(costly.getFirst().pinned);
      assertTrue(sum <= Allocator.PINNED_EXCESS * budget, () -> sum + " of " + budget);
    }
  }

  @Property
  void shouldStayWithinTheBudgetAtOnceWhenItChangesMuch(@ForAll long seed) {
    Random random = new Random(seed);
    TestViewer viewer = randomViewer(random, false);
    double budget = 3000;
    for (int i = 0; i < 50; i++) {
      boolean falls = budget > 15_000 || (budget > 60 && random.nextBoolean());
      budget *= falls ? 0.3 + random.nextDouble() * 0.45 : 2;
      viewer.decide(budget);
      assertWithin(viewer, budget);
      viewer.nowNanos += random.nextLong(5 * SECOND);
    }
  }

  @Property(tries = 200)
  void shouldStayWithinTheBudgetSoonWhenItChangesLittle(@ForAll long seed) {
    Random random = new Random(seed);
    TestViewer viewer = randomViewer(random, false);
    double budget = 50 + random.nextInt(5000);
    for (int i = 0; i < 10; i++) {
      budget *= 0.82 + random.nextDouble() * 0.4;
      viewer.decideFor(20, budget);
      assertWithin(viewer, budget * UNSEEN);
    }
  }

  @Property
  void shouldNeverUseLessWithMore(
      @ForAll long seed, @ForAll @IntRange(min = 10, max = 20_000) int kbps) {
    double before = 0;
    double budget = kbps;
    for (int i = 0; i < 20; i++) {
      TestViewer viewer = randomViewer(new Random(seed), false);
      String shown = viewer.decide(budget);
      double used = bits(viewer);
      double least = before;
      double of = budget;
      assertTrue(used >= least, () -> shown + " uses " + used + " of " + of + ", not " + least);
      before = used;
      budget *= 1.05;
    }
  }

  @Property
  void shouldGiveTheImportantNoLessAndPeersTheSame(
      @ForAll long seed, @ForAll @IntRange(min = 10, max = 20_000) int kbps) {
    List<String> path = List.of("-", "q0", "q1", "q2", "h1", "h2", "f1", "f2");
    TestViewer viewer = randomViewer(new Random(seed), true);
    viewer.decide(kbps);
    for (Seat a : viewer.seats) {
      for (Seat b : viewer.seats) {
        int importance = Demand.compareImportance(a.demand(), b.demand());
        int above = path.indexOf(a.shown()) - path.indexOf(b.shown());
        String who = a.demand() + " " + b.demand() + " " + viewer.shown();
        assertTrue(importance >= 0 || above >= 0, who);
        assertTrue(importance != 0 || Math.abs(a.shownSpatial - b.shownSpatial) <= 1, who);
      }
    }
  }

  @Property
  void shouldNotPauseSomebodyForTheUseOfTheLessImportant(
      @ForAll long seed, @ForAll @IntRange(min = 10, max = 5_000) int kbps) {
    TestViewer viewer = randomViewer(new Random(seed), false);
    Allocation allocation = viewer.tick(estimateFor(kbps));
    for (int i = 0; i < viewer.seats.size(); i++) {
      Seat a = viewer.seats.get(i);
      if (allocation.choices().get(i).paused() && !a.muted) {
        double needed = lowest(a);
        for (Seat b : viewer.seats) {
          int importance = Demand.compareImportance(b.demand(), a.demand());
          if (b != a && b.shownSpatial >= 0 && importance <= 0) {
            needed += lowest(b);
          }
        }
        double least = needed * Allocator.STEP_UP_ROOM;
        assertTrue(least + ROUNDING > kbps * 1000.0, () -> viewer.shown() + " " + least);
      }
    }
  }

  private static double lowest(Seat seat) {
    for (Quality q : seat.ladder) {
      if (q.bitsPerSecond() > 0) {
        return q.bitsPerSecond();
      }
    }
    return 0;
  }

  @Property(tries = 200)
  void shouldComeToRestAndStayThere(@ForAll long seed) {
    Random random = new Random(seed);
    TestViewer viewer = randomViewer(random, false);
    for (int i = 0; i < 20; i++) {
      viewer.decide(50 + random.nextInt(5000));
      viewer.seats.get(random.nextInt(viewer.seats.size())).pinned ^= random.nextInt(4) == 0;
      viewer.nowNanos += random.nextLong(3 * SECOND);
    }
    double budget = 50 + random.nextInt(5000);
    viewer.nowNanos += Allocator.LONGEST_HOLD_NANOS;
    viewer.decideFor(3, budget);
    int changes = viewer.changes;
    viewer.decideFor(70, budget);
    assertEquals(changes, viewer.changes, viewer::shown);
    assertWithin(viewer, budget * UNSEEN);
  }

  /** One that stood just below a step may take it; nobody goes up and down. */
  @Property(tries = 200)
  void shouldNotFlapUnderNoise(@ForAll long seed) {
    Random random = new Random(seed);
    TestViewer viewer = randomViewer(random, false);
    double budget = 50 + random.nextInt(8000);
    List<List<Quality>> ladders = viewer.seats.stream().map(s -> s.ladder).toList();
    List<String> seen = new ArrayList<>();
    for (int tick = 0; tick < 70 * 15; tick++) {
      for (int i = 0; i < ladders.size(); i++) {
        viewer.seats.get(i).ladder = ladders.get(i).stream().map(q -> noisy(q, random)).toList();
      }
      viewer.decide(budget * noise(random));
      viewer.nowNanos += SECOND / 15;
      if (tick > 10 * 15 && (seen.isEmpty() || !seen.getLast().equals(viewer.shown()))) {
        seen.add(viewer.shown());
      }
    }
    assertTrue(seen.size() <= 3, seen::toString);
    assertEquals(seen.size(), Set.copyOf(seen).size(), seen::toString);
  }

  private static double noise(Random random) {
    return 0.9 + 0.2 * random.nextDouble();
  }

  private static Quality noisy(Quality q, Random random) {
    return new Quality(
        q.spatial(),
        q.temporal(),
        Math.round(q.bitsPerSecond() * noise(random)),
        q.height(),
        q.framesPerSecond());
  }

  /** What smoothing cannot take out is followed about once a minute, not in each swing. */
  @Property(tries = 60)
  void shouldGetTiredOfAnEstimateThatSwings(
      @ForAll long seed, @ForAll @IntRange(min = 4, max = 20) int periodSeconds) {
    Random random = new Random(seed);
    TestViewer viewer = randomViewer(random, true);
    double budget = 100 + random.nextInt(8000);
    int rises = 0;
    boolean fell = false;
    double before = 0;
    for (int tick = 0; tick < 600 * 15; tick++) {
      double swing = Math.sin(2 * Math.PI * tick / 15 / periodSeconds);
      viewer.decide(budget * (1 + 0.1 * swing));
      viewer.nowNanos += SECOND / 15;
      double used = bits(viewer);
      if (tick > 300 * 15 && used != before) {
        rises += fell && used > before ? 1 : 0;
        fell = used < before;
      }
      before = used;
    }
    int count = rises;
    assertTrue(count <= 11, () -> count + " rises in five minutes");
  }

  @Property(tries = 100)
  void shouldDecideTheSameWhateverTheOrderOfDemands(@ForAll long seed) {
    TestViewer one = randomViewer(new Random(seed), false);
    TestViewer other = randomViewer(new Random(seed), false);
    Collections.shuffle(other.seats, new Random(seed + 1));
    Random random = new Random(seed);
    for (int i = 0; i < 30; i++) {
      long estimate = 50_000L + random.nextInt(5_000_000);
      Allocation a = one.tick(estimate);
      Allocation b = other.tick(estimate);
      for (Choice choice : a.choices()) {
        assertTrue(b.choices().contains(choice), choice::toString);
      }
      long step = random.nextLong(3 * SECOND);
      one.nowNanos += step;
      other.nowNanos += step;
    }
  }
}
