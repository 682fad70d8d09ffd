package dev.parley.admin.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.parley.signaling.room.RoomEvent;
import dev.parley.signaling.wire.WireJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The fields of an event, in one order everywhere. */
public final class EventJson {
  private EventJson() {}

  /** What it is about: {@code room}, {@code roomId}, {@code details}. */
  public static Map<String, Object> subject(RoomEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("room", event.room());
    fields.put("roomId", event.roomId());
    fields.put("details", new TreeMap<>(event.details()));
    return fields;
  }

  /** RFC 3339, as {@code 2030-01-01T00:00:00Z}. */
  public static String time(long atMs) {
    return Instant.ofEpochMilli(atMs).toString();
  }

  /**
   * Writes maps, lists and scalars.
   *
   * @throws IllegalStateException when they hold what JSON cannot, a fault of ours
   */
  public static String write(Map<String, Object> fields) {
    try {
      return WireJson.MAPPER.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event holds what JSON cannot", e);
    }
  }
}
