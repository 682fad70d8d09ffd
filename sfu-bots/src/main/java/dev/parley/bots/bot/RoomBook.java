package dev.parley.bots.bot;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who is in which room and who waits before it, as the run itself knows it: what the server shows
 * is held against this. Loop's thread only.
 */
public final class RoomBook {
  /** Tickets that are closer together may have been made in either order. */
  private static final long SAME_TIME_MS = 20;

  private final Map<String, Set<Visitor>> inside = new HashMap<>();
  private final Map<String, Map<Visitor, Instant>> waiting = new HashMap<>();

  void enter(String room, Visitor bot) {
    inside.computeIfAbsent(room, r -> new HashSet<>()).add(bot);
  }

  void leave(String room, Visitor bot) {
    remove(inside, room, bot);
    Map<Visitor, Instant> tickets = waiting.get(room);
    if (tickets != null) {
      tickets.remove(bot);
      if (tickets.isEmpty()) {
        waiting.remove(room);
      }
    }
  }

  private static void remove(Map<String, Set<Visitor>> book, String room, Visitor bot) {
    Set<Visitor> bots = book.get(room);
    if (bots != null && bots.remove(bot) && bots.isEmpty()) {
      book.remove(room);
    }
  }

  /** How many others have had their camera on for a while. */
  int otherCameras(String room, Visitor than, long sinceNanos) {
    int cameras = 0;
    for (Visitor bot : inside.getOrDefault(room, Set.of())) {
      cameras += bot != than ? bot.picturesSince(sinceNanos) : 0;
    }
    return cameras;
  }

  void wait(String room, Visitor bot, Instant joinedAt) {
    waiting.computeIfAbsent(room, r -> new HashMap<>()).put(bot, joinedAt);
  }

  /** A bot is let in; whether somebody who came before it still waits. */
  boolean admit(String room, Visitor bot) {
    Map<Visitor, Instant> tickets = waiting.getOrDefault(room, Map.of());
    Instant own = tickets.get(bot);
    boolean passedOver =
        own != null
            && tickets.values().stream().anyMatch(t -> t.isBefore(own.minusMillis(SAME_TIME_MS)));
    tickets = waiting.get(room);
    if (tickets != null) {
      tickets.remove(bot);
    }
    return passedOver;
  }
}
