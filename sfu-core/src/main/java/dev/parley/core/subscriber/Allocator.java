package dev.parley.core.subscriber;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decides which quality each video slot of one connection is given. Deterministic: the same calls
 * have the same answers. Worker's thread only; called on changes and some 10 to 20 times a second.
 */
public final class Allocator {
  /*
   * Classes, the most important first: pinned, screen, priority of the wish, active speaker, others.
   *
   * 1. Everyone gets its lowest quality, class by class. Whoever's does not fit is paused; a cheaper
   *    one after it may still fit. The first pinned slot may exceed the budget by half if nothing
   *    else is shown: an estimate is low also because little was sent, and what the user pinned is
   *    the last thing to go.
   * 2. Class by class, steps up: always the one whose next quality is the cheapest, so that peers
   *    rise together. A step that keeps what is shown counts as cheaper than it is, so that peers
   *    do not take turns; it loses only to one that is well below. Among equal wishes the active
   *    speaker has a larger picture before the others, but not before all move smoothly.
   *
   * A step that keeps what is shown has to fit, a step up has to fit with STEP_UP_ROOM. Rates and
   * the estimate are Smoothed, so that random noise of 10 % looks like no change at all. A fall of
   * the estimate by a fifth counts at once, a smaller one within about two seconds, one of less
   * than 4 % not at all: the margin covers it.
   *
   * When the connection did not bear what was shown, nothing beyond what was left is given for a
   * while, and for twice as long each time a rise fails; a rise that lasts shortens it. The guard
   * is one for the connection, since with one for each slot peers would fail in turns. Below what
   * was left, what one slot gives up another may have at once, so pinning somebody needs no waiting.
   *
   * Each attempt fits or does not, in an order that depends on earlier attempts only. So with more
   * budget the first attempt that ends differently is one that fits now, and uses more than all of
   * the smaller budget's decision: for a connection without a past, more budget never means less use.
   */

  /** No estimate, since there is no feedback: everything wished is given. */
  public static final long UNKNOWN = Long.MAX_VALUE;

  /** Kept free for each audio slot in use: Opus at 32 kbit/s and its packets' headers. */
  public static final long AUDIO_SLOT_BITS_PER_SECOND = 60_000;

  /** Of the estimate; the rest is for retransmissions. */
  static final double USABLE = 0.95;

  /** What is used after a step up must fit this many times. */
  static final double STEP_UP_ROOM = 1.1;

  /** How far the first pinned slot's lowest quality may exceed the budget. */
  static final double PINNED_EXCESS = 1.5;

  /**
   * After a fall no more than what was left is given for this long, and twice as long each time a
   * rise fails.
   */
  static final long HOLD_NANOS = 2_000_000_000;

  static final long LONGEST_HOLD_NANOS = 64_000_000_000L;

  /** A rise has failed if the connection falls within this time; each such time halves the hold. */
  static final long TRIAL_NANOS = 30_000_000_000L;

  /** With so many times what failed, the connection is another, and nothing need be waited for. */
  private static final double AMPLE = 1.6;

  private static final double KEPT_LOOKS_CHEAPER = 0.7;

  /** Guards the table of slots against an index that is none. */
  private static final int MOST_SLOTS = 1024;

  private Lane[] lanes = {};
  private boolean[] seen = {};
  private boolean[] seenBefore = {};
  private Lane[] ranked = {};
  private int count;
  private final Smoothed estimate = new Smoothed(0);
  private double budget;
  private double used;

  /** The last time the connection did not bear what was shown, and what was left then. */
  private boolean fell;

  private long fellNanos;
  private double borne;
  private double failed;
  private long holdNanos = HOLD_NANOS;

  /** The last time more was given than before, if that was after the fall. */
  private boolean rose;

  private long roseNanos;

