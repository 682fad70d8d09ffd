package dev.parley.core.subscriber;

import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.Layer;
import org.jspecify.annotations.Nullable;

/**
 * What the last numbers of a slot were: enough to write a packet once more just as it was, from the
 * source's ring. Worker's thread only.
 */
final class SentPackets {
  private static final int KEPT = 1 << 10;
  private static final int MARKER = 1 << 24;
  private static final int LAYER_MASK = 7;
  private static final int SPATIAL_SHIFT = 25;
  private static final int TEMPORAL_SHIFT = 28;
  private static final int LIMITED = 1 << 31;

  private final long[] numbers = new long[KEPT];
  private final @Nullable Layer[] layers = new Layer[KEPT];
  private final int[] generations = new int[KEPT];
  private final long[] sources = new long[KEPT];
  private final int[] timestampShifts = new int[KEPT];

  /**
   * From the lowest bit: 16 of the picture id, 8 of TL0PICIDX, the marker, 3 each of the highest
   * spatial and temporal layer, and whether they were ever fewer.
   */
  private final int[] rewritten = new int[KEPT];

  private final long[] repeatedNanos = new long[KEPT];

  SentPackets() {
    java.util.Arrays.fill(numbers, -1);
  }

  @HotPath
  void add(long number, Layer layer, long source, int timestampShift, Rewrite rewrite) {
    int i = (int) number & KEPT - 1;
    numbers[i] = number;
    layers[i] = layer;
    generations[i] = layer.generation();
    sources[i] = source;
    timestampShifts[i] = timestampShift;
    rewritten[i] =
        rewrite.pictureId & 0xffff
            | (rewrite.tl0 & 0xff) << 16
            | (rewrite.marker ? MARKER : 0)
            | Math.min(rewrite.spatial, LAYER_MASK) << SPATIAL_SHIFT
            | Math.min(rewrite.temporal, LAYER_MASK) << TEMPORAL_SHIFT
            | (rewrite.limited ? LIMITED : 0);
    repeatedNanos[i] = Long.MIN_VALUE / 2;
  }

  /** As {@link Subscription#warm}. */
  @HotPath
  int warm(long next) {
    int i = (int) next & KEPT - 1;
    return (int) (numbers[i] + sources[i] + repeatedNanos[i])
        + generations[i]
        + timestampShifts[i]
        + rewritten[i]
        + (layers[i] == null ? 1 : 0);
  }

  /** By the lower bits of a number that has just been added. */
  @HotPath
  void mark(int number) {
    rewritten[number & KEPT - 1] |= MARKER;
  }

  /** The index for the other methods, or -1 when the number is not known (any more). */
  int find(long number) {
    int i = (int) number & KEPT - 1;
    Layer layer = layers[i];
    return numbers[i] == number && layer != null && layer.generation() == generations[i] ? i : -1;
  }

  @Nullable Layer layer(int i) {
    return layers[i];
  }

  long source(int i) {
    return sources[i];
  }

  /** Reads the numbers back; the timestamp is the difference to the source's. */
  void read(int i, Rewrite rewrite) {
    int packed = rewritten[i];
    rewrite.sequence16 = (int) numbers[i] & 0xffff;
    rewrite.timestamp = timestampShifts[i];
    rewrite.marker = (packed & MARKER) != 0;
    rewrite.pictureId = packed & 0xffff;
    rewrite.tl0 = packed >>> 16 & 0xff;
    rewrite.spatial = packed >>> SPATIAL_SHIFT & LAYER_MASK;
    rewrite.temporal = packed >>> TEMPORAL_SHIFT & LAYER_MASK;
    rewrite.limited = (packed & LIMITED) != 0;
  }

  long repeatedNanos(int i) {
    return repeatedNanos[i];
  }

  void repeated(int i, long nowNanos) {
    repeatedNanos[i] = nowNanos;
  }

  /** Lets go of the layers of a track that is gone. */
  void forget(Layer layer) {
    for (int i = 0; i < KEPT; i++) {
      if (layers[i] == layer) {
        layers[i] = null;
        numbers[i] = -1;
      }
    }
  }
}
