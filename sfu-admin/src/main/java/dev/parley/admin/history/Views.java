package dev.parley.admin.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.wire.WireJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Rows as JSON objects: every member is there, and {@code null} where nothing is known. */
final class Views {
  private static final String VISIT = "vi_";

  private Views() {}

  static ObjectNode of(Listing listing, ResultSet row, long nowMs) throws SQLException {
    return switch (listing) {
      case VISITS -> visit(row, nowMs);
      case ROOMS -> room(row);
      case EVENTS -> event(row);
      case AUDIT -> audit(row);
      case QUEUE -> wait(row, nowMs);
      case REPORTS -> report(row);
    };
  }

  static ObjectNode visit(ResultSet row, long nowMs) throws SQLException {
    ObjectNode view = object();
    view.put("visitId", VISIT + row.getLong("id"));
    texts(view, row, "room", "room", "roomId", "room_id", "participantId", "participant_id");
    texts(view, row, "identity", "identity", "displayName", "display_name", "role", "role");
    long joinedMs = row.getLong("joined_at_ms");
    view.put("joinedAt", time(joinedMs));
    long endMs = time(view, "leftAt", row, "left_at_ms", nowMs);
    view.put("durationSec", seconds(endMs - joinedMs));
    texts(view, row, "leaveReason", "leave_reason", "path", "path");
    levels(view, row);
    number(view, "levelLeast", row, "level_least");
    texts(view, row, "verdict", "verdict");
    long waitMs = row.getLong("queue_wait_ms");
    if (row.wasNull()) {
      view.putNull("queueWaitSec");
    } else {
      view.put("queueWaitSec", seconds(waitMs));
    }
    ObjectNode join = view.putObject("join");
    number(join, "answerMs", row, "answer_ms");
    number(join, "iceMs", row, "ice_ms");
    number(join, "dtlsMs", row, "dtls_ms");
    number(join, "firstPacketMs", row, "first_packet_ms");
    return view;
  }

  /** The number behind {@code vi_}; -1: it is no visit's id. */
  static long visitId(String text) {
    return text.matches(VISIT + "\\d{1,18}") ? Long.parseLong(text.substring(VISIT.length())) : -1;
  }

  private static ObjectNode room(ResultSet row) throws SQLException {
    ObjectNode view = object();
    texts(view, row, "room", "room", "roomId", "room_id");
    view.put("openedAt", time(row.getLong("opened_at_ms")));
    long unused = time(view, "closedAt", row, "closed_at_ms", 0);
    view.put("visits", row.getInt("visits"));
    view.put("peakParticipants", row.getInt("peak_participants"));
    levels(view, row);
    return view;
  }

  private static ObjectNode event(ResultSet row) throws SQLException {
    ObjectNode view = object();
    view.put("at", time(row.getLong("at_ms")));
    texts(view, row, "type", "type", "room", "room", "roomId", "room_id");
    view.set("details", json(row.getString("details")));
    return view;
  }

  private static ObjectNode audit(ResultSet row) throws SQLException {
    ObjectNode view = object();
    view.put("at", time(row.getLong("at_ms")));
    texts(view, row, "by", "by_name", "from", "from_address");
    texts(view, row, "operation", "operation", "on", "on_path");
    view.put("status", row.getInt("status"));
    texts(view, row, "outcome", "outcome");
    return view;
  }

  private static ObjectNode wait(ResultSet row, long nowMs) throws SQLException {
    ObjectNode view = object();
    texts(view, row, "ticketId", "ticket_id", "room", "room", "roomId", "room_id");
    texts(view, row, "identity", "identity");
    long beganMs = row.getLong("began_at_ms");
    view.put("joinedAt", time(beganMs));
    long endMs = time(view, "endedAt", row, "ended_at_ms", nowMs);
    view.put("waitedSec", seconds(endMs - beganMs));
    texts(view, row, "outcome", "outcome");
    return view;
  }

  static ObjectNode report(ResultSet row) throws SQLException {
    ObjectNode view = object();
    texts(view, row, "reportId", "report_id");
    view.put("at", time(row.getLong("at_ms")));
    view.put("sizeChars", row.getInt("size_chars"));
    return view;
  }

  static JsonNode json(String text) {
    try {
      return WireJson.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row holds what is no JSON", e);
    }
  }

  static String time(long ms) {
    return Instant.ofEpochMilli(ms).toString();
  }

  private static ObjectNode object() {
    return WireJson.MAPPER.createObjectNode();
  }

  /** Members and columns by turns. */
  private static void texts(ObjectNode view, ResultSet row, String... names) throws SQLException {
    for (int i = 0; i < names.length; i += 2) {
      view.put(names[i], row.getString(names[i + 1]));
    }
  }

  private static void number(ObjectNode view, String name, ResultSet row, String column)
      throws SQLException {
    long value = row.getLong(column);
    if (row.wasNull()) {
      view.putNull(name);
    } else {
      view.put(name, value);
    }
  }

  /** Puts a moment that may be to come, and gives it, or what it is until then. */
  private static long time(ObjectNode view, String name, ResultSet row, String column, long nowMs)
      throws SQLException {
    long ms = row.getLong(column);
    if (row.wasNull()) {
      view.putNull(name);
      return nowMs;
    }
    view.put(name, time(ms));
    return ms;
  }

  private static void levels(ObjectNode view, ResultSet row) throws SQLException {
    long measured = row.getLong("measured_seconds");
    if (measured == 0) {
      view.putNull("levelMean");
    } else {
      view.put("levelMean", Math.round(100 * row.getDouble("level_seconds") / measured) / 100.0);
    }
  }

  private static double seconds(long ms) {
    return Math.max(0, ms) / 1000.0;
  }
}
