package dev.parley.signaling.room;

import dev.parley.core.api.MediaSession;
import dev.parley.core.api.ViewWish;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Moderation;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import dev.parley.signaling.wire.TimerControl;
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
  private @Nullable Place place;

  public Visitor(Rooms rooms, Member member) {
    this.rooms = rooms;
    this.member = member;
  }

  /**
   * Enters a room, or waits before it. The reply comes before any event of the room, and before
   * anybody else hears of the join. Somebody inside without media gets new media.
   */
  public void join(JoinCommand command, Consumer<Outcome<Entry>> reply) {
    Optional<Seat> taken = inside();
    if (taken.isEmpty()) {
      enter(command, true, reply);
    } else if (isHere(taken.get(), command)
        && command.sdp().isPresent()
        && taken.get().participant().media().isEmpty()) {
      rejoin(command, reply);
    } else {
      reply.accept(
          Outcome.refused(
              Refusal.of(
                  ErrorCode.ALREADY_JOINED, "already in a room: leave it before joining again")));
    }
  }

  /** {@code isNew}: not of those who had a place in another room until now. */
  private void enter(JoinCommand command, boolean isNew, Consumer<Outcome<Entry>> reply) {
    waiting()
        .filter(known -> !known.room().name.equals(command.room()))
        .ifPresent(rooms::stopWaiting);
    switch (rooms.entrance().enter(command, member, isNew)) {
      case Outcome.Done<Arrival>(Seat taken) -> {
        inPlaceOf(null);
        seat = taken;
        rooms.entrance().open(taken, reply);
      }
      case Outcome.Done<Arrival>(Place taken) -> {
        inPlaceOf(taken);
        reply.accept(Outcome.done(new Queued(taken.first())));
      }
      case Outcome.Refused<Arrival>(Refusal refusal) -> reply.accept(Outcome.refused(refusal));
    }
    rooms.settle(command.room());
  }

  private void inPlaceOf(@Nullable Place next) {
    waiting().ifPresent(rooms::forget);
    place = next;
    if (seat != null && !seat.isTaken()) {
      seat = null;
    }
  }

  private static boolean isHere(Seat seat, JoinCommand command) {
    return seat.room().name.equals(command.room());
  }

  /**
   * As {@link #join}, but one who is in the room already keeps the place and the id: new media
   * replaces the old.
   */
  public void rejoin(JoinCommand command, Consumer<Outcome<Entry>> reply) {
    Optional<Seat> taken = inside();
    if (taken.isPresent() && isHere(taken.get(), command)) {
      Seat kept = rooms.entrance().comeBack(taken.get(), command);
      seat = kept;
      rooms.entrance().open(kept, reply);
    } else {
      taken.ifPresent(other -> rooms.leave(other, LeaveReason.LEFT));
      enter(command, taken.isEmpty(), reply);
    }
  }

  /** Whether an operator has asked it to go there. */
  public boolean isInvitedTo(String room) {
    return inside()
        .filter(taken -> taken.participant().isInvitedTo(room, rooms.nowMs()))
        .isPresent();
  }

  /**
   * Goes to another room with media and slots as they are. The one before is left when the new one
   * is entered; who has to wait waits in the room before.
   */
  public void switchRoom(JoinCommand command, Consumer<Outcome<Entry>> reply) {
    Optional<Seat> taken = inside();
    if (taken.isEmpty()) {
      reply.accept(Outcome.refused(NOT_IN_ROOM));
      return;
    }
    if (isHere(taken.get(), command)) {
      reply.accept(Outcome.refused(Refusal.of(ErrorCode.ALREADY_JOINED, "already in this room")));
      return;
    }
    waiting()
        .filter(known -> !known.room().name.equals(command.room()))
        .ifPresent(rooms::stopWaiting);
    switch (rooms.entrance().enter(command, member, false)) {
      case Outcome.Done<Arrival>(Seat next) ->
          rooms
              .entrance()
              .move(
                  taken.get(),
                  next,
                  outcome -> {
                    if (outcome instanceof Outcome.Done<Entry>) {
                      waiting().ifPresent(rooms::forget);
                      place = null;
                      seat = next;
                    }
                    reply.accept(outcome);
                  });
      case Outcome.Done<Arrival>(Place next) -> {
        waiting().ifPresent(rooms::forget);
        place = next;
        if (command.keys().invited()) {
          taken.get().participant().waitsWhereInvited();
        }
        reply.accept(Outcome.done(new Queued(next.first())));
      }
      case Outcome.Refused<Arrival>(Refusal refusal) -> reply.accept(Outcome.refused(refusal));
    }
    rooms.settle(command.room());
  }

  /**
   * Leaves the room, entered or being entered, and the queue. A place in the queue is kept for its
   * grace unless the reason is {@link LeaveReason#LEFT}.
   */
  public Outcome<Boolean> leave(LeaveReason reason) {
    Optional<Seat> taken = inside();
    Optional<Place> waited = waiting();
    place = null;
    seat = null;
    waited.ifPresent(known -> {
      if (reason == LeaveReason.LEFT) {
        rooms.stopWaiting(known);
      } else {
        rooms.away(known, true);
        rooms.forget(known);
      }
    });
    taken.ifPresent(known -> rooms.leave(known, reason));
    return taken.isPresent() || waited.isPresent()
        ? Outcome.done(true)
        : Outcome.refused(NOT_IN_ROOM);
  }

  /** The connection is lost for the moment, or there again. */
  public void away(boolean away) {
    waiting().ifPresent(known -> rooms.away(known, away));
  }

  private Optional<Place> waiting() {
    if (place == null && seat != null && !seat.isTaken()) {
      return seat.participant().waitsAgain();
    }
    return Optional.ofNullable(place);
  }

  public Outcome<Boolean> view(ViewWish wish) {
    Optional<Seat> taken = inside();
    taken.ifPresent(known -> known.participant().view(wish));
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
            known -> rooms.media().negotiate(known, request, reply),
            () -> reply.accept(Outcome.refused(NOT_IN_ROOM)));
  }

  /** New ICE credentials for the media connection. */
  public void restartIce(
      Request.IceRestart request, Consumer<Outcome<MediaSession.LocalIce>> reply) {
    inside()
        .ifPresentOrElse(
            known -> rooms.media().restartIce(known, request, reply),
            () -> reply.accept(Outcome.refused(NOT_IN_ROOM)));
  }

  public void candidates(Request.IceCandidates request, Consumer<Outcome<Boolean>> reply) {
    inside()
        .ifPresentOrElse(
            known -> rooms.media().candidates(known, request, reply),
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
    inside().ifPresent(known -> known.participant().stats(request.digest(), rooms.nowMs()));
    return inside().isPresent() ? Outcome.done(true) : Outcome.refused(NOT_IN_ROOM);
  }

  public Outcome<Boolean> moderate(Moderation request) {
    return inside()
        .map(known -> rooms.moderator().carryOut(known, request))
        .orElse(Outcome.refused(NOT_IN_ROOM));
  }

  /** Tells those who may extend the session. */
  public Outcome<Boolean> askForTime(Request.TimerAsk ask) {
    return inside()
        .map(known -> known.room().timekeeper().ask(known.participant(), ask, known.room().nowMs()))
        .orElse(Outcome.refused(NOT_IN_ROOM));
  }

  public Outcome<Boolean> timer(TimerControl request) {
    return inside()
        .map(known -> rooms.moderator().carryOut(known, request))
        .orElse(Outcome.refused(NOT_IN_ROOM));
  }

  private Optional<Seat> inside() {
    return Optional.ofNullable(seat).filter(Seat::isTaken);
  }
}
