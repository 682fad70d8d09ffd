package dev.parley.signaling.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.FakeMediaServer;
import dev.parley.signaling.config.OnDuplicate;
import dev.parley.signaling.config.RoomConfig;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.token.Grants;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Moderation;
import dev.parley.signaling.wire.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What an operator does to rooms, by a hand-driven clock. */
final class OperatorRoomsTest {
  private static final int KEEP_SEC = 60;

  private long nowMs = 1_000_000;
  private long alarmMs;
  private final FakeMediaServer media = new FakeMediaServer();
  private final Rooms rooms = rooms();
  private final OperatorRooms operator = new OperatorRooms(rooms);
  private final List<String> told = new ArrayList<>();

  private Rooms rooms() {
    return new Rooms(
        media,
        Runnable::run,
        new Ids(new Random(1)),
        new Rooms.Bounds(10, 3, 9, OnDuplicate.ALLOW),
        () -> Instant.ofEpochMilli(nowMs),
        RoomConfig.OPEN,
        atMs -> alarmMs = atMs,
        new SignalingCounters());
  }

  /** Somebody's connection, which remembers how it ended. */
  private static final class Connection implements Member {
    private Optional<CloseCode> ended = Optional.empty();

    @Override
    public void deliver(EventFrame event) {}

    @Override
    public void end(CloseCode code, LeaveReason reason, String words) {
      ended = Optional.of(code);
    }
  }

  private Visitor visitor(Connection connection, String room, Role role) {
    Visitor visitor = new Visitor(rooms, connection);
    visitor.join(
        new JoinCommand(
            "se_1",
            room,
            "ann",
            "Ann",
            Map.of(),
            Grants.of(role),
            Optional.empty(),
            List.of(),
            true,
            Optional.empty(),
            JoinCommand.Keys.NONE),
        outcome -> assertInstanceOf(Outcome.Done.class, outcome));
    return visitor;
  }

