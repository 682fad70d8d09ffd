package dev.parley.signaling.room;

import dev.parley.core.api.MediaSession;
import dev.parley.core.api.ViewWish;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Moderation;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client before, in and after a room: it is in one room at most. Room thread; replies come on
 * the room thread, at once or when the media engine has answered.
 */
public final class Visitor {
  private static final Refusal NOT_IN_ROOM = Refusal.of(ErrorCode.NOT_IN_ROOM, "join a room first");

  private final Rooms rooms;
  private final Member member;
  private @Nullable Seat seat;

  public Visitor(Rooms rooms, Member member) {
    this.rooms = rooms;
    this.member = member;
  }

  /** The reply comes before any event of the room, and before anybody else hears of the join. */
  public void join(JoinCommand command, Consumer<Outcome<Joined>> reply) {
    if (inside().isPresent()) {
      reply.accept(
          Outcome.refused(
              Refusal.of(
                  ErrorCode.ALREADY_JOINED, "already in a room: leave it before joining again")));
      return;
    }
    switch (rooms.enter(command, member)) {
      case Outcome.Done<Seat>(Seat taken) -> {
        seat = taken;
        rooms.open(taken, reply);
      }
      case Outcome.Refused<Seat>(Refusal refusal) -> reply.accept(Outcome.refused(refusal));
    }
  }

  /**
   * As {@link #join}, but one who is in the room already keeps the place and the id: new media
   * replaces the old.
   */
  public void rejoin(JoinCommand command, Consumer<Outcome<Joined>> reply) {
    Optional<Seat> taken = inside();
    if (taken.isPresent() && taken.get().room().name.equals(command.room())) {
      Seat kept = rooms.comeBack(taken.get(), command);
      seat = kept;
      rooms.open(kept, reply);
    } else {
      taken.ifPresent(other -> leave(LeaveReason.LEFT));
      join(command, reply);
    }
  }

  /** Leaves the room, entered or being entered. */
  public Outcome<Boolean> leave(LeaveReason reason) {
    Optional<Seat> taken = inside();
    taken.ifPresent(known -> rooms.leave(known, reason));
    seat = null;
    return taken.isPresent() ? Outcome.done(true) : Outcome.refused(NOT_IN_ROOM);
  }

  public Outcome<Boolean> view(ViewWish wish) {
    Optional<Seat> taken = inside();
    taken.flatMap(known -> known.participant().media()).ifPresent(media -> media.view(wish));
    return taken.isPresent() ? Outcome.done(true) : Outcome.refused(NOT_IN_ROOM);
  }

  /** The reply carries the track's id, or nothing when there is no track in this section. */
  public void updateTrack(Request.TrackUpdate update, Consumer<Outcome<Optional<String>>> reply) {
    inside()
        .ifPresentOrElse(
            known -> rooms.tracks().update(known, update, reply),
            () -> reply.accept(Outcome.refused(NOT_IN_ROOM)));
  }

  public void negotiate(Request.Negotiate request, Consumer<Outcome<MediaSession.Answer>> reply) {
    inside()
        .ifPresentOrElse(
            known -> rooms.negotiate(known, request, reply),
            () -> reply.accept(Outcome.refused(NOT_IN_ROOM)));
  }

  public Outcome<Event.ChatMessage> chat(Request.ChatSend request) {
    return inside().map(known -> rooms.say(known, request)).orElse(Outcome.refused(NOT_IN_ROOM));
  }

  public Outcome<Boolean> data(Request.DataSend request) {
    return inside()
        .map(known -> Chat.pass(known.room(), known.participant(), request))
        .orElse(Outcome.refused(NOT_IN_ROOM));
  }

  public Outcome<Boolean> update(Request.ParticipantUpdate request) {
    return inside()
        .map(known -> {
          Participant self = known.participant();
          self.rename(request.displayName(), request.attributes());
          known.room().tellAll(new Event.ParticipantUpdated(self.info()));
          return Outcome.done(true);
        })
        .orElse(Outcome.refused(NOT_IN_ROOM));
  }

  public Outcome<Boolean> stats(Request.Stats request) {
    inside().ifPresent(known -> known.participant().stats(request.digest()));
    return inside().isPresent() ? Outcome.done(true) : Outcome.refused(NOT_IN_ROOM);
  }

  public Outcome<Boolean> moderate(Moderation request) {
    return inside()
        .map(known -> rooms.moderator().carryOut(known, request))
        .orElse(Outcome.refused(NOT_IN_ROOM));
  }

  private Optional<Seat> inside() {
    return Optional.ofNullable(seat).filter(Seat::isTaken);
  }
}
