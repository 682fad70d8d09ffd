package dev.parley.core.server;

import dev.parley.core.room.Roster;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Who is in a room that may live on several workers. Any thread. */
final class SharedRoster {
  private final Set<String> ids = ConcurrentHashMap.newKeySet();
  private final AtomicInteger csrcs = new AtomicInteger();
  private final AtomicInteger serials = new AtomicInteger();

  /** For one more wing. */
  Part part() {
    return new Part();
  }

  /** As one wing sees it, and how many are there. */
  final class Part implements Roster {
    private final AtomicInteger here = new AtomicInteger();
    private final AtomicInteger arriving = new AtomicInteger();

    /** Those who are in the wing and those who are on their way; for a moment somebody is both. */
    int size() {
      return here.get() + arriving.get();
    }

    /** Somebody is going to enter, or be refused. */
    void expect() {
      arriving.incrementAndGet();
    }

    /** Somebody has, or was. */
    void arrived() {
      arriving.decrementAndGet();
    }

    @Override
    public boolean enter(String participantId) {
      boolean free = ids.add(participantId);
      if (free) {
        here.incrementAndGet();
      }
      return free;
    }

    @Override
    public void leave(String participantId) {
      ids.remove(participantId);
      here.decrementAndGet();
    }

    @Override
    public int nextCsrc() {
      return csrcs.incrementAndGet();
    }

    @Override
    public int nextSerial() {
      return serials.incrementAndGet();
    }
  }
}
