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
   * @param heard joins that everybody in it was told of
   * @param unheard joins while the people in it had no connection, so that nobody was told
   * @param replyBytes of the reply to a join
   * @param listBytes of the list of participants in it
   */
  record Room(int people, List<Join> heard, List<Join> unheard, int replyBytes, int listBytes) {
    Room {
      heard = List.copyOf(heard);
      unheard = List.copyOf(unheard);
    }
  }

  /**
   * One join, and beside it what a round trip takes on the same socket just before it.
   *
   * @param helloMillis until the reply to hello
   * @param pingMillis until the reply to a ping: the floor
   * @param replyMillis until the reply to the join
   * @param toldMillis from the join until the last in the room had heard of it; 0: nobody had to
   */
  record Join(double helloMillis, double pingMillis, double replyMillis, double toldMillis) {}
}
