package dev.parley.admin.history;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/**
 * Brings the schema up to date: numbered scripts in SQL that both databases take, each in a
 * transaction with its number.
 */
final class Migrations {
  private static final int NEWEST = 1;

  private Migrations() {}

  /**
   * Applies the scripts that are missing.
   *
   * @throws SQLException also for a schema that a newer version has made
   */
  static void apply(Connection connection) throws SQLException {
    Sql.run(connection, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)");
    int present = version(connection);
    if (present > NEWEST) {
      throw new SQLException(
          "the schema has version %d, and this server knows %d: start the newer server"
              .formatted(present, NEWEST));
    }
    for (int next = present + 1; next <= NEWEST; next++) {
      int number = next;
      Sql.inTransaction(
          connection,
          () -> {
            for (String statement : script(number)) {
              Sql.run(connection, statement);
            }
            Sql.run(connection, "INSERT INTO schema_version (version) VALUES (?)", number);
          });
    }
  }

  static int version(Connection connection) throws SQLException {
    return Sql.rows(
            connection,
            "SELECT COALESCE(MAX(version), 0) FROM schema_version",
            row -> row.getInt(1))
        .getFirst();
  }

  private static List<String> script(int number) {
    try (InputStream file =
        Objects.requireNonNull(Migrations.class.getResourceAsStream(number + ".sql"))) {
      return List.of(new String(file.readAllBytes(), StandardCharsets.UTF_8).split(";\\s*"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
