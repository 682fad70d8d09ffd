package dev.parley.signaling.room;

import dev.parley.signaling.observe.LogLine;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners what happens in rooms. Room thread, but for {@link #add}. */
final class RoomNews {
  private static final Logger log = LoggerFactory.getLogger(RoomNews.class);

  private final List<RoomEvent.Listener> listeners = new CopyOnWriteArrayList<>();
  private final InstantSource clock;

  RoomNews(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Any thread.
   *
   * @return ends it, from any thread
   */
  Runnable add(RoomEvent.Listener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void tell(Room room, RoomEvent.Type type, Map<String, String> details) {
    if (listeners.isEmpty()) {
      return;
    }
    RoomEvent event = new RoomEvent(type, room.name, room.id, clock.millis(), details);
    for (RoomEvent.Listener listener : listeners) {
      try {
        listener.onRoomEvent(event);
      } catch (RuntimeException broken) {
        // A room goes on whatever its listeners do.
        LogLine.event("room.listener_failed").with("type", type.wireName()).error(log, broken);
      }
    }
  }
}
