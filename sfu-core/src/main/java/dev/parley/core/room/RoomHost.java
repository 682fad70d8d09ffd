package dev.parley.core.room;

import dev.parley.core.subscriber.Shedding;

/** What a room shares with the others of its worker. */
public interface RoomHost {
  /** Asks for {@link Room#settle} at the end of the batch. */
  void unsettled(Room room);

  /** The wall clock that belongs to a monotonic time, in nanoseconds since 1970. */
  long unixNanos(long nowNanos);

  /** What time it is by now, in the batch of {@code batchNanos}; by hand-driven time the same. */
  default long laterNanos(long batchNanos) {
    return batchNanos;
  }

  /** A packet waits for the end of the batch, to leave for so many. */
  default void gathered(int viewers) {}

  /** A few viewers have been sent all that waited for them. */
  default void departed() {}

  /** What a viewer is not given since there is no time for it. */
  default Shedding shedding(int viewer) {
    return Shedding.NONE;
  }
}
