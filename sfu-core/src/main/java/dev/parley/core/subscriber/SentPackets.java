package dev.parley.core.subscriber;

import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.Layer;
import org.jspecify.annotations.Nullable;

/**
 * What the last numbers of a slot were: enough to write a packet once more just as it was, from the
 * source's ring. Two words a packet, side by side: a slot's history is larger than the processor's
 * cache when there are many. What stays the same until the next splice is kept once. Worker's
 * thread only.
 */
final class SentPackets {
  private static final int KEPT = 1 << 10;

  /** Splices among the packets kept; packets from before more of them are not known any more. */
  private static final int RUNS = 1 << 5;

  private static final int RUN_BITS = 16;
  private static final int RUN_MASK = (1 << RUN_BITS) - 1;
  private static final int MARKER = 1 << 24;
  private static final int LAYER_MASK = 7;
  private static final int SPATIAL_SHIFT = 25;
  private static final int TEMPORAL_SHIFT = 28;
  private static final int LIMITED = 1 << 31;
  private static final long INT_MASK = 0xffff_ffffL;
  private static final long NEVER = Long.MIN_VALUE / 2;

  /**
   * For each packet the number in the source's ring, of 48 bits, above the run's, which is 0 where
   * nothing is kept; then the low half of its number above what was rewritten. That is from the
   * lowest bit: 16 of the picture id, 8 of TL0PICIDX, the marker, 3 each of the highest spatial and
   * temporal layer, and whether they were ever fewer.
   */
  private final long[] words = new long[2 * KEPT];

  private final int[] runs = new int[RUNS];
  private final @Nullable Layer[] layers = new Layer[RUNS];
  private final int[] generations = new int[RUNS];
  private final int[] timestampShifts = new int[RUNS];

  /** Of the newest run. */
  private int run;

  private @Nullable Layer layer;
  private int generation;
  private int timestampShift;

  /** When packets were repeated, with their numbers' low halves; empty until one is. */
  private long[] repeatedNanos = {};

  private int[] repeatedNumbers = {};

  @HotPath
  void add(long number, Layer from, long source, int shift, Rewrite rewrite) {
    if (from != layer || from.generation() != generation || shift != timestampShift) {
      begin(from, shift);
    }
    int i = at(number);
    int rewritten =
        rewrite.pictureId & 0xffff
            | (rewrite.tl0 & 0xff) << 16
            | (rewrite.marker ? MARKER : 0)
            | Math.min(rewrite.spatial, LAYER_MASK) << SPATIAL_SHIFT
            | Math.min(rewrite.temporal, LAYER_MASK) << TEMPORAL_SHIFT
            | (rewrite.limited ? LIMITED : 0);
    words[i] = source << RUN_BITS | run;
    words[i + 1] = number << 32 | rewritten & INT_MASK;
  }

  @HotPath
  private static int at(long number) {
    return 2 * ((int) number & KEPT - 1);
  }

  @HotPath
  private void begin(Layer from, int shift) {
    run = run == RUN_MASK ? 1 : run + 1;
    int i = run & RUNS - 1;
    runs[i] = run;
    layers[i] = from;
    generations[i] = from.generation();
    timestampShifts[i] = shift;
    layer = from;
    generation = from.generation();
    timestampShift = shift;
  }

  /** As {@link Subscription#warm}. */
  @HotPath
  int warm(long next) {
    return run + (int) words[at(next)];
  }

  /** By the lower bits of a number that has just been added. */
  @HotPath
  void mark(int number) {
    words[at(number) + 1] |= MARKER;
  }

  /** The index for the other methods, or -1 when the number is not known (any more). */
  int find(long number) {
    int i = at(number);
    int of = (int) words[i] & RUN_MASK;
    Layer known = layers[of & RUNS - 1];
    return of != 0
            && runs[of & RUNS - 1] == of
            && numberAt(i) == (int) number
            && known != null
            && known.generation() == generations[of & RUNS - 1]
        ? i
        : -1;
  }

  private int numberAt(int i) {
    return (int) (words[i + 1] >>> 32);
  }

  private int runAt(int i) {
    return (int) words[i] & RUNS - 1;
  }

  @Nullable Layer layer(int i) {
    return layers[runAt(i)];
  }

  long source(int i) {
    return words[i] >>> RUN_BITS;
  }

  /** Reads the numbers back; the timestamp is the difference to the source's. */
  void read(int i, Rewrite rewrite) {
    int packed = (int) words[i + 1];
    rewrite.sequence16 = numberAt(i) & 0xffff;
    rewrite.timestamp = timestampShifts[runAt(i)];
    rewrite.marker = (packed & MARKER) != 0;
    rewrite.pictureId = packed & 0xffff;
    rewrite.tl0 = packed >>> 16 & 0xff;
    rewrite.spatial = packed >>> SPATIAL_SHIFT & LAYER_MASK;
    rewrite.temporal = packed >>> TEMPORAL_SHIFT & LAYER_MASK;
    rewrite.limited = (packed & LIMITED) != 0;
  }

  /** When it was repeated last; long ago where it never was. */
  long repeatedNanos(int i) {
    int k = i / 2;
    return repeatedNanos.length > 0 && repeatedNumbers[k] == numberAt(i) ? repeatedNanos[k] : NEVER;
  }

  void repeated(int i, long nowNanos) {
    if (repeatedNanos.length == 0) {
      repeatedNanos = new long[KEPT];
      java.util.Arrays.fill(repeatedNanos, NEVER);
      repeatedNumbers = new int[KEPT];
    }
    repeatedNanos[i / 2] = nowNanos;
    repeatedNumbers[i / 2] = numberAt(i);
  }

  /** Lets go of the layers of a track that is gone. */
  void forget(Layer gone) {
    for (int i = 0; i < RUNS; i++) {
      if (layers[i] == gone) {
        layers[i] = null;
        runs[i] = 0;
      }
    }
    if (layer == gone) {
      layer = null;
    }
  }
}
