package dev.parley.admin.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads rows over one connection. A reader's thread. */
final class HistoryReader {
  private record Row(long id, ObjectNode view) {}

  private final Connection connection;
  private final InstantSource clock;

  HistoryReader(Connection connection, InstantSource clock) {
    this.connection = connection;
    this.clock = clock;
  }

  HistoryPage page(HistoryQuery query) throws SQLException {
    Listing listing = query.listing();
    StringBuilder sql =
        new StringBuilder("SELECT %s FROM %s".formatted(listing.selected, listing.table))
            .append(" WHERE id < ?");
    List<Object> values = new ArrayList<>();
    values.add(query.beforeId());
    query
        .equal()
        .forEach((filter, value) -> {
          sql.append(" AND ").append(listing.column(filter)).append(" = ?");
          values.add(Texts.fit(value, Texts.IDENTITY));
        });
    if (query.sinceMs() > 0) {
      sql.append(" AND ").append(listing.timeColumn).append(" >= ?");
      values.add(query.sinceMs());
    }
    if (query.untilMs() < Long.MAX_VALUE) {
      sql.append(" AND ").append(listing.timeColumn).append(" < ?");
      values.add(query.untilMs());
    }
    sql.append(" ORDER BY id DESC FETCH FIRST ").append(query.limit() + 1).append(" ROWS ONLY");
    long nowMs = clock.millis();
    List<Row> rows =
        Sql.rows(
            connection,
            sql.toString(),
            row -> new Row(row.getLong("id"), Views.of(listing, row, nowMs)),
            values.toArray());
    boolean more = rows.size() > query.limit();
    List<Row> page = more ? rows.subList(0, query.limit()) : rows;
    return new HistoryPage(
        page.stream().map(Row::view).toList(),
        more ? OptionalLong.of(page.getLast().id()) : OptionalLong.empty());
  }

  /** A visit with all that is known of it. */
  Optional<PastVisit> visit(String visitId) throws SQLException {
    long id = Views.visitId(visitId);
    long nowMs = clock.millis();
    List<ObjectNode> found =
        Sql.rows(
            connection, "SELECT * FROM visit WHERE id = ?", row -> Views.visit(row, nowMs), id);
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(new PastVisit(found.getFirst(), new Minutes(connection).of(id)));
  }

  /** A report with what it says. */
  Optional<ObjectNode> report(String reportId) throws SQLException {
    return Sql.rows(
            connection,
            "SELECT * FROM diagnostics_report WHERE report_id = ?",
            row -> {
              ObjectNode view = Views.report(row);
              JsonNode body = Views.json(row.getString("body"));
              view.set("report", body);
              return view;
            },
            ReportCode.read(reportId))
        .stream()
        .findFirst();
  }
}
