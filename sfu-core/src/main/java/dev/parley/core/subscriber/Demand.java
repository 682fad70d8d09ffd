package dev.parley.core.subscriber;

import java.util.List;

/**
 * What one video slot asks of the allocator.
 *
 * @param slot the slot's index in its connection, from 0
 * @param source an opaque number of the track in the slot; another one begins anew
 * @param ladder what the source offers, by spatial and then temporal index, both ascending; what it
 *     does not send now stands in it with 0 bits. Borrowed for the call, may be shared by viewers
 * @param wishedHeight of the view, in CSS pixels times the device's pixel ratio; 0: no limit
 * @param priority of the wish; higher is more important
 * @param speaker the source is the active speaker
 * @param muted paused at the source
 * @param shownSpatial of the last {@link Choice} for this slot and source, even while the slot
 *     still waits for its key frame; {@link Choice#PAUSED} when paused or new
 * @param shownTemporal likewise
 * @param shownSinceNanos when that choice began to differ from the one before
 */
public record Demand(
    int slot,
    int source,
    List<Quality> ladder,
    int wishedHeight,
    int priority,
    boolean pinned,
    boolean screen,
    boolean speaker,
    boolean muted,
    int shownSpatial,
    int shownTemporal,
    long shownSinceNanos) {

  /** Below 0: {@code a} is the more important one; 0: both are of one class. */
  static int compareImportance(Demand a, Demand b) {
    int wish = compareWish(a, b);
    return wish != 0 ? wish : Boolean.compare(b.speaker, a.speaker);
  }

  /** Likewise, whoever speaks. */
  static int compareWish(Demand a, Demand b) {
    if (a.pinned != b.pinned) {
      return a.pinned ? -1 : 1;
    }
    if (a.screen != b.screen) {
      return a.screen ? -1 : 1;
    }
    return Integer.compare(b.priority, a.priority);
  }
}
