package dev.parley.signaling.room;

import dev.parley.core.api.MediaSession;
import dev.parley.core.api.TrackSource;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.rules.EchoRooms;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Moderation;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import dev.parley.signaling.wire.Role;
import dev.parley.signaling.wire.TimerControl;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what moderators ask for. Room thread. */
final class Moderator {
  private static final Logger log = LoggerFactory.getLogger(Moderator.class);

  static final Refusal NO_MODERATOR =
      Refusal.of(ErrorCode.FORBIDDEN, "only a moderator may do this");

  static final Refusal FIXED_TIME =
      Refusal.of(ErrorCode.FORBIDDEN, "a connection check ends when its time is up");

  private final Rooms rooms;

  Moderator(Rooms rooms) {
    this.rooms = rooms;
  }

  /**
   * In whose name something is asked for.
   *
   * @param host may do to hosts what only a host may
   */
  record Authority(Room room, String name, boolean host) {
    private static Authority of(Seat seat) {
      Participant participant = seat.participant();
      return new Authority(
          seat.room(), participant.command.identity(), participant.role() == Role.HOST);
    }
  }

  Outcome<Boolean> carryOut(Seat by, Moderation request) {
    return by.participant().grants().moderate()
        ? carryOut(Authority.of(by), request)
        : Outcome.refused(NO_MODERATOR);
  }

  Outcome<Boolean> carryOut(Authority by, Moderation request) {
    Room room = by.room();
    Outcome<Boolean> outcome =
        switch (request) {
          case Moderation.Mute(String id, var source) ->
              with(room, id, target -> mute(room, target, source));
          case Moderation.MuteAll(var source) -> {
            for (Participant participant : room.participants()) {
              if (!participant.grants().moderate()) {
                mute(room, participant, source);
              }
            }
            yield Outcome.done(true);
          }
          case Moderation.Kick kick -> kick(by, kick);
          case Moderation.Lock(boolean locked) -> {
            room.lock(locked);
            yield Outcome.done(true);
          }
          case Moderation.ChangeRole(String id, Role role) -> changeRole(by, id, role);
          case Moderation.End(String reason) -> {
            rooms.end(room, LeaveReason.ROOM_ENDED, reason);
            yield Outcome.done(true);
          }
          case Moderation.Admit(Moderation.Admit.Who who) -> room.door().admit(who, room.nowMs());
          case Moderation.Deny deny -> room.door().deny(deny, room.nowMs());
          case Moderation.Hold hold -> room.door().hold(hold, room.nowMs());
          case Moderation.Reorder reorder -> room.door().reorder(reorder, room.nowMs());
          case Moderation.ToQueue(String id, boolean head) ->
              with(room, id, target -> rooms.toQueue(new Seat(room, target), head));
        };
    return done(by, request, outcome);
  }

  Outcome<Boolean> carryOut(Seat by, TimerControl request) {
    return by.participant().grants().moderate()
        ? carryOut(Authority.of(by), request)
        : Outcome.refused(NO_MODERATOR);
  }

  Outcome<Boolean> carryOut(Authority by, TimerControl request) {
    if (EchoRooms.isOne(by.room().name)) {
      return Outcome.refused(FIXED_TIME);
    }
    return done(by, request, by.room().timekeeper().control(request, by.room().nowMs()));
  }

  private Outcome<Boolean> done(Authority by, Request request, Outcome<Boolean> outcome) {
    report(by, request.type(), outcome instanceof Outcome.Done);
    rooms.settle(by.room());
    return outcome;
  }

  /** For the log and for listeners. */
  void report(Authority by, String request, boolean done) {
    LogLine.event("moderation")
        .with("room", by.room().name)
        .with("by", by.name())
        .with("request", request)
        .with("done", done)
        .info(log);
    by.room()
        .report(
            RoomEvent.Type.MODERATION,
            Map.of("by", by.name(), "request", request, "done", Boolean.toString(done)));
  }

  private static Outcome<Boolean> with(
      Room room, String id, java.util.function.Consumer<Participant> action) {
    Optional<Participant> target = room.inside(id);
    if (target.isEmpty()) {
      return Outcome.refused(Room.nobody(id));
    }
    action.accept(target.get());
    return Outcome.done(true);
  }

  private static void mute(Room room, Participant target, Optional<TrackSource> source) {
    Optional<MediaSession> media = target.media();
    for (Participant.Track track : target.tracks()) {
      if (!track.muted() && source.map(wanted -> wanted == track.source()).orElse(true)) {
        target.put(track.muted(true));
        media.ifPresent(session -> session.mute(track.trackId(), true));
        room.tellAll(new Event.TrackMuted(target.id, track.trackId(), true));
      }
    }
  }

  private Outcome<Boolean> kick(Authority by, Moderation.Kick kick) {
    Optional<Participant> target = by.room().inside(kick.participantId());
    if (target.isEmpty()) {
      return Outcome.refused(Room.nobody(kick.participantId()));
    }
    Participant kicked = target.get();
    if (kicked.role() == Role.HOST && !by.host()) {
      return Outcome.refused(Refusal.of(ErrorCode.FORBIDDEN, "only a host may remove a host"));
    }
    if (kick.banSec() > 0) {
      kicked.leaveCause("banned");
      by.room().ban(kicked.command.identity(), rooms.nowMs() + kick.banSec() * 1000L);
    }
    rooms.expel(new Seat(by.room(), kicked), LeaveReason.KICKED, kick.reason());
    return Outcome.done(true);
  }

  private static Outcome<Boolean> changeRole(Authority by, String id, Role role) {
    Room room = by.room();
    Optional<Participant> target = room.inside(id);
    if (target.isEmpty()) {
      return Outcome.refused(Room.nobody(id));
    }
    boolean concernsHosts = role == Role.HOST || target.get().role() == Role.HOST;
    if (concernsHosts && !by.host()) {
      return Outcome.refused(Refusal.of(ErrorCode.FORBIDDEN, "only a host may make or unmake one"));
    }
    Participant changed = target.get();
    changed.role(role);
    room.recount();
    if (!changed.grants().publish().isEmpty()) {
      room.tellAll(new Event.ParticipantUpdated(changed.info()));
      return Outcome.done(true);
    }
    for (Participant.Track track : changed.tracks()) {
      changed.removeTrack(track.mid());
      changed.media().ifPresent(media -> media.unpublish(track.trackId()));
      room.tellAll(new Event.TrackUnpublished(changed.id, track.trackId(), "forbidden"));
    }
    room.tellAll(new Event.ParticipantUpdated(changed.info()));
    return Outcome.done(true);
  }
}
