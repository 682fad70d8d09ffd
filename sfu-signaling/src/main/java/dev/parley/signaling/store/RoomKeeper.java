package dev.parley.signaling.store;

import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.room.Rooms;
import dev.parley.signaling.session.Sessions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the state of the rooms, and how people without a token are known, in a file, at most a
 * second behind. Opened and closed on the room thread, which waits for the disk only then.
 */
public interface RoomKeeper {
  /** Keeps nothing. */
  RoomKeeper NONE = () -> {};

  /** Saves once more, and stops. */
  void close();

  /**
   * Brings back what the file holds and begins to save. A file that cannot be read is set aside.
   *
   * @throws IOException when the file cannot be written
   */
  static RoomKeeper open(Vertx vertx, Optional<Path> file, Rooms rooms, Sessions sessions)
      throws IOException {
    return file.isEmpty() ? NONE : new Saving(vertx, file.get(), rooms, sessions);
  }

  /** The one that keeps. */
  final class Saving implements RoomKeeper {
    private static final Logger log = LoggerFactory.getLogger(RoomKeeper.class);
    private static final long EVERY_MS = 400;

    private final Vertx vertx;
    private final Rooms rooms;
    private final Sessions sessions;
    private final StateFile file;
    private final long timer;
    private long saved;

    private Saving(Vertx vertx, Path path, Rooms rooms, Sessions sessions) throws IOException {
      this.vertx = vertx;
      this.rooms = rooms;
      this.sessions = sessions;
      this.file = new StateFile(path);
      restore(path);
      this.timer = vertx.setPeriodic(EVERY_MS, fired -> save());
    }

    private void restore(Path path) throws IOException {
      Optional<String> text = file.load();
      if (text.isEmpty()) {
        return;
      }
      try {
        SavedState state = SavedStateJson.read(text.get());
        rooms.restore(state.rooms());
        sessions.restore(state.sessions());
      } catch (IllegalArgumentException unreadable) {
        file.setAside();
        LogLine.event("state.unreadable").with("file", path).error(log, unreadable);
      }
    }

    private void save() {
      long changes = rooms.changes() + sessions.changes();
      if (changes != saved) {
        saved = changes;
        file.save(state());
      }
    }

    private String state() {
      return SavedStateJson.write(SavedState.of(rooms.save(), sessions.save()));
    }

    @Override
    public void close() {
      vertx.cancelTimer(timer);
      file.save(state());
      file.close();
    }
  }
}
