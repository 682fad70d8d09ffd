package dev.parley.signaling.room;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.ViewWish;
import dev.parley.signaling.observe.CallCounters.JoinFailure;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.rules.Admission;
import dev.parley.signaling.rules.TicketView;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways into a room: who may come in, who has to wait, and what the media engine says to it. For
 * newcomers, for those who change the room and for those who come back. Room thread.
 */
final class Entrance {
  private static final Logger log = LoggerFactory.getLogger(Entrance.class);
  private static final long RETRY_MS = 5000;

  private final Rooms rooms;
  private final Rooms.Bounds bounds;
  private final Ids ids;
  private final Executor roomThread;
  private final SignalingCounters counters;
  private final Duplicates duplicates;

  Entrance(
      Rooms rooms,
      Rooms.Bounds bounds,
      Ids ids,
      Executor roomThread,
      Duplicates duplicates,
      SignalingCounters counters) {
    this.rooms = rooms;
    this.bounds = bounds;
    this.ids = ids;
    this.roomThread = roomThread;
    this.duplicates = duplicates;
    this.counters = counters;
  }

  /**
   * Takes a seat, invisible to others until {@link #open} succeeds, or a place in the queue. {@link
   * Rooms#settle(String)} is to follow the reply.
   *
   * @param isNew in no room yet: such a one may find the server full
   */
  Outcome<Arrival> enter(JoinCommand command, Member member, boolean isNew) {
    if (rooms.draining()) {
      return Outcome.refused(Refusal.of(ErrorCode.DRAINING, "the server is shutting down"));
    }
    try {
      return arrive(rooms.of(command.room()), command, member, isNew);
    } catch (MediaException refused) {
      return Outcome.refused(Refusal.of(refused));
    }
  }

  private Outcome<Arrival> arrive(Room room, JoinCommand command, Member member, boolean isNew) {
    Optional<Refusal> barred = barred(room, command);
    if (barred.isPresent()) {
      return Outcome.refused(barred.get());
    }
    if (duplicates.forbid(room, command)) {
      return Outcome.refused(Duplicates.REFUSAL);
    }
    int leaving = duplicates.leaving(room, command);
    if (room.size() - leaving >= bounds.roomSize()) {
      return Outcome.refused(
          Refusal.retryAfter(
              ErrorCode.ROOM_FULL,
              "the room is full: it takes " + bounds.roomSize() + " participants",
              RETRY_MS));
    }
    if (isNew && leaving == 0 && !room.door().knows(command.identity())) {
      Optional<MediaException> full = room.media().full();
      if (full.isPresent()) {
        return Outcome.refused(Refusal.of(full.get()));
      }
    }
    String id = ids.participant();
    if (leaving > 0) {
      // The seat is the same person's: it changes hands when the join is through.
      return Outcome.done(sit(room, id, command, member));
    }
    long nowMs = rooms.nowMs();
    return switch (room.door().arrive(id, command, member, nowMs)) {
      case Admission.Entry.Seated() -> Outcome.done(sit(room, id, command, member));
      case Admission.Entry.Queued(TicketView ticket) -> {
        LogLine.event("queue.joined")
            .with("room", room.name)
            .with("identity", command.identity())
            .with("ticket", ticket.ticketId())
            .with("waiting", room.door().length())
            .info(log);
        if (ticket.joinedAtMs() == nowMs) {
          // Else it is back at its place.
          room.report(
              RoomEvent.Type.QUEUE_JOINED,
              Map.of("ticketId", ticket.ticketId(), "identity", command.identity()));
        }
        yield Outcome.done(new Place(room, id, room.door().update(ticket)));
      }
      case Admission.Entry.Refused(Refusal refusal) -> Outcome.refused(refusal);
    };
  }

  /** Why somebody may not even wait to come in. */
  private Optional<Refusal> barred(Room room, JoinCommand command) {
    long bannedMs = room.bannedMs(command.identity(), rooms.nowMs());
    if (bannedMs > 0) {
      return Optional.of(
          Refusal.retryAfter(ErrorCode.BANNED, "a moderator has removed you", bannedMs));
    }
    if (command.keys().invited()) {
      return Optional.empty();
    }
    Optional<String> password = room.settings().password();
    if (password.isPresent()
        && !command.grants().role().leads()
        && !isSame(password.get(), command.keys().password().orElse(""))) {
      return Optional.of(
          Refusal.of(ErrorCode.WRONG_PASSWORD, "the room asks for a password, and this is not it"));
    }
    if (room.locked() && !command.grants().role().leads()) {
      return Optional.of(
          Refusal.retryAfter(ErrorCode.ROOM_LOCKED, "a moderator has locked the room", RETRY_MS));
    }
    return Optional.empty();
  }

