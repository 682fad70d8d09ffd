package dev.parley.admin.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Connections to the place of the history, and what its troubles mean. Any thread. Not final: tests
 * let it fail.
 */
class Database {
  private static final int CONNECT_SEC = 5;
  private static final int SOCKET_SEC = 10;
  private static final Set<Integer> DAMAGE =
      Set.of(
          DataUtils.ERROR_FILE_CORRUPT,
          DataUtils.ERROR_CHUNK_NOT_FOUND,
          DataUtils.ERROR_BLOCK_NOT_FOUND);

  private final HistoryPlace place;

  Database(HistoryPlace place) {
    this.place = place;
  }

  /**
   * The connection of the one that writes. As long as it is open nobody else may have one.
   *
   * @throws SQLException also when another process writes there
   */
  Connection openWriter() throws SQLException {
    if (place instanceof HistoryPlace.File file) {
      makeDirectory(file.directory());
    }
    Connection connection = connect("");
    try {
      Migrations.apply(connection);
      switch (place) {
        case HistoryPlace.File file -> keepPrivate(file.file());
        case HistoryPlace.Server ignored -> claim(connection);
        case HistoryPlace.Memory ignored -> {}
        case HistoryPlace.None ignored -> {}
      }
      return connection;
    } catch (SQLException | RuntimeException failed) {
      close(connection, failed);
      throw failed;
    }
  }

  /** Closes what is of no use after a failure. */
  static void close(Connection connection, Exception failure) {
    try {
      connection.close();
    } catch (SQLException gone) {
      failure.addSuppressed(gone);
    }
  }

  /** While the writer is connected. */
  Connection openReader() throws SQLException {
    return connect(";IFEXISTS=TRUE");
  }

  private Connection connect(String more) throws SQLException {
    return switch (place) {
      case HistoryPlace.File(Path directory) -> {
        String path = directory.toAbsolutePath().resolve("history").toString();
        if (path.contains(";")) {
          throw new SQLException("a path without a semicolon is expected: " + path);
        }
        yield DriverManager.getConnection("jdbc:h2:file:" + path + H2_SETTINGS + more);
      }
      case HistoryPlace.Memory(String name) ->
          DriverManager.getConnection("jdbc:h2:mem:" + name + H2_SETTINGS + more);
      case HistoryPlace.Server(String url, String user, String password) -> {
        Properties settings = new Properties();
        settings.setProperty("user", user);
        settings.setProperty("password", password);
        settings.setProperty("connectTimeout", Integer.toString(CONNECT_SEC));
        settings.setProperty("loginTimeout", Integer.toString(CONNECT_SEC));
        settings.setProperty("socketTimeout", Integer.toString(SOCKET_SEC));
        settings.setProperty("tcpKeepAlive", "true");
        settings.setProperty("ApplicationName", "parley");
        yield DriverManager.getConnection(url, settings);
      }
      case HistoryPlace.None(String why) -> throw new SQLException(why);
    };
  }

  /** The stop of the server closes it, after those who write; no trace file beside it. */
  private static final String H2_SETTINGS =
      ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;TRACE_LEVEL_SYSTEM_OUT=0;CACHE_SIZE=16384;LOCK_TIMEOUT=5000";

  /** What was committed is on the disk when this returns. */
  void force(Connection connection) throws SQLException {
    if (place instanceof HistoryPlace.File) {
      Sql.run(connection, "CHECKPOINT SYNC");
    }
  }

  /** The lock ends with the connection, however that ends. */
  private static void claim(Connection connection) throws SQLException {
    boolean mine =
        Sql.rows(
                connection,
                "SELECT pg_try_advisory_lock('schema_version'::regclass::oid::bigint)",
                row -> row.getBoolean(1))
            .getFirst();
    if (!mine) {
      throw new SQLException(
          "another server writes its history there: give each a database or a schema"
              + " (?currentSchema=…) of its own");
    }
  }

  private static void makeDirectory(Path directory) throws SQLException {
    try {
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      if (!Files.isWritable(directory)) {
        throw new SQLException(directory + " is not writable for this user");
      }
    } catch (IOException refused) {
      throw new SQLException(directory + " cannot be made: " + refused.getMessage(), refused);
    }
  }

  /** Identities are nobody else's business. */
  private static void keepPrivate(Path file) throws SQLException {
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException refused) {
      throw new SQLException(file + ": " + refused.getMessage(), refused);
    }
  }

  /** What happened, and what to do about it. */
  String advice(Exception trouble) {
    if (!(trouble instanceof SQLException refused)) {
      return "the history failed by a fault of its own, see the log: " + trouble;
    }
    if (!(place instanceof HistoryPlace.File file)) {
      return "the history's database cannot be used: " + trouble.getMessage();
    }
    if (refused.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
      return file.file()
          + " is open in another process: stop that one, or give this one its own"
          + " history.directory";
    }
    if (isDamage(refused)) {
      return "%s is damaged and was not touched: bring back a copy of it, or put it aside and a new"
              .formatted(file.file())
          + " one is begun (mv "
          + file.file()
          + " "
          + file.directory().resolve("history.damaged")
          + ")";
    }
    return "the history's file cannot be used: " + trouble.getMessage();
  }

  /** H2's general error is any fault of its own; only its store knows of missing pieces. */
  private static boolean isDamage(SQLException trouble) {
    if (trouble.getErrorCode() == ErrorCode.FILE_CORRUPTED_1) {
      return true;
    }
    for (@Nullable Throwable cause = trouble; cause != null; cause = cause.getCause()) {
      if (cause instanceof MVStoreException store && DAMAGE.contains(store.getErrorCode())) {
        return true;
      }
    }
    return false;
  }
}
