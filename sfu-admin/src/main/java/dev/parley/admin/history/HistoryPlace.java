package dev.parley.admin.history;

import java.nio.file.Path;
import java.util.UUID;

/** Where the history is kept. */
public sealed interface HistoryPlace {
  /** Nowhere; {@code why} says what to configure. */
  record None(String why) implements HistoryPlace {}

  /** A file of this process's own in a directory, which is made. */
  record File(Path directory) implements HistoryPlace {
    /** The one file there is when nobody writes. */
    public Path file() {
      return directory.resolve("history.mv.db");
    }
  }

  /** This process's memory: gone when it ends. */
  record Memory(String name) implements HistoryPlace {
    public static Memory fresh() {
      return new Memory(UUID.randomUUID().toString());
    }
  }

  /**
   * A PostgreSQL server, with a database or schema of this process's own.
   *
   * @param url {@code jdbc:postgresql://host/database}
   */
  record Server(String url, String user, String password) implements HistoryPlace {
    /** Without the password. */
    @Override
    public String toString() {
      return "Server[url=" + url.replaceFirst("\\?.*", "") + ", user=" + user + "]";
    }
  }
}
