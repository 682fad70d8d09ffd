package dev.parley.admin.history;

import java.util.List;

/** A list that can be asked for, newest first: its rows, filters and columns. */
public enum Listing {
  VISITS(
      "visits",
      "visit",
      "*",
      "joined_at_ms",
      "room identity",
      "visitId room roomId participantId identity displayName role joinedAt leftAt durationSec"
          + " leaveReason path levelMean levelLeast verdict queueWaitSec"
          + " join.answerMs join.iceMs join.dtlsMs join.firstPacketMs"),
  ROOMS(
      "rooms",
      "room_session",
      "*",
      "opened_at_ms",
      "room",
      "room roomId openedAt closedAt visits peakParticipants levelMean"),
  EVENTS("events", "room_event", "*", "at_ms", "room roomId", "at type room roomId details"),
  AUDIT("audit", "audit", "*", "at_ms", "by", "at by from operation on status outcome"),
  QUEUE(
      "queue",
      "queue_wait",
      "*",
      "began_at_ms",
      "room identity",
      "ticketId room roomId identity joinedAt endedAt waitedSec outcome"),
  /** Without what the reports say. */
  REPORTS(
      "reports",
      "diagnostics_report",
      "id, report_id, at_ms, size_chars",
      "at_ms",
      "",
      "reportId at sizeChars");

  private final String wireName;
  final String table;
  final String selected;
  final String timeColumn;
  private final String filters;
  private final String columns;

  Listing(
      String wireName,
      String table,
      String selected,
      String timeColumn,
      String filters,
      String columns) {
    this.wireName = wireName;
    this.table = table;
    this.selected = selected;
    this.timeColumn = timeColumn;
    this.filters = filters;
    this.columns = columns;
  }

  public String wireName() {
    return wireName;
  }

  /** What the rows can be chosen by, besides the time. */
  public List<String> filters() {
    return filters.isEmpty() ? List.of() : List.of(filters.split(" "));
  }

  String column(String filter) {
    if (!filters().contains(filter)) {
      throw new IllegalArgumentException(wireName + " cannot be chosen by " + filter);
    }
    return switch (filter) {
      case "roomId" -> "room_id";
      case "by" -> "by_name";
      default -> filter;
    };
  }

  /** Of a table of text; a dot leads into an object. */
  public List<String> columns() {
    return List.of(columns.split(" "));
  }
}
