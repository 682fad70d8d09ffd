package dev.parley.signaling.whip;

import dev.parley.signaling.room.Member;
import dev.parley.signaling.room.Rooms;
import dev.parley.signaling.room.Visitor;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import java.util.function.Consumer;

/**
 * One WHIP or WHEP session: a member of a room that hears no events. Room thread, except the fields
 * that do not change.
 */
final class Resource implements Member {
  final String id;
  final String room;
  final String identity;
  final String etag;
  private final Visitor visitor;
  private final Consumer<Resource> onRemoved;

  /**
   * @param onRemoved told when the participant went without being asked
   */
  Resource(
      Rooms rooms,
      String id,
      String room,
      String identity,
      String etag,
      Consumer<Resource> onRemoved) {
    this.id = id;
    this.room = room;
    this.identity = identity;
    this.etag = etag;
    this.visitor = new Visitor(rooms, this);
    this.onRemoved = onRemoved;
  }

  Visitor visitor() {
    return visitor;
  }

  @Override
  public void deliver(EventFrame event) {
    // Nobody to tell: these protocols have no events.
  }

  @Override
  public void end(CloseCode code, LeaveReason reason, String words) {
    visitor.leave(reason);
    onRemoved.accept(this);
  }
}
