package dev.parley.bots.bench;

import java.util.List;

/** What {@code bench signal} has found; written as it is with {@code --json}. */
record SignalResult(Machine machine, SignalSettings settings, List<Room> rooms) {
  SignalResult {
    rooms = List.copyOf(rooms);
  }

  /**
   * One room.
   *
   * @param people in it, besides the one who joins
   * @param replyBytes of the reply to a join
   * @param listBytes of the list of participants in it
   */
  record Room(int people, List<Join> joins, int replyBytes, int listBytes) {
    Room {
      joins = List.copyOf(joins);
    }
  }

  /**
   * One join, and beside it what a round trip takes on the same socket just before it.
   *
   * @param helloMillis until the reply to hello
   * @param pingMillis until the reply to a ping: the floor
   * @param replyMillis until the reply to the join
   * @param toldMillis from the join until the last in the room had heard of it
   */
  record Join(double helloMillis, double pingMillis, double replyMillis, double toldMillis) {}
}
