package dev.parley.core.server;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom.TrackPublication;
import dev.parley.core.api.MediaSession;
import dev.parley.core.room.Room;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * One session's way from its room to another. A place is reserved first, so that all that can be
 * refused is refused while the session is still where it was.
 */
final class RoomSwitch {
  private final ParticipantSession before;
  private final Worker target;
  private final Room room;
  private final BooleanSupplier ended;
  private final String participantId;
  private final List<TrackPublication> tracks;
  private final MediaSession.Listener listener;

  /** {@code ended}: whether the new room has; any thread. */
  RoomSwitch(
      ParticipantSession before,
      Worker target,
      Room room,
      BooleanSupplier ended,
      String participantId,
      List<TrackPublication> tracks,
      MediaSession.Listener listener) {
    this.before = before;
    this.target = target;
    this.room = room;
    this.ended = ended;
    this.participantId = participantId;
    this.tracks = tracks;
    this.listener = listener;
  }

  /** Any thread; once. */
  CompletableFuture<MediaSession> run() {
    return target.call(() -> {
      if (ended.getAsBoolean()) {
        throw new MediaException(
            MediaException.Code.ROOM_ENDED, "room " + room.id() + " has ended");
      }
      ParticipantSession next = before.reserve(room, participantId);
      try {
        if (!before.home().isAt(target)) {
          throw new IllegalStateException("the session lives on another worker");
        }
        before.departFor(next, tracks);
      } catch (RuntimeException e) {
        next.giveUp();
        throw e;
      }
      next.arrive(before, tracks, listener);
      return next;
    });
  }
}
