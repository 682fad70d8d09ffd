package dev.parley.signaling.room;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaSession;
import dev.parley.signaling.rules.EchoRooms;
import dev.parley.signaling.rules.InvalidSetting;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.rules.TicketView;
import dev.parley.signaling.rules.TimerView;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.Moderation;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.TimerControl;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What an operator does to rooms: all that a host may, in rooms with nobody inside as well. Room
 * thread.
 */
public final class OperatorRooms {
  private static final Refusal ECHO =
      Refusal.badField(
          "room", "a name that does not begin with " + EchoRooms.PREFIX + ": those are for checks");

  /** Somebody who is asked to go elsewhere and is away has this long. */
  private static final long INVITED_MS = 60_000;

  private final Rooms rooms;

  public OperatorRooms(Rooms rooms) {
    this.rooms = rooms;
  }

  public List<RoomView> list() {
    return rooms.all().stream().map(RoomView::of).toList();
  }

  public Outcome<RoomView> get(String name) {
    return in(name, room -> Outcome.done(RoomView.of(room)));
  }

  /**
   * Opens a room for those who will come.
   *
   * @param settings of it, from those that the configuration has for the name
   * @param keepSec how long it stays open while nobody uses it
   * @return the room; empty when one of this name is open already
   */
  public Outcome<Optional<RoomView>> create(
      String name, UnaryOperator<RoomSettings> settings, int keepSec) {
    if (EchoRooms.isOne(name)) {
      return Outcome.refused(ECHO);
    }
    RoomSettings wanted;
    try {
      wanted = settings.apply(rooms.usual(name));
    } catch (IllegalArgumentException invalid) {
      return Outcome.refused(invalid(invalid));
    }
    if (rooms.draining()) {
      return Outcome.refused(Refusal.of(ErrorCode.DRAINING, "the server is shutting down"));
    }
    if (rooms.find(name).isPresent()) {
      return Outcome.done(Optional.empty());
    }
    try {
      return Outcome.done(Optional.of(RoomView.of(rooms.create(name, wanted, keepSec))));
    } catch (MediaException refused) {
      return Outcome.refused(Refusal.of(refused));
    }
  }

  /**
   * Changes the settings and the lock, if they are as the caller saw them. Nothing is changed when
   * anything is wrong.
   *
   * @param roomId of the room that the caller saw; empty: any
   * @param revision the one that the caller saw; empty: any
   */
  public Outcome<RoomView> change(
      String name,
      String roomId,
      OptionalLong revision,
      UnaryOperator<RoomSettings> settings,
      Optional<Boolean> locked) {
    return in(
        name,
        room -> {
          if ((!roomId.isEmpty() && !roomId.equals(room.id))
              || (revision.isPresent() && revision.getAsLong() != room.revision())) {
            return Outcome.refused(
                Refusal.of(
                    ErrorCode.STALE_GENERATION, "the room has changed meanwhile: get it again"));
          }
          return change(room, settings, locked);
        });
  }

  private Outcome<RoomView> change(
      Room room, UnaryOperator<RoomSettings> settings, Optional<Boolean> locked) {
    RoomSettings before = room.settings();
    RoomSettings after;
    try {
      after = settings.apply(before);
    } catch (IllegalArgumentException invalid) {
      return Outcome.refused(invalid(invalid));
    }
    if (EchoRooms.isOne(room.name)) {
      return Outcome.refused(ECHO);
    }
    if (!after.timer().equals(before.timer()) || after.guestSlotSec() != before.guestSlotSec()) {
      return Outcome.refused(
          Refusal.badField(
              "settings.timer", "timer and guestSlotSec as they were when the room was opened"));
    }
    if (!after.equals(before)) {
      room.settings(after);
    }
    locked.ifPresent(room::lock);
    room.report(RoomEvent.Type.ROOM_CHANGED, Map.of("revision", Long.toString(room.revision())));
    rooms.settle(room);
    return Outcome.done(RoomView.of(room));
  }

  private static Refusal invalid(IllegalArgumentException invalid) {
    return invalid instanceof InvalidSetting setting
        ? Refusal.badField("settings." + setting.field(), setting.expected())
        : Refusal.of(ErrorCode.BAD_REQUEST, "settings." + invalid.getMessage());
  }

  /**
   * What a host could ask for.
   *
   * @param by the operator's name, for the log and for listeners
   */
  public Outcome<Boolean> moderate(String name, String by, Moderation request) {
    return in(
        name,
        room ->
            missing(room, request)
                .<Outcome<Boolean>>map(Outcome::refused)
                .orElseGet(() ->
                    rooms.moderator().carryOut(new Moderator.Authority(room, by, true), request)));
  }

  private static Optional<Refusal> missing(Room room, Moderation request) {
    return switch (request) {
      case Moderation.Mute(String id, var _) -> missing(room, id);
      case Moderation.Kick(String id, var _, var _) -> missing(room, id);
      case Moderation.ChangeRole(String id, var _) -> missing(room, id);
      case Moderation.ToQueue(String id, var _) -> missing(room, id);
      case Moderation.MuteAll _,
          Moderation.Lock _,
          Moderation.End _,
          Moderation.Admit _,
          Moderation.Deny _,
          Moderation.Hold _,
          Moderation.Reorder _ ->
          Optional.empty();
    };
  }

  private static Optional<Refusal> missing(Room room, String participantId) {
    return room.inside(participantId).isPresent()
        ? Optional.empty()
        : Optional.of(nobody(participantId));
  }

  private static Refusal nobody(String participantId) {
    return Refusal.of(ErrorCode.NOT_IN_ROOM, "nobody in the room has the id " + participantId);
  }

