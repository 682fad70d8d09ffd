package dev.parley.core.room;

import java.util.List;

/**
 * Somebody whose transport is in another wing of the room, as far as its tracks are shown here.
 * What its source is asked for and told goes by that wing. Worker's thread only.
 */
final class Guest extends Owner {
  /** How many of its tracks are here. */
  int tracks;

  Guest(String id, int csrc) {
    super(id, csrc);
  }

  @Override
  boolean connected() {
    return false;
  }

  @Override
  long roundTripNanos() {
    return 0;
  }

  @Override
  void tellLayers(String mid, List<String> active) {
    throw new IllegalStateException("the layers of " + id() + " are told where it is");
  }

  @Override
  void onFirstPacket(String trackId) {
    // Told where it is.
  }
}
