package dev.parley.admin.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.parley.admin.audit.AuditEntry;
import dev.parley.admin.quality.QualityMinute;
import dev.parley.admin.quality.VisitRef;
import dev.parley.signaling.room.RoomEvent;
import dev.parley.signaling.rules.EchoRooms;
import dev.parley.signaling.wire.WireJson;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns what happened into rows. All it knows is in the database, so a transaction that failed can
 * be tried again. The writer's thread.
 */
final class Recorder {
  /** Older reports go when newer ones come: strangers may send them. */
  static final int MOST_REPORTS = 2_000;

  private static final int DETAIL_CHARS = 500;

  private final Connection connection;
  private final Minutes minutes;

  Recorder(Connection connection) {
    this.connection = connection;
    this.minutes = new Minutes(connection);
  }

  /**
   * Writes one entry.
   *
   * @return what is to be told when the transaction has been committed
   */
  Runnable apply(Entry entry) throws SQLException {
    return switch (entry) {
      case Entry.Happened(RoomEvent event) -> {
        // A connection check is no call.
        if (!EchoRooms.isOne(event.room())) {
          happened(event);
        }
        yield Recorder::nothing;
      }
      case Entry.Audited(AuditEntry audit) -> {
        audited(audit);
        yield Recorder::nothing;
      }
      case Entry.Measured(VisitRef visit, QualityMinute minute) -> {
        minutes.keep(visit, minute);
        yield Recorder::nothing;
      }
      case Entry.Report report -> {
        reported(report);
        yield () -> report.done().complete(report.reportId());
      }
      case Entry.Forget(String identity, var done) -> {
        int removed = forget(Texts.fit(identity, Texts.IDENTITY));
        yield () -> done.complete(removed);
      }
      case Entry.Mark(var done) -> () -> done.complete(true);
    };
  }

  private static void nothing() {}

  private void happened(RoomEvent event) throws SQLException {
    keep(event);
    switch (event.type()) {
      case ROOM_OPENED -> opened(event);
      case ROOM_CLOSED -> closed(event);
      case PARTICIPANT_JOINED -> joined(event);
      case PARTICIPANT_CONNECTED -> steps(event);
      case PARTICIPANT_LEFT -> left(event);
      case QUEUE_JOINED -> waits(event);
      case QUEUE_ADMITTED -> waited(event, "admitted");
      case QUEUE_DENIED -> waited(event, "denied");
      case QUEUE_EXPIRED -> waited(event, "expired");
      case QUEUE_LEFT -> waited(event, "left");
      case ROOM_CHANGED, TIMER_STATE, TIMER_WARNING, TIMER_ENDED, MODERATION -> {}
    }
  }

  private void keep(RoomEvent event) throws SQLException {
    Map<String, String> details = new TreeMap<>();
    event.details().forEach((name, value) -> details.put(name, Texts.fit(value, DETAIL_CHARS)));
    @Nullable String person =
        event.details().containsKey("identity")
            ? identity(event)
            : Optional.ofNullable(event.details().get("by"))
                .map(by -> Texts.fit(by, Texts.IDENTITY))
                .orElse(null);
    Sql.run(
        connection,
        "INSERT INTO room_event (at_ms, type, room, room_id, identity, details)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        event.atMs(),
        event.type().wireName(),
        room(event),
        event.roomId(),
        person,
        json(details));
  }

  private void opened(RoomEvent event) throws SQLException {
    Sql.run(
        connection,
        "INSERT INTO room_session (room_id, room, opened_at_ms, visits, present,"
            + " peak_participants, level_seconds, measured_seconds)"
            + " VALUES (?, ?, ?, 0, 0, 0, 0, 0)",
        event.roomId(),
        room(event),
        event.atMs());
  }

  private void closed(RoomEvent event) throws SQLException {
    Sql.run(
        connection,
        "UPDATE room_session SET closed_at_ms = ?, present = 0 WHERE room_id = ?",
        event.atMs(),
        event.roomId());
    // Those whose end was dropped.
    Sql.run(
        connection,
        "UPDATE visit SET left_at_ms = ?, leave_reason = 'unknown'"
            + " WHERE room_id = ? AND left_at_ms IS NULL",
        event.atMs(),
        event.roomId());
    // A ticket may be older than this opening of the room.
    Sql.run(
        connection,
        "UPDATE queue_wait SET outcome = 'left', ended_at_ms = COALESCE(ended_at_ms, ?)"
            + " WHERE room = ? AND outcome IN ('waiting', 'admitted')",
        event.atMs(),
        room(event));
  }