  /**
   * Decides anew.
   *
   * @param demands one for each slot with a source; borrowed for the call
   * @param estimateBitsPerSecond to this receiver; {@link #UNKNOWN}: no limit
   * @param audioSlots how many audio slots are in use: audio goes before video
   * @param shedding what the server has no time for; as if the sources did not offer it
   */
  public Allocation allocate(
      List<Demand> demands,
      long estimateBitsPerSecond,
      int audioSlots,
      Shedding shedding,
      long nowNanos) {
    double audio = (double) audioSlots * AUDIO_SLOT_BITS_PER_SECOND;
    boolean limited = estimateBitsPerSecond != UNKNOWN;
    if (limited) {
      estimate.add((double) estimateBitsPerSecond, nowNanos);
    } else {
      estimate.reset(nowNanos);
    }
    budget = limited ? Math.max(0, estimate.value() * USABLE - audio) : Double.POSITIVE_INFINITY;
    used = 0;
    adopt(demands, shedding, nowNanos);
    double before = currentBits();
    if (fell && budget >= AMPLE * failed) {
      fell = false;
      rose = false;
      holdNanos = HOLD_NANOS;
    }
    giveLowest(nowNanos);
    for (int from = 0, to; from < count; from = to) {
      to = endOfWish(from);
      raise(from, to, nowNanos);
    }
    guard(before, nowNanos);
    return settle(demands, audio);
  }

  private void adopt(List<Demand> demands, Shedding shedding, long nowNanos) {
    boolean[] before = seen;
    seen = seenBefore;
    seenBefore = before;
    Arrays.fill(seen, false);
    count = 0;
    if (ranked.length < demands.size()) {
      ranked = new Lane[demands.size()];
    }
    for (int i = 0; i < demands.size(); i++) {
      Demand demand = demands.get(i);
      int slot = demand.slot();
      if (slot < 0 || slot >= MOST_SLOTS || (slot < seen.length && seen[slot])) {
        throw new IllegalArgumentException(
            "slot " + slot + " is out of bounds or has two demands; give each slot one");
      }
      Lane lane = lane(demand);
      lane.adopt(demand, shedding, seenBefore[slot], nowNanos);
      seen[slot] = true;
      insert(lane);
    }
  }

  private Lane lane(Demand demand) {
    int slot = demand.slot();
    if (slot >= lanes.length) {
      int from = lanes.length;
      lanes = Arrays.copyOf(lanes, slot + 1);
      seen = Arrays.copyOf(seen, slot + 1);
      seenBefore = Arrays.copyOf(seenBefore, slot + 1);
      for (int i = from; i <= slot; i++) {
        lanes[i] = new Lane(demand);
      }
    }
    return lanes[slot];
  }

  /** By importance; within a class by the index of the slot, whatever the order of the demands. */
  private void insert(Lane lane) {
    int place = count++;
    while (place > 0 && compare(lane, ranked[place - 1]) < 0) {
      ranked[place] = ranked[place - 1];
      place--;
    }
    ranked[place] = lane;
  }

  private static int compare(Lane a, Lane b) {
    int importance = Demand.compareImportance(a.demand(), b.demand());
    return importance != 0 ? importance : Integer.compare(a.demand().slot(), b.demand().slot());
  }

  private int endOfClass(int from) {
    int to = from + 1;
    while (to < count
        && Demand.compareImportance(ranked[from].demand(), ranked[to].demand()) == 0) {
      to++;
    }
    return to;
  }

  /** As {@link #endOfClass}, the active speaker being one of the class. */
  private int endOfWish(int from) {
    int to = from + 1;
    while (to < count && Demand.compareWish(ranked[from].demand(), ranked[to].demand()) == 0) {
      to++;
    }
    return to;
  }

  private void giveLowest(long nowNanos) {
    for (int from = 0, to; from < count; from = to) {
      to = endOfClass(from);
      // Who is shown keeps its place before a peer takes one.
      for (int i = from; i < to; i++) {
        if (ranked[i].shown()) {
          begin(ranked[i], nowNanos);
        }
      }
      for (int i = from; i < to; i++) {
        if (!ranked[i].shown()) {
          begin(ranked[i], nowNanos);
        }
      }
    }
  }

  private void begin(Lane lane, long nowNanos) {
    if (!lane.atTop()) {
      boolean first = used == 0 && lane.demand().pinned();
      step(lane, first ? budget * PINNED_EXCESS : budget, nowNanos);
    }
  }

