package dev.parley.core.subscriber;

/**
 * Which encodings of one published track anybody has a use for, by the choices of all its viewers:
 * what the {@code layers} message tells its sender. Worker's thread only.
 *
 * <p>Needed are what is shown, and what {@link Choice#measuredSpatial} asks for; the lowest one as
 * long as anybody watches, paused or not, so that a viewer can always begin or fall back at once.
 * An encoding becomes active in the moment it is needed. It is given up when nobody has needed it
 * for {@link #HOLD_NANOS}, since each change costs the sender a key frame; the lowest one after
 * {@link #LOWEST_HOLD_NANOS}. At first all are active, as a client starts, and nobody needs them.
 *
 * <p>Use: {@link #begin}, {@link #add} for each viewer's choice, {@link #end}.
 */
public final class LayerUse {
  static final long HOLD_NANOS = 2_000_000_000;
  static final long LOWEST_HOLD_NANOS = 5_000_000_000L;
  private static final int MOST_ENCODINGS = 16;

  private final long[] unneededSinceNanos;
  private int active;
  private int neededBefore;
  private int needed;

  /**
   * Of a track that has just been published.
   *
   * @param encodings how many it is sent in; 1 for a track in spatial layers, which cannot be
   *     stopped one by one
   */
  public LayerUse(int encodings, long nowNanos) {
    if (encodings < 1 || encodings > MOST_ENCODINGS) {
      throw new IllegalArgumentException(
          "a track has 1 to " + MOST_ENCODINGS + " encodings, not " + encodings);
    }
    unneededSinceNanos = new long[encodings];
    for (int i = 0; i < encodings; i++) {
      unneededSinceNanos[i] = nowNanos;
    }
    active = (1 << encodings) - 1;
  }

  /** Forgets the viewers, to have them told anew. */
  public void begin() {
    needed = 0;
  }

  /** A viewer's choice for this track, paused ones as well. */
  public void add(Choice choice) {
    needed |= needed(choice, unneededSinceNanos.length);
  }

  /** Viewers elsewhere, as {@link #needed} has it for all of them. */
  public void add(int neededElsewhere) {
    needed |= neededElsewhere;
  }

  /** What a viewer's choice needs, a bit for each encoding. */
  public static int needed(Choice choice, int encodings) {
    return 1 | bit(choice.spatial(), encodings) | bit(choice.measuredSpatial(), encodings);
  }

  private static int bit(int spatial, int encodings) {
    return spatial < 0 ? 0 : 1 << Math.min(spatial, encodings - 1);
  }

  /** All viewers were told; true when the active encodings have changed. */
  public boolean end(long nowNanos) {
    int before = active;
    for (int i = 0; i < unneededSinceNanos.length; i++) {
      int bit = 1 << i;
      if ((needed & bit) != 0) {
        active |= bit;
        continue;
      }
      if ((neededBefore & bit) != 0) {
        unneededSinceNanos[i] = nowNanos;
      }
      if (nowNanos - unneededSinceNanos[i] >= hold(i)) {
        active &= ~bit;
      }
    }
    neededBefore = needed;
    return active != before;
  }

  private static long hold(int encoding) {
    return encoding == 0 ? LOWEST_HOLD_NANOS : HOLD_NANOS;
  }

  public boolean active(int encoding) {
    return (active & 1 << encoding) != 0;
  }

  /** How many are active; none when nobody watches. */
  public int activeCount() {
    return Integer.bitCount(active);
  }

  /**
   * When the viewers should be told again though nothing changed; {@code Long.MAX_VALUE}: never.
   */
  public long nextTimeoutNanos() {
    long next = Long.MAX_VALUE;
    for (int i = 0; i < unneededSinceNanos.length; i++) {
      if (active(i) && (neededBefore & 1 << i) == 0) {
        next = Math.min(next, unneededSinceNanos[i] + hold(i));
      }
    }
    return next;
  }
}