  private void joined(RoomEvent event) throws SQLException {
    Sql.run(
        connection,
        "INSERT INTO visit (room, room_id, participant_id, identity, display_name, role,"
            + " joined_at_ms, path, level_seconds, measured_seconds, verdict, queue_wait_ms)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, '', 0, 0, 'unknown', ?)",
        room(event),
        event.roomId(),
        detail(event, "participantId"),
        identity(event),
        Texts.fit(detail(event, "displayName"), Texts.IDENTITY),
        detail(event, "role"),
        event.atMs(),
        waitBefore(event));
    Sql.run(
        connection,
        "UPDATE room_session SET visits = visits + 1, present = present + 1, peak_participants ="
            + " CASE WHEN present + 1 > peak_participants THEN present + 1"
            + " ELSE peak_participants END WHERE room_id = ?",
        event.roomId());
  }

  /** How long somebody who comes in had waited for it. */
  private @Nullable Long waitBefore(RoomEvent event) throws SQLException {
    record Wait(long id, long tookMs) {}
    List<Wait> found =
        Sql.rows(
            connection,
            "SELECT id, ended_at_ms - began_at_ms FROM queue_wait WHERE identity = ? AND room = ?"
                + " AND outcome = 'admitted' ORDER BY id DESC FETCH FIRST 1 ROWS ONLY",
            row -> new Wait(row.getLong(1), row.getLong(2)),
            identity(event),
            room(event));
    if (found.isEmpty()) {
      return null;
    }
    Sql.run(
        connection, "UPDATE queue_wait SET outcome = 'joined' WHERE id = ?", found.getFirst().id());
    return found.getFirst().tookMs();
  }

  /** The first connection's count; who loads the page again makes another one. */
  private void steps(RoomEvent event) throws SQLException {
    if (event.details().keySet().stream().noneMatch(name -> name.endsWith("Ms"))) {
      return;
    }
    Sql.run(
        connection,
        "UPDATE visit SET answer_ms = COALESCE(answer_ms, ?), ice_ms = COALESCE(ice_ms, ?),"
            + " dtls_ms = COALESCE(dtls_ms, ?), first_packet_ms = COALESCE(first_packet_ms, ?)"
            + " WHERE participant_id = ? AND room_id = ? AND left_at_ms IS NULL",
        number(event, "answerMs"),
        number(event, "iceMs"),
        number(event, "dtlsMs"),
        number(event, "firstPacketMs"),
        detail(event, "participantId"),
        event.roomId());
  }

  private void left(RoomEvent event) throws SQLException {
    steps(event);
    List<Long> visits =
        Sql.rows(
            connection,
            "SELECT id FROM visit WHERE participant_id = ? AND room_id = ? AND left_at_ms IS NULL",
            Recorder::firstLong,
            detail(event, "participantId"),
            event.roomId());
    for (long visit : visits) {
      Sql.run(
          connection,
          "UPDATE visit SET left_at_ms = ?, leave_reason = ? WHERE id = ?",
          event.atMs(),
          leaveReason(event),
          visit);
      minutes.judge(visit);
    }
    if (!visits.isEmpty()) {
      Sql.run(
          connection,
          "UPDATE room_session SET present = present - 1 WHERE room_id = ? AND present > 0",
          event.roomId());
    }
  }

  /** A finer word than clients are told, where there is one. */
  private static String leaveReason(RoomEvent event) {
    String reason = detail(event, "reason");
    String told =
        reason.equals("disconnected") || reason.equals("timeout") ? "connection_lost" : reason;
    return event.details().getOrDefault("cause", told);
  }

  private void waits(RoomEvent event) throws SQLException {
    String ticket = detail(event, "ticketId");
    int known =
        Sql.run(
            connection,
            "UPDATE queue_wait SET outcome = 'waiting', ended_at_ms = NULL WHERE ticket_id = ?",
            ticket);
    if (known == 0) {
      Sql.run(
          connection,
          "INSERT INTO queue_wait (ticket_id, room, room_id, identity, began_at_ms, outcome)"
              + " VALUES (?, ?, ?, ?, ?, 'waiting')",
          ticket,
          room(event),
          event.roomId(),
          identity(event),
          event.atMs());
    }
  }

