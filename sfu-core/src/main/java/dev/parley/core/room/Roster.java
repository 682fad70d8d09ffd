package dev.parley.core.room;

/**
 * Who is in a room and what its wings number alike. A room that has one wing only keeps this by
 * itself; the roster of several is called on the threads of all of them.
 */
public interface Roster {
  /** Takes an id; false when somebody in the room has it already. */
  boolean enter(String participantId);

  /** Gives back an id that was taken. */
  void leave(String participantId);

  /** From 1, another for each participant of the room. */
  int nextCsrc();

  /** From 1, another for each track of the room. */
  int nextSerial();

  /**
   * Of a room that lives on one worker, whose own list of participants says which ids are taken.
   */
  final class OfOneWing implements Roster {
    private int csrcs;
    private int serials;

    @Override
    public boolean enter(String participantId) {
      return true;
    }

    @Override
    public void leave(String participantId) {
      // The room's own list knows.
    }

    @Override
    public int nextCsrc() {
      return ++csrcs;
    }

    @Override
    public int nextSerial() {
      return ++serials;
    }
  }
}