  private void raise(int from, int to, long nowNanos) {
    // Whoever is refused goes behind the end of those still rising.
    int rising = to;
    while (rising > from) {
      int best = from;
      for (int i = from + 1; i < rising; i++) {
        if (goesBefore(ranked[i], ranked[best])) {
          best = i;
        }
      }
      Lane lane = ranked[best];
      if (lane.at < 0 || lane.atTop() || !step(lane, budget, nowNanos)) {
        rising--;
        System.arraycopy(ranked, best + 1, ranked, best, rising - best);
        ranked[rising] = lane;
      }
    }
  }

  private static boolean goesBefore(Lane a, Lane b) {
    int stage = Integer.compare(stage(a), stage(b));
    return stage < 0 || (stage == 0 && rank(a) < rank(b));
  }

  /** The frame rate of all, the speaker's picture, the pictures of the others. */
  private static int stage(Lane lane) {
    if (lane.at < 0 || lane.atTop() || !lane.nextIsLarger()) {
      return 0;
    }
    return lane.demand().speaker() ? 1 : 2;
  }

  /** Who is to be tried next: the lowest number. */
  private static double rank(Lane lane) {
    if (lane.at < 0 || lane.atTop()) {
      return Double.NEGATIVE_INFINITY;
    }
    return lane.keeps() ? lane.nextBits() * KEPT_LOOKS_CHEAPER : lane.nextBits();
  }

  private boolean step(Lane lane, double limit, long nowNanos) {
    double after = used + lane.nextBits() - lane.chosenBits();
    boolean keeps = lane.keeps();
    double room = keeps ? 1 : STEP_UP_ROOM;
    boolean fits =
        limit == Double.POSITIVE_INFINITY
            || (after * room <= limit && (keeps || mayRise(lane, after, nowNanos)));
    if (fits) {
      used = after;
      lane.at++;
    }
    return fits;
  }

  private boolean mayRise(Lane lane, double after, long nowNanos) {
    if (lane.fresh() && lane.at < 0) {
      // A newcomer is no rise that failed before.
      return true;
    }
    return !lane.waits(nowNanos) && (!fell || after <= borne || nowNanos - fellNanos >= holdNanos);
  }

  private double currentBits() {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += ranked[i].currentBits();
    }
    return sum;
  }

  /** Remembers whether the connection bore what was shown, and what it was last raised to. */
  private void guard(double before, long nowNanos) {
    boolean lowered = false;
    boolean raised = false;
    for (int i = 0; i < count; i++) {
      lowered |= ranked[i].goesDown();
      raised |= ranked[i].goesUp();
    }
    if (lowered && before > budget) {
      if (rose) {
        long trials = (nowNanos - roseNanos) / TRIAL_NANOS;
        holdNanos =
            trials == 0
                ? Math.min(2 * holdNanos, LONGEST_HOLD_NANOS)
                : Math.max(HOLD_NANOS, holdNanos >> Math.min(trials, 32));
      }
      fell = true;
      rose = false;
      fellNanos = nowNanos;
      borne = used;
      failed = before;
    } else if (raised && used > before) {
      rose = true;
      roseNanos = nowNanos;
    }
  }

  private Allocation settle(List<Demand> demands, double audio) {
    double wanted = 0;
    double nextStep = 0;
    boolean scarce = false;
    for (int i = 0; i < count; i++) {
      Lane lane = ranked[i];
      wanted += lane.wantedBits();
      if (!lane.atTop()) {
        double cost = lane.nextBits() - lane.chosenBits();
        nextStep = scarce ? Math.min(nextStep, cost) : cost;
        scarce = true;
      }
    }
    List<Choice> choices = new ArrayList<>(demands.size());
    for (int i = 0; i < demands.size(); i++) {
      choices.add(lanes[demands.get(i).slot()].settle(scarce));
    }
    return new Allocation(
        choices,
        Math.round(used + audio),
        (long) Math.ceil((wanted * STEP_UP_ROOM + audio) / USABLE),
        Math.round(nextStep));
  }
}
