package dev.parley.admin.history;

import dev.parley.admin.quality.Diagnosis;
import dev.parley.admin.quality.QualityMinute;
import dev.parley.admin.quality.VisitRef;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The minutes of visits, and what follows from them. */
final class Minutes {
  private static final int MOST_CAUSES = 40;

  private final Connection connection;

  Minutes(Connection connection) {
    this.connection = connection;
  }

  /** A minute may come after the visit's end: what is left of the last one does. */
  void keep(VisitRef ref, QualityMinute minute) throws SQLException {
    record Visit(long id, boolean over) {}
    List<Visit> visits =
        Sql.rows(
            connection,
            "SELECT id, left_at_ms FROM visit WHERE participant_id = ? AND room_id = ?"
                + " ORDER BY id DESC FETCH FIRST 1 ROWS ONLY",
            row -> new Visit(row.getLong(1), row.getObject(2) != null),
            ref.participantId(),
            ref.roomId());
    // Dropped, or forgotten.
    if (visits.isEmpty()) {
      return;
    }
    long id = visits.getFirst().id();
    insert(id, minute);
    Sql.run(
        connection,
        "UPDATE visit SET level_seconds = level_seconds + ?,"
            + " measured_seconds = measured_seconds + ?, level_least ="
            + " CASE WHEN level_least < ? THEN level_least ELSE ? END,"
            + " path = ? WHERE id = ?",
        minute.levelMean() * minute.seconds(),
        minute.seconds(),
        minute.levelLeast(),
        minute.levelLeast(),
        minute.path(),
        id);
    Sql.run(
        connection,
        "UPDATE room_session SET level_seconds = level_seconds + ?,"
            + " measured_seconds = measured_seconds + ? WHERE room_id = ?",
        minute.levelMean() * minute.seconds(),
        minute.seconds(),
        ref.roomId());
    if (visits.getFirst().over()) {
      judge(id);
    }
  }

  private void insert(long visit, QualityMinute minute) throws SQLException {
    Sql.run(
        connection,
        "INSERT INTO quality_minute (visit, at_ms, seconds, poor_seconds, level_least, level_mean,"
            + " loss_down, loss_down_most, loss_up, loss_up_most, round_trip_ms,"
            + " round_trip_most_ms, jitter_ms, estimate_bps, sent_bps, wanted_bps, received_bps,"
            + " frozen_ms, switches, path, cause_seconds)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        visit,
        minute.atMs(),
        minute.seconds(),
        minute.poorSeconds(),
        minute.levelLeast(),
        minute.levelMean(),
        minute.lossDown(),
        minute.lossDownMost(),
        minute.lossUp(),
        minute.lossUpMost(),
        minute.roundTripMs(),
        minute.roundTripMostMs(),
        minute.jitterMs(),
        minute.estimateBps(),
        minute.sentBps(),
        minute.wantedBps(),
        minute.receivedBps(),
        minute.frozenMs(),
        minute.switches(),
        minute.path(),
        Recorder.json(longest(minute.causeSeconds())));
  }

  /** In a large room a viewer may have a cause for each of many others. */
  private static Map<String, Integer> longest(Map<String, Integer> causes) {
    Map<String, Integer> kept = new LinkedHashMap<>();
    causes.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MOST_CAUSES)
        .forEach(cause -> kept.put(cause.getKey(), cause.getValue()));
    return kept;
  }

  /** Says how a visit was that is over. */
  void judge(long visit) throws SQLException {
    Sql.run(
        connection,
        "UPDATE visit SET verdict = ? WHERE id = ?",
        Diagnosis.of(of(visit)).verdict().wireName(),
        visit);
  }

  /** Of one visit, in order. */
  List<QualityMinute> of(long visit) throws SQLException {
    return Sql.rows(
        connection,
        "SELECT * FROM quality_minute WHERE visit = ? ORDER BY at_ms",
        Minutes::minute,
        visit);
  }

  private static QualityMinute minute(ResultSet row) throws SQLException {
    Map<String, Integer> causes = new LinkedHashMap<>();
    Views.json(row.getString("cause_seconds"))
        .properties()
        .forEach(cause -> causes.put(cause.getKey(), cause.getValue().asInt()));
    return new QualityMinute(
        row.getLong("at_ms"),
        row.getInt("seconds"),
        row.getInt("poor_seconds"),
        row.getInt("level_least"),
        row.getDouble("level_mean"),
        row.getDouble("loss_down"),
        row.getDouble("loss_down_most"),
        row.getDouble("loss_up"),
        row.getDouble("loss_up_most"),
        row.getDouble("round_trip_ms"),
        row.getDouble("round_trip_most_ms"),
        row.getDouble("jitter_ms"),
        row.getLong("estimate_bps"),
        row.getLong("sent_bps"),
        row.getLong("wanted_bps"),
        row.getLong("received_bps"),
        row.getLong("frozen_ms"),
        row.getInt("switches"),
        row.getString("path"),
        causes);
  }
}