  /** In a time that tells nothing of where they differ. */
  private static boolean isSame(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private Seat sit(Room room, String id, JoinCommand command, Member member) {
    Seat seat = new Seat(room, new Participant(id, command, member, counters.calls()));
    room.add(seat.participant());
    rooms.counted(1);
    return seat;
  }

  /** A participant whose page was loaded again: the old media ends, the place stays. */
  Seat comeBack(Seat seat, JoinCommand command) {
    Participant before = seat.participant();
    for (Participant.Track track : before.tracks()) {
      PublishedTracks.tellUnpublished(seat, track, "replaced");
    }
    before.media().ifPresent(MediaSession::close);
    Participant after = before.returning(command);
    before.gone();
    seat.room().replace(after);
    return new Seat(seat.room(), after);
  }

  void open(Seat seat, Consumer<Outcome<Entry>> reply) {
    JoinCommand command = seat.participant().command;
    if (command.sdp().isEmpty()) {
      admit(seat, Optional.empty(), reply);
      return;
    }
    seat.participant().steps().offered(rooms.nowNanos());
    List<Participant.Track> offered = new ArrayList<>();
    for (Request.TrackOffer track : command.tracks()) {
      offered.add(
          new Participant.Track(
              ids.track(), track.mid(), track.source(), track.muted(), track.label(), 0, 0));
    }
    List<MediaRoom.TrackPublication> publications =
        offered.stream().map(PublishedTracks::publication).toList();
    MediaOutcome.of(
        () ->
            seat.room()
                .media()
                .join(
                    new MediaRoom.JoinOffer(
                        seat.participant().id, command.sdp().get(), publications),
                    new MediaReports(seat, rooms, roomThread)),
        roomThread,
        outcome -> answered(seat, offered, outcome, reply));
  }

  private void answered(
      Seat seat,
      List<Participant.Track> offered,
      Outcome<MediaSession> outcome,
      Consumer<Outcome<Entry>> reply) {
    switch (outcome) {
      case Outcome.Refused<MediaSession>(Refusal refusal) -> turnAway(seat, refusal, reply);
      case Outcome.Done<MediaSession>(MediaSession media) -> {
        Optional<Refusal> refusal = objection(seat, media);
        if (refusal.isPresent()) {
          media.close();
          turnAway(seat, refusal.get(), reply);
          return;
        }
        Participant participant = seat.participant();
        participant.steps().answered(rooms.nowNanos());
        participant.media(media);
        for (Participant.Track track : offered) {
          if (sends(media.answer(), track.mid())) {
            participant.put(track);
          }
        }
        participant.view().ifPresent(media::view);
        admit(seat, Optional.of(media.answer()), reply);
        participant
            .mediaClosedEarly()
            .ifPresent(reason -> new MediaReports(seat, rooms, roomThread).closed(reason));
      }
    }
  }

  /** Who had a place before keeps it, without media. */
  private void turnAway(Seat seat, Refusal refusal, Consumer<Outcome<Entry>> reply) {
    Participant participant = seat.participant();
    participant.steps().ended(seat.isTaken() ? JoinFailure.REFUSED : JoinFailure.CLOSED);
    if (participant.isReturning()) {
      reply.accept(Outcome.refused(refusal));
      participant.enter();
      seat.room().tellOthers(participant, new Event.ParticipantUpdated(participant.info()));
    } else {
      rooms.leave(seat, LeaveReason.LEFT);
      reply.accept(Outcome.refused(refusal));
    }
  }

  /** Why a participant whose offer was answered may still not come in. */
  private Optional<Refusal> objection(Seat seat, MediaSession media) {
    if (!seat.isTaken()) {
      return Optional.of(
          Refusal.of(ErrorCode.ROOM_ENDED, "the room or the connection ended during the join"));
    }
    if (slots(media.answer(), MediaKind.AUDIO) > bounds.audioSlots()
        || slots(media.answer(), MediaKind.VIDEO) > bounds.videoSlots()) {
      return Optional.of(
          Refusal.of(
              ErrorCode.SLOT_LIMIT,
              "at most %d audio and %d video sections can receive"
                  .formatted(bounds.audioSlots(), bounds.videoSlots())));
    }
    return Optional.empty();
  }

  private void admit(
      Seat seat, Optional<MediaSession.Answer> answer, Consumer<Outcome<Entry>> reply) {
    Participant participant = seat.participant();
    Room room = seat.room();
    boolean returning = participant.isReturning();
    for (Participant other : duplicates.replaced(room, participant)) {
      rooms.expel(new Seat(room, other), LeaveReason.REPLACED, "");
    }
    if (!returning) {
      counters.joined();
    }
    Rooms.line(returning ? "rejoin" : "join", seat)
        .with("identity", participant.command.identity())
        .with("role", participant.role().wireName())
        .with("media", answer.isPresent())
        .with("participants", room.size())
        .info(log);
    if (!returning) {
      room.report(
          RoomEvent.Type.PARTICIPANT_JOINED,
          Map.of(
              "participantId", participant.id,
              "identity", participant.command.identity(),
              "displayName", participant.displayName(),
              "role", participant.role().wireName()));
      room.timekeeper().entered(participant, rooms.nowMs());
    }
    Event.ParticipantInfo self = participant.info();
    reply.accept(
        Outcome.done(
            new Joined(
                room.id,
                room.name,
                room.locked(),
                self,
                participant.grants().permissions(),
                room.others(participant),
                room.chat.history(),
                room.timekeeper().view(participant, rooms.nowMs()),
                answer)));
    participant.enter();
    room.qualities.all().map(EventFrame::of).ifPresent(participant::deliver);
    room.door().admission().moderators(room.moderators().size(), rooms.nowMs());
    if (participant.grants().moderate()) {
      room.door().list(rooms.nowMs()).map(EventFrame::of).ifPresent(participant::deliver);
    }
    room.tellOthers(
        participant,
        returning ? new Event.ParticipantUpdated(self) : new Event.ParticipantJoined(self));
    rooms.settle(room);
  }

  /** The connection of one seat goes over to another, whose room becomes the only one. */
  void move(Seat from, Seat to, Consumer<Outcome<Entry>> reply) {
    Participant before = from.participant();
    Optional<MediaSession> media = before.media();
    if (media.isEmpty()) {
      rooms.leave(from, LeaveReason.SWITCHED);
      admit(to, Optional.empty(), reply);
      return;
    }
    List<MediaRoom.TrackPublication> publications =
        before.tracks().stream().map(PublishedTracks::publication).toList();
    MediaOutcome.of(
        () ->
            to.room()
                .media()
                .adopt(
                    media.get(),
                    to.participant().id,
                    publications,
                    new MediaReports(to, rooms, roomThread)),
        roomThread,
        outcome -> moved(from, to, outcome, reply));
  }

  private void moved(
      Seat from, Seat to, Outcome<MediaSession> outcome, Consumer<Outcome<Entry>> reply) {
    switch (outcome) {
      case Outcome.Refused<MediaSession>(Refusal refusal) -> turnAway(to, refusal, reply);
      case Outcome.Done<MediaSession>(MediaSession media) -> {
        Participant before = from.participant();
        List<Participant.Track> tracks = before.tracks();
        before.forgetMedia();
        to.participant().stepsOf(before);
        rooms.leave(from, LeaveReason.SWITCHED);
        Optional<Refusal> refusal = objection(to, media);
        if (refusal.isPresent()) {
          media.close();
          turnAway(to, refusal.get(), reply);
          return;
        }
        to.participant().media(media);
        before.view().map(ViewWish::elsewhere).ifPresent(to.participant()::view);
        tracks.forEach(to.participant()::put);
        admit(to, Optional.of(media.answer()), reply);
        to.participant()
            .mediaClosedEarly()
            .ifPresent(reason -> new MediaReports(to, rooms, roomThread).closed(reason));
      }
    }
  }

  private static boolean sends(MediaSession.Answer answer, String mid) {
    return answer.sections().stream()
        .anyMatch(section ->
            section.mid().equals(mid) && section.direction() == MediaSession.Direction.SEND);
  }

  private static long slots(MediaSession.Answer answer, MediaKind kind) {
    return answer.sections().stream()
        .filter(section ->
            section.kind() == kind && section.direction() == MediaSession.Direction.RECEIVE)
        .count();
  }
}
