package dev.parley.core.subscriber;

import java.util.List;

/**
 * One slot within the {@link Allocator}: the path of qualities its view can be led up now, and what
 * is remembered of it from call to call.
 *
 * <p>The path goes by spatial and then temporal index, so that going down takes frame rate first
 * and resolution when no frame rate is left to take. Screens use all of it, as text must stay
 * readable. Cameras keep motion: above the smallest encoding they leave out what runs below 20
 * frames a second, if the encoding has more. What costs no less than a higher quality is left out.
 */
final class Lane {
  /** A view this much higher than a camera's picture does not need the next higher one. */
  private static final double HEIGHT_TOLERANCE = 1.25;

  /** Frames a second that look smooth, less what measuring them may be wrong by. */
  private static final double SMOOTH_FRAME_RATE = 19;

  /** A new encoding starts low: its rate counts after this. */
  private static final long APPEARING_NANOS = 1_000_000_000;

  /** A slot that was lowered stays so for this long. */
  static final long LOWERED_NANOS = 2_000_000_000;

  private Demand demand;
  private int[] order = {};
  private Smoothed[] rates = {};
  private double[] bits = {};
  private long[] appearedNanos = {};
  private int[] path = {};
  private int length;
  private int current;
  private int wishedSpatial;
  private boolean lowered;
  private boolean fresh;

  /** The server took something off the path. */
  private boolean cut;

  /** The place on the path given so far in this call; {@link Choice#PAUSED}: none. */
  int at;

  Lane(Demand demand) {
    this.demand = demand;
  }

  private void begin(Demand first, long nowNanos) {
    int size = first.ladder().size();
    order = new int[size];
    rates = new Smoothed[size];
    bits = new double[size];
    appearedNanos = new long[size];
    path = new int[size];
    for (int i = 0; i < size; i++) {
      Quality q = first.ladder().get(i);
      order[i] = order(q.spatial(), q.temporal());
      rates[i] = new Smoothed(nowNanos);
      rates[i].addFallingSlowly((double) q.bitsPerSecond(), nowNanos);
      bits[i] = rates[i].value();
      appearedNanos[i] = nowNanos - APPEARING_NANOS;
      if (i > 0 && order[i] <= order[i - 1]) {
        throw new IllegalArgumentException(
            "slot " + first.slot() + ": the ladder must ascend: " + first.ladder());
      }
    }
  }

  private static int order(int spatial, int temporal) {
    return spatial << 8 | temporal;
  }

  /**
   * Takes this call's demand in.
   *
   * @param shedding what is taken off the path
   * @param seenBefore the slot was in the call before this
   */
  void adopt(Demand next, Shedding shedding, boolean seenBefore, long nowNanos) {
    fresh = !seenBefore || next.source() != demand.source();
    if (fresh || Demand.compareImportance(next, demand) != 0) {
      lowered = false;
    }
    if (fresh || !sameShape(next.ladder())) {
      begin(next, nowNanos);
    } else {
      measure(next.ladder(), nowNanos);
    }
    demand = next;
    at = Choice.PAUSED;
    layPath(nowNanos);
    int whole = length;
    int wished = wishedSpatial;
    shorten(shedding);
    // What rests since nobody is given it is no longer on the path.
    cut = length < whole || wishedSpatial < wished;
    current = next.shownSpatial() < 0 ? Choice.PAUSED : placeOfShown();
  }

  private boolean sameShape(List<Quality> ladder) {
    if (ladder.size() != order.length) {
      return false;
    }
    for (int i = 0; i < order.length; i++) {
      Quality q = ladder.get(i);
      if (order[i] != order(q.spatial(), q.temporal())) {
        return false;
      }
    }
    return true;
  }

  private void measure(List<Quality> ladder, long nowNanos) {
    for (int i = 0; i < order.length; i++) {
      long measured = ladder.get(i).bitsPerSecond();
      if (bits[i] == 0 && measured > 0) {
        appearedNanos[i] = nowNanos;
      }
      // A still screen soon moves again.
      rates[i].addFallingSlowly((double) measured, nowNanos);
      bits[i] = rates[i].value();
    }
  }

  private void layPath(long nowNanos) {
    List<Quality> ladder = demand.ladder();
    length = 0;
    wishedSpatial = wishedSpatial(ladder);
    int lowest = Choice.PAUSED;
    int top = wishedSpatial;
    for (int i = 0; i < order.length; i++) {
      int spatial = ladder.get(i).spatial();
      if (!available(i, nowNanos) || (lowest >= 0 && spatial > top)) {
        continue;
      }
      if (lowest < 0) {
        lowest = spatial;
        // Rather the next larger picture than none.
        top = Math.max(top, lowest);
      }
      if (spatial == lowest || demand.screen() || smooth(ladder, i, nowNanos)) {
        while (length > 0 && bits[path[length - 1]] >= bits[i]) {
          length--;
        }
        path[length++] = i;
      }
    }
    if (length == 0 && order.length > 0) {
      // Nothing is measured yet, or a still picture sends nothing: begin, or stay.
      int shown = indexOfShown();
      path[length++] = shown >= 0 && ladder.get(shown).spatial() <= wishedSpatial ? shown : 0;
    }
  }

