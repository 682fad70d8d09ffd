package dev.parley.signaling.room;

/** A participant's place in a room. */
record Seat(Room room, Participant participant) implements Arrival {
  boolean isTaken() {
    return participant.phase() != Participant.Phase.GONE;
  }
}
