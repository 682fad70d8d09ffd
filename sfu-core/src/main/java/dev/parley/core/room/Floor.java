package dev.parley.core.room;

import java.util.List;

/**
 * Who is heard in a room, as its first wing decides for all of them. Tracks go by their serial
 * numbers.
 *
 * @param places how many audio tracks are heard: the most audio slots that anybody has
 * @param heard those that are, and the next one, in order
 * @param talking of these, those who talk
 * @param dominant the track of the dominant speaker, or {@link #NONE}
 */
record Floor(int places, List<Integer> heard, List<Integer> talking, int dominant) {
  static final int NONE = -1;

  /** Before anything was decided. */
  static final Floor NOBODY = new Floor(0, List.of(), List.of(), NONE);

  Floor {
    heard = List.copyOf(heard);
    talking = List.copyOf(talking);
  }
}