  private static <T> T done(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> value;
      case Outcome.Refused<T>(var refusal) -> throw new AssertionError(refusal);
    };
  }

  private static ErrorCode code(Outcome<?> outcome) {
    return assertInstanceOf(Outcome.Refused.class, outcome).refusal().code();
  }

  private void create(String name) {
    assertTrue(done(operator.create(name, base -> base, KEEP_SEC)).isPresent());
  }

  /** As the alarm would. */
  private void passUntil(long atMs) {
    nowMs = atMs;
    rooms.handleTimeout();
  }

  @Test
  void shouldCloseARoomThatNobodyUsed() {
    create("r");
    assertEquals(nowMs + KEEP_SEC * 1000, alarmMs);
    passUntil(alarmMs - 1);
    assertEquals(1, rooms.openRooms());
    passUntil(alarmMs);
    assertEquals(0, rooms.openRooms());
    assertTrue(media.lastRoom().closed);
  }

  @Test
  void shouldKeepARoomForAsLongAgainAfterItsLastVisitor() {
    create("r");
    Visitor ann = visitor(new Connection(), "r", Role.PARTICIPANT);
    passUntil(nowMs + 10 * KEEP_SEC * 1000);
    assertEquals(1, rooms.openRooms());
    ann.leave(LeaveReason.LEFT);
    assertEquals(1, rooms.openRooms());
    assertEquals(nowMs + KEEP_SEC * 1000, alarmMs);
    passUntil(alarmMs);
    assertEquals(0, rooms.openRooms());
  }

  @Test
  void shouldKeepARoomOverARestart() {
    create("r");
    List<SavedRoom> saved = rooms.save();
    Rooms next = rooms();
    next.restore(saved);
    assertEquals(1, next.openRooms());
    nowMs += KEEP_SEC * 1000;
    next.handleTimeout();
    assertEquals(0, next.openRooms());
  }

  @Test
  void shouldEndARoomWithAndWithoutPeople() {
    create("r");
    create("s");
    Connection ann = new Connection();
    visitor(ann, "s", Role.HOST);
    for (String name : List.of("r", "s")) {
      assertTrue(done(operator.moderate(name, "ops", new Moderation.End("late"))));
    }
    assertEquals(0, rooms.openRooms());
    assertEquals(Optional.of(CloseCode.ROOM_ENDED), ann.ended);
  }

  /** A ban outlives the time for which the room is kept: nothing is due until it ends. */
  @Test
  void shouldRestWhileOnlyABanKeepsTheRoom() {
    create("r");
    Connection ann = new Connection();
    visitor(ann, "r", Role.PARTICIPANT);
    String id = String.valueOf(done(operator.participants("r")).getFirst().get("id"));
    int banSec = 2 * KEEP_SEC;
    assertTrue(done(operator.moderate("r", "ops", new Moderation.Kick(id, banSec, ""))));
    passUntil(nowMs + KEEP_SEC * 1000L);
    assertEquals(1, rooms.openRooms());
    assertTrue(alarmMs > nowMs, "or it would be asked again at once");
  }

  @Test
  void shouldCloseKeptRoomsWithTheServer() {
    create("r");
    rooms.close();
    assertEquals(0, rooms.openRooms());
    rooms.resume();
    assertTrue(rooms.draining());
  }

  @Test
  void shouldNotOpenAnEchoRoomNorOneThatIsOpen() {
    assertEquals(ErrorCode.BAD_REQUEST, code(operator.create("echo-1", base -> base, KEEP_SEC)));
    create("r");
    assertTrue(done(operator.create("r", base -> base, KEEP_SEC)).isEmpty());
    rooms.drain();
    assertEquals(ErrorCode.DRAINING, code(operator.create("s", base -> base, KEEP_SEC)));
    rooms.resume();
    create("s");
  }

  @Test
  void shouldChangeNothingWhenSomethingIsWrong() {
    create("r");
    RoomView before = done(operator.get("r"));
    assertEquals(
        ErrorCode.BAD_REQUEST,
        code(
            operator.change(
                "r",
                "",
                OptionalLong.empty(),
                base -> RoomSettings.CONSULTATION,
                Optional.of(true))));
    assertEquals(
        ErrorCode.STALE_GENERATION,
        code(
            operator.change(
                "r", "", OptionalLong.of(before.revision() + 1), base -> base, Optional.of(true))));
    assertEquals(before, done(operator.get("r")));
    assertTrue(
        done(operator.change(
                "r",
                before.roomId(),
                OptionalLong.of(before.revision()),
                base -> base,
                Optional.of(true)))
            .locked());
  }

  @Test
  void shouldRemoveAHostAsAHostMay() {
    create("r");
    Connection ann = new Connection();
    visitor(ann, "r", Role.HOST);
    String id = String.valueOf(done(operator.participants("r")).getFirst().get("id"));
    assertTrue(done(operator.moderate("r", "ops", new Moderation.Kick(id, 0, ""))));
    assertEquals(Optional.of(CloseCode.KICKED), ann.ended);
    assertEquals(
        ErrorCode.NOT_IN_ROOM, code(operator.moderate("r", "ops", new Moderation.Kick(id, 0, ""))));
  }

  @Test
  void shouldTellListenersInOrderAndStandOneThatFails() {
    Runnable broken =
        rooms.listen(event -> {
          throw new IllegalStateException("a listener of the tests");
        });
    Runnable ending = rooms.listen(event -> told.add(event.type().wireName()));
    create("r");
    Visitor ann = visitor(new Connection(), "r", Role.HOST);
    ann.leave(LeaveReason.LEFT);
    done(operator.moderate("r", "ops", new Moderation.Lock(true)));
    done(operator.moderate("r", "ops", new Moderation.End("")));
    assertEquals(
        List.of(
            "room.opened",
            "participant.joined",
            "participant.left",
            "moderation",
            "moderation",
            "room.closed"),
        told);
    ending.run();
    broken.run();
    create("r");
    assertFalse(told.size() > 6);
  }
}
