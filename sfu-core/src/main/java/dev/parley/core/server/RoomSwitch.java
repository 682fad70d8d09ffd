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
 * refused is refused while the session is still where it was; then it leaves and arrives. Between
 * rooms of one worker that is one task; otherwise one on the new worker, one on the old, and one on
 * the new, each of which hands all it has touched to the next.
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

  /** A place in the new room, and whether the session is there already. */
  private record Reserved(ParticipantSession next, Place place, boolean arrived) {}

  /** Any thread; once. */
  CompletableFuture<MediaSession> run() {
    return target
        .call(this::reserve)
        .thenCompose(reserved ->
            reserved.arrived()
                ? CompletableFuture.completedFuture(reserved.next())
                : across(reserved.next(), reserved.place()));
  }

  private Reserved reserve() {
    if (hasEnded()) {
      throw roomEnded();
    }
    ParticipantSession next = before.reserve(room, participantId);
    Place place = new Place(target, target.outletOf(before.home().origin()));
    boolean near = before.home().isAt(target);
    if (near) {
      within(next, place);
    }
    return new Reserved(next, place, near);
  }

  private boolean hasEnded() {
    return ended.getAsBoolean() || target.closing();
  }

  private MediaException roomEnded() {
    return new MediaException(MediaException.Code.ROOM_ENDED, "room " + room.id() + " has ended");
  }

  private void within(ParticipantSession next, Place place) {
    try {
      before.departFor(next, tracks, place);
    } catch (RuntimeException e) {
      next.giveUp();
      throw e;
    }
    arrive(next);
  }

  private CompletableFuture<MediaSession> across(ParticipantSession next, Place place) {
    CompletableFuture<Boolean> departed =
        before
            .home()
            .call(() -> {
              before.departFor(next, tracks, place);
              return true;
            });
    return departed
        .whenComplete((left, refusal) -> {
          if (refusal != null) {
            target.executor().execute(next::giveUp);
          }
        })
        .thenCompose(left ->
            target.call(() -> {
              arrive(next);
              return next;
            }));
  }

  private void arrive(ParticipantSession next) {
    if (hasEnded()) {
      next.turnAway(before);
      throw roomEnded();
    }
    next.arrive(before, tracks, listener);
  }
}
