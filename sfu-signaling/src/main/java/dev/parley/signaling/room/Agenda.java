package dev.parley.signaling.room;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** When each room has something to do, in milliseconds since 1970. Room thread. */
final class Agenda {
  /** A room without anything to do has no entry. */
  static final long NEVER = Long.MAX_VALUE;

  private record Due(long atMs, Room room) {}

  private final TreeSet<Due> order =
      new TreeSet<>(Comparator.comparingLong(Due::atMs).thenComparing(due -> due.room().id));

  private final Map<Room, Due> byRoom = new HashMap<>();

  /** In place of what stood there for the room. */
  void set(Room room, long atMs) {
    Due before = byRoom.remove(room);
    if (before != null) {
      order.remove(before);
    }
    if (atMs != NEVER) {
      Due due = new Due(atMs, room);
      order.add(due);
      byRoom.put(room, due);
    }
  }

  /** The earliest time, or {@link #NEVER}. */
  long nextMs() {
    return order.isEmpty() ? NEVER : order.first().atMs();
  }

  /** The rooms whose time has come, the earliest first. */
  List<Room> due(long nowMs) {
    List<Room> due = new ArrayList<>();
    for (Due next : order) {
      if (next.atMs() > nowMs) {
        break;
      }
      due.add(next.room());
    }
    return due;
  }
}