  /** Takes off the path what the server has no time for. */
  private void shorten(Shedding shedding) {
    boolean focus = demand.pinned() || demand.speaker();
    Shedding pausedFrom =
        demand.screen() ? Shedding.SOUND : focus ? Shedding.SCREENS : Shedding.FOCUS;
    Shedding leastFrom = demand.screen() ? Shedding.SCREENS : Shedding.SLOWEST;
    if (length == 0 || shedding == Shedding.NONE) {
      return;
    }
    int lowest = demand.ladder().get(path[0]).spatial();
    if (shedding.compareTo(pausedFrom) >= 0) {
      length = 0;
      wishedSpatial = lowest;
    } else if (shedding.compareTo(leastFrom) >= 0) {
      length = 1;
      wishedSpatial = lowest;
    } else if (!demand.screen() && shedding.compareTo(Shedding.SMALLEST) >= 0) {
      shorten(lowest);
    } else if (!demand.screen() && !focus) {
      shorten(Math.max(lowest, wishedSpatial - 1));
    }
  }

  private void shorten(int largest) {
    while (demand.ladder().get(path[length - 1]).spatial() > largest) {
      length--;
    }
    wishedSpatial = Math.min(wishedSpatial, largest);
  }

  private boolean available(int i, long nowNanos) {
    return bits[i] > 0 && nowNanos - appearedNanos[i] >= APPEARING_NANOS;
  }

  /** The smallest encoding that fills the view, whether or not it is sent now; else the largest. */
  private int wishedSpatial(List<Quality> ladder) {
    if (demand.wishedHeight() > 0) {
      double tolerance = demand.screen() ? 1 : HEIGHT_TOLERANCE;
      for (Quality q : ladder) {
        if (q.height() * tolerance >= demand.wishedHeight()) {
          return q.spatial();
        }
      }
    }
    return ladder.isEmpty() ? 0 : ladder.getLast().spatial();
  }

  private boolean smooth(List<Quality> ladder, int i, long nowNanos) {
    Quality q = ladder.get(i);
    if (q.framesPerSecond() >= SMOOTH_FRAME_RATE) {
      return true;
    }
    for (int j = i + 1; j < ladder.size() && ladder.get(j).spatial() == q.spatial(); j++) {
      if (available(j, nowNanos)) {
        return false;
      }
    }
    return true;
  }

  private int indexOfShown() {
    int shown = order(demand.shownSpatial(), demand.shownTemporal());
    for (int i = 0; i < order.length && demand.shownSpatial() >= 0; i++) {
      if (order[i] == shown) {
        return i;
      }
    }
    return -1;
  }

  /** The best place that is not above what is shown, or above it and not dearer. */
  private int placeOfShown() {
    int shown = order(demand.shownSpatial(), demand.shownTemporal());
    int place = Choice.PAUSED;
    while (place + 1 < length && order[path[place + 1]] <= shown) {
      place++;
    }
    int index = indexOfShown();
    if (index >= 0
        && place + 1 < length
        && (place < 0 || path[place] != index)
        && bits[path[place + 1]] <= bits[index]) {
      place++;
    }
    return place;
  }

  Demand demand() {
    return demand;
  }

  boolean atTop() {
    return demand.muted() || at == length - 1;
  }

  /** The next step only keeps what is shown. */
  boolean keeps() {
    return at < current;
  }

  boolean shown() {
    return current >= 0;
  }

  /** The source was not in this slot in the call before. */
  boolean fresh() {
    return fresh;
  }

  /** A step up has to wait, since the slot was lowered a short while ago. */
  boolean waits(long nowNanos) {
    return lowered && nowNanos - demand.shownSinceNanos() < LOWERED_NANOS;
  }

  boolean goesDown() {
    return !demand.muted() && at < current;
  }

  boolean goesUp() {
    return at > current;
  }

  /** What is shown would cost this now, as far as its view still has a use for it. */
  double currentBits() {
    return current < 0 || demand.muted() ? 0 : bits[path[current]];
  }

  double chosenBits() {
    return at < 0 ? 0 : bits[path[at]];
  }

  /** Of the quality one step further; only when not at the top. */
  double nextBits() {
    return bits[path[at + 1]];
  }

  /** The next step adds pixels, not frames; only when not at the top. */
  boolean nextIsLarger() {
    return order[path[at + 1]] >> 8 > order[path[0]] >> 8;
  }

  double wantedBits() {
    return demand.muted() || length == 0 ? 0 : bits[path[length - 1]];
  }

  /** Remembers what has been decided, and says it. */
  Choice settle(boolean scarce) {
    int quality = at < 0 ? Choice.PAUSED : path[at];
    // A change that the view or the source made is no reason to wait.
    boolean changed = quality != indexOfShown();
    lowered = goesDown() || (!demand.muted() && lowered && !changed);
    Choice.Reason reason =
        demand.muted() || (length == 0 && !cut)
            ? Choice.Reason.MUTED
            : !atTop()
                ? Choice.Reason.BANDWIDTH
                : cut
                    ? Choice.Reason.SERVER
                    : scarce && demand.speaker() ? Choice.Reason.SPEAKER : Choice.Reason.VIEW;
    if (quality < 0) {
      return new Choice(
          demand.slot(), quality, quality, quality, 0, reason, nextSpatial(Choice.PAUSED));
    }
    Quality q = demand.ladder().get(quality);
    return new Choice(
        demand.slot(),
        quality,
        q.spatial(),
        q.temporal(),
        Math.round(bits[quality]),
        reason,
        nextSpatial(q.spatial()));
  }

  private int nextSpatial(int spatial) {
    if (spatial > wishedSpatial) {
      return wishedSpatial;
    }
    if (!demand.muted()) {
      for (Quality q : demand.ladder()) {
        if (q.spatial() > spatial && q.spatial() <= wishedSpatial) {
          return q.spatial();
        }
      }
    }
    return Choice.PAUSED;
  }
}
