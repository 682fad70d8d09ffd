package dev.parley.admin.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Deletes what is older than it may be, some rows at a time. The writer's thread. */
final class Retention {
  /** With a visit go its minutes. */
  private static final int CHUNK = 200;

  private static final List<String> OLD =
      List.of(
          "visit WHERE left_at_ms < ?",
          "quality_minute WHERE at_ms < ?",
          "room_session WHERE closed_at_ms < ?",
          "room_event WHERE at_ms < ?",
          "queue_wait WHERE ended_at_ms < ?",
          "audit WHERE at_ms < ?",
          "diagnostics_report WHERE at_ms < ?");

  private Retention() {}

  /**
   * Deletes a chunk of each table.
   *
   * @return how many rows are gone; 0: there are no more
   */
  static int step(Connection connection, long beforeMs) throws SQLException {
    int[] deleted = {0};
    Sql.inTransaction(
        connection,
        () -> {
          deleted[0] = 0;
          for (String old : OLD) {
            String table = old.substring(0, old.indexOf(' '));
            deleted[0] +=
                Sql.run(
                    connection,
                    "DELETE FROM %s WHERE id IN (SELECT id FROM %s FETCH FIRST %d ROWS ONLY)"
                        .formatted(table, old, CHUNK),
                    beforeMs);
          }
        });
    return deleted[0];
  }
}