  /**
   * Asks a client to switch to another room, whose lock and password do not count for it then. A
   * queue there does: it waits where it is until it is let in.
   *
   * @param to opened when it is not
   * @param text what the client is told; may be empty
   */
  public Outcome<Boolean> move(String name, String by, String id, String to, String text) {
    return in(
        name,
        room -> {
          if (EchoRooms.isOne(room.name) || EchoRooms.isOne(to)) {
            return Outcome.refused(ECHO);
          }
          if (to.equals(name)) {
            return Outcome.refused(
                Refusal.badField("room", "another room than the one that it is in"));
          }
          Optional<Participant> target = room.inside(id);
          if (target.isEmpty()) {
            return Outcome.refused(nobody(id));
          }
          if (!target.get().command.staysWithoutMedia()) {
            return Outcome.refused(
                Refusal.of(
                    ErrorCode.FORBIDDEN, "a WHIP or WHEP client has no way to change the room"));
          }
          target.get().invite(to, text, room.nowMs() + INVITED_MS);
          rooms
              .moderator()
              .report(new Moderator.Authority(room, by, true), "participant.move", true);
          return Outcome.done(true);
        });
  }

  /** Tells everybody inside something, in plain text. */
  public Outcome<Boolean> announce(String name, String text) {
    return in(
        name,
        room -> {
          room.tellAll(new Event.ServerNotice("info", "none", text));
          return Outcome.done(true);
        });
  }

  /** As {@code id}, {@code identity}, {@code tracks} and so on. */
  public Outcome<List<Map<String, Object>>> participants(String name) {
    return in(
        name, room -> Outcome.done(room.participants().stream().map(RoomSnapshot::of).toList()));
  }

  /**
   * Somebody inside.
   *
   * @param clientStats what its client said last of its own side, as JSON text
   */
  public record Person(
      String room,
      String roomId,
      String participantId,
      String identity,
      String displayName,
      String role,
      Optional<String> clientStats) {}

  /** Everybody inside rooms, but for those of connection checks. */
  public List<Person> people() {
    return rooms.all().stream()
        .filter(room -> !EchoRooms.isOne(room.name))
        .flatMap(room ->
            room.participants().stream()
                .filter(Participant::isVisible)
                .map(known -> person(room, known)))
        .toList();
  }

  /** Somebody inside. */
  public Outcome<Person> person(String name, String id) {
    return in(
        name,
        room ->
            room.inside(id)
                .<Outcome<Person>>map(known -> Outcome.done(person(room, known)))
                .orElseGet(() -> Outcome.refused(nobody(id))));
  }

  private static Person person(Room room, Participant known) {
    return new Person(
        room.name,
        room.id,
        known.id,
        known.command.identity(),
        known.displayName(),
        known.role().wireName(),
        known.freshStats(room.nowMs()));
  }

  /** One participant, with its media connection if it has one. */
  public record Visit(Map<String, Object> participant, Optional<MediaSession> media) {}

  public Outcome<Visit> participant(String name, String id) {
    return in(
        name,
        room ->
            room.participants().stream()
                .filter(known -> known.id.equals(id))
                .findFirst()
                .<Outcome<Visit>>map(
                    known -> Outcome.done(new Visit(RoomSnapshot.of(known), known.media())))
                .orElseGet(() -> Outcome.refused(nobody(id))));
  }

  /** Who waits, in order. */
  public Outcome<List<TicketView>> queue(String name) {
    return in(name, room -> Outcome.done(tickets(room)));
  }

  private static List<TicketView> tickets(Room room) {
    return room.door().admission().tickets(room.nowMs());
  }

  /** Gives no new tickets, or does again; who waits goes on waiting and being admitted. */
  public Outcome<Boolean> closeQueue(String name, boolean closed) {
    return in(
        name,
        room -> {
          room.door().admission().closed(closed);
          room.report(RoomEvent.Type.ROOM_CHANGED, Map.of("queueClosed", Boolean.toString(closed)));
          rooms.settle(room);
          return Outcome.done(true);
        });
  }

  public Outcome<TimerView> timer(String name) {
    return in(name, room -> Outcome.done(room.timekeeper().timer().view(room.nowMs())));
  }

  public Outcome<TimerView> timer(String name, String by, TimerControl request) {
    return in(
        name,
        room ->
            switch (rooms.moderator().carryOut(new Moderator.Authority(room, by, true), request)) {
              case Outcome.Done<Boolean> _ -> timer(name);
              case Outcome.Refused<Boolean>(Refusal refusal) -> Outcome.refused(refusal);
            });
  }

  /** The session ends as if its time were up. */
  public Outcome<TimerView> stopTimer(String name, String by) {
    return in(
        name,
        room -> {
          if (EchoRooms.isOne(room.name)) {
            return Outcome.refused(Moderator.FIXED_TIME);
          }
          Optional<Refusal> refusal = room.timekeeper().timer().stop(room.nowMs());
          if (refusal.isPresent()) {
            return Outcome.refused(refusal.get());
          }
          TimerView stopped = room.timekeeper().timer().view(room.nowMs());
          rooms.moderator().report(new Moderator.Authority(room, by, true), "timer.stop", true);
          rooms.settle(room);
          return Outcome.done(stopped);
        });
  }

  private <T> Outcome<T> in(String name, Function<Room, Outcome<T>> action) {
    return rooms
        .find(name)
        .map(action)
        .orElseGet(() ->
            Outcome.refused(Refusal.of(ErrorCode.ROOM_NOT_FOUND, "no room is open as " + name)));
  }
}
