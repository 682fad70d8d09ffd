package dev.parley.core.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SequenceCompactorTest {
  private final SequenceCompactor compactor = new SequenceCompactor();

  @Test
  void shouldNumberOnWithoutGapWhereOneIsLeftOut() {
    assertEquals(100, compactor.compact(100));
    compactor.omit(101);
    assertEquals(101, compactor.compact(102));
    compactor.omit(103);
    compactor.omit(104);
    assertEquals(102, compactor.compact(105));
  }

  @Test
  void shouldKeepGapOfLostPacket() {
    assertEquals(100, compactor.compact(100));
    assertEquals(103, compactor.compact(103));
  }

  @Test
  void shouldNumberLatePacketAsIfItHadComeInOrder() {
    assertEquals(100, compactor.compact(100));
    compactor.omit(102);
    assertEquals(102, compactor.compact(103));
    assertEquals(101, compactor.compact(101));
  }

  @Test
  void shouldKeepGapOfOmissionThatWasOvertaken() {
    assertEquals(100, compactor.compact(100));
    assertEquals(102, compactor.compact(102));
    compactor.omit(101);
    assertEquals(103, compactor.compact(103));
  }

  @Test
  void shouldCountDoubleOmissionOnce() {
    compactor.compact(1);
    compactor.omit(2);
    compactor.omit(2);
    assertEquals(2, compactor.compact(3));
  }

  @Test
  void shouldRefusePacketFromBeforeWhatIsRemembered() {
    compactor.compact(0);
    for (int i = 2; i < 302; i++) {
      compactor.omit(i);
    }
    assertEquals(2, compactor.compact(302));
    assertEquals(-1, compactor.compact(1));
  }

  /** Against a set that remembers every omission, over loss, reordering and omissions. */
  @Property(tries = 300)
  void shouldAgreeWithModel(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int reorderWindow,
      @ForAll @IntRange(max = 100) int omitPercent,
      @ForAll @IntRange(max = 30) int lossPercent) {
    SequenceCompactor fresh = new SequenceCompactor();
    Random random = new Random(seed);
    List<Long> arrivals = new ArrayList<>();
    List<Double> keys = new ArrayList<>();
    for (long s = 70_000; s < 71_000; s++) {
      if (random.nextInt(100) >= lossPercent) {
        arrivals.add(s);
        keys.add(s + random.nextDouble() * reorderWindow);
      }
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < arrivals.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble(keys::get));
    TreeSet<Long> omitted = new TreeSet<>();
    Set<Long> given = new HashSet<>();
    long highest = Long.MIN_VALUE;
    for (int i : order) {
      long sequence = arrivals.get(i);
      if (random.nextInt(100) < omitPercent) {
        fresh.omit(sequence);
        if (sequence > highest) {
          omitted.add(sequence);
        }
      } else {
        long number = fresh.compact(sequence);
        int newer = omitted.tailSet(sequence, false).size();
        if (number < 0) {
          assertTrue(newer >= 64, "refused with only " + newer + " newer omissions");
        } else {
          assertEquals(sequence - omitted.headSet(sequence).size(), number);
          assertTrue(given.add(number), "two packets got number " + number);
        }
      }
      highest = Math.max(highest, sequence);
    }
  }
}
