package dev.parley.signaling.room;

import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;

/** Where the events for one participant go. Called on the room thread; must return at once. */
public interface Member {
  void deliver(EventFrame event);

  /**
   * Ends the connection for good: the participant leaves with this reason, if it has not yet, and
   * the client is told the code.
   *
   * @param words what a moderator said to it; may be empty
   */
  void end(CloseCode code, LeaveReason reason, String words);

  /** Whether the client has lost its connection and may come back. */
  default boolean isAway() {
    return false;
  }
}
