package dev.parley.signaling.room;

import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;

/** Where the events for one participant go. Called on the room thread; must return at once. */
public interface Member {
  void deliver(EventFrame event);

  /** The participant is out of the room without having asked. */
  void removed(LeaveReason reason);
}