  /** The wait ends with the admission; who does not come then has lost the place. */
  private void waited(RoomEvent event, String outcome) throws SQLException {
    Sql.run(
        connection,
        "UPDATE queue_wait SET outcome = ?, ended_at_ms ="
            + " CASE WHEN outcome = 'admitted' THEN ended_at_ms ELSE ? END"
            + " WHERE ticket_id = ? AND outcome IN ('waiting', 'server_stopped', 'admitted')",
        outcome,
        event.atMs(),
        detail(event, "ticketId"));
  }

  private void audited(AuditEntry audit) throws SQLException {
    Sql.run(
        connection,
        "INSERT INTO audit (at_ms, by_name, from_address, operation, on_path, status, outcome)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        audit.atMs(),
        Texts.fit(audit.by(), 128),
        Texts.fit(audit.from(), 128),
        Texts.fit(audit.operation(), 256),
        Texts.fit(audit.on(), 512),
        audit.status(),
        Texts.fit(audit.outcome(), 64));
  }

  private void reported(Entry.Report report) throws SQLException {
    Sql.run(
        connection,
        "INSERT INTO diagnostics_report (report_id, at_ms, size_chars, body) VALUES (?, ?, ?, ?)",
        report.reportId(),
        report.atMs(),
        report.body().length(),
        report.body());
    Sql.run(
        connection,
        "DELETE FROM diagnostics_report WHERE id <="
            + " (SELECT MAX(id) FROM diagnostics_report) - ?",
        MOST_REPORTS);
  }

  private int forget(String identity) throws SQLException {
    int removed = Sql.run(connection, "DELETE FROM visit WHERE identity = ?", identity);
    removed += Sql.run(connection, "DELETE FROM room_event WHERE identity = ?", identity);
    removed += Sql.run(connection, "DELETE FROM queue_wait WHERE identity = ?", identity);
    return removed;
  }

  /**
   * Ends what an earlier process left open, at the last moment of which anything is known; to be
   * called once, before anything of this process.
   */
  void closeLeftOpen() throws SQLException {
    long lastMs =
        Sql.rows(connection, "SELECT COALESCE(MAX(at_ms), 0) FROM room_event", Recorder::firstLong)
            .getFirst();
    long measuredMs =
        Sql.rows(
                connection,
                "SELECT COALESCE(MAX(at_ms + seconds * 1000), 0) FROM quality_minute",
                Recorder::firstLong)
            .getFirst();
    long endMs = Math.max(lastMs, measuredMs);
    for (long visit :
        Sql.rows(
            connection, "SELECT id FROM visit WHERE left_at_ms IS NULL", Recorder::firstLong)) {
      minutes.judge(visit);
    }
    Sql.run(
        connection,
        "UPDATE visit SET leave_reason = 'server_stopped', left_at_ms ="
            + " CASE WHEN joined_at_ms > ? THEN joined_at_ms ELSE ? END WHERE left_at_ms IS NULL",
        endMs,
        endMs);
    Sql.run(
        connection,
        "UPDATE room_session SET present = 0, closed_at_ms ="
            + " CASE WHEN opened_at_ms > ? THEN opened_at_ms ELSE ? END WHERE closed_at_ms IS NULL",
        endMs,
        endMs);
    Sql.run(
        connection,
        "UPDATE queue_wait SET outcome = 'server_stopped', ended_at_ms = COALESCE(ended_at_ms,"
            + " CASE WHEN began_at_ms > ? THEN began_at_ms ELSE ? END)"
            + " WHERE outcome IN ('waiting', 'admitted')",
        endMs,
        endMs);
  }

  private static long firstLong(ResultSet row) throws SQLException {
    return row.getLong(1);
  }

  private static String room(RoomEvent event) {
    return Texts.fit(event.room(), Texts.ROOM);
  }

  private static String identity(RoomEvent event) {
    return Texts.fit(detail(event, "identity"), Texts.IDENTITY);
  }

  private static String detail(RoomEvent event, String name) {
    return event.details().getOrDefault(name, "");
  }

  private static @Nullable Long number(RoomEvent event, String name) {
    @Nullable String text = event.details().get(name);
    return text == null ? null : Long.valueOf(text);
  }

  static String json(Map<String, ?> map) {
    try {
      return WireJson.MAPPER.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row holds what JSON cannot", e);
    }
  }
}
