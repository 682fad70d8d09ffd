package dev.parley.bots.bot;

import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;

/** Holds the pictures that a bot gets against those that the room has. Loop's thread only. */
final class DueTracks {
  /** So long a change may take to be seen by the others before it counts as missing. */
  private static final long SETTLING_NANOS = 3_000_000_000L;

  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private final Measurements measured;
  private final int slots;
  private long dueSinceNanos = Long.MAX_VALUE;

  /**
   * @param slots for pictures, which bound what is due
   */
  DueTracks(Measurements measured, int slots) {
    this.measured = measured;
    this.slots = slots;
  }

  /**
   * Counts a second.
   *
   * @param insideNanos since when the bot is in the room
   * @param came streams with packets lately, and those that the server has said are paused
   */
  void sample(RoomBook book, String room, Visitor bot, long insideNanos, int came, long nowNanos) {
    long settled = nowNanos - SETTLING_NANOS;
    if (insideNanos > settled) {
      return;
    }
    int due = Math.min(slots, book.otherCameras(room, bot, settled));
    dueSinceNanos = due == 0 ? Long.MAX_VALUE : Math.min(dueSinceNanos, nowNanos);
    measured.count(Metric.TRACK_SECONDS_EXPECTED, due);
    measured.count(Metric.TRACK_SECONDS_MISSING, Math.max(0, due - came));
  }

  /** The visit is over. */
  void end(boolean pictured, long nowNanos) {
    if (!pictured && nowNanos - PATIENCE_NANOS >= dueSinceNanos) {
      measured.count(Metric.NEVER_A_PICTURE, 1);
    }
  }
}
