package dev.parley.signaling.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.room.SavedRoom;
import dev.parley.signaling.rules.AdmissionState;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.rules.TimerSnapshot;
import dev.parley.signaling.rules.VisitSnapshot;
import dev.parley.signaling.session.SavedSession;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.WireJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The state as the JSON of the state file. */
final class SavedStateJson {
  private static final int VERSION = 1;

  private SavedStateJson() {}

  static String write(SavedState state) {
    ObjectNode root = WireJson.MAPPER.createObjectNode().put("version", VERSION);
    ArrayNode list = root.putArray("rooms");
    state.rooms().forEach(room -> list.add(json(room)));
    root.set("sessions", WireJson.MAPPER.valueToTree(state.sessions()));
    return WireJson.write(root);
  }

  private static ObjectNode json(SavedRoom room) {
    ObjectNode node =
        WireJson.MAPPER
            .createObjectNode()
            .put("name", room.name())
            .put("locked", room.locked())
            .put("keepSec", room.keepSec());
    node.set("settings", RoomSettingsJson.write(room.settings()));
    ObjectNode bans = node.putObject("bannedUntilMs");
    room.bannedUntilMs().forEach(bans::put);
    ArrayNode chat = node.putArray("chat");
    room.chat().forEach(message -> chat.add(EventFrame.json(message)));
    node.set("admission", WireJson.MAPPER.valueToTree(room.admission()));
    node.set("timer", WireJson.MAPPER.valueToTree(room.timer()));
    node.set("visits", WireJson.MAPPER.valueToTree(room.visits()));
    return node;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static SavedState read(String json) {
    try {
      JsonNode root = WireJson.MAPPER.readTree(json);
      if (root.path("version").asInt() != VERSION) {
        throw new IllegalArgumentException(
            "version: expected " + VERSION + ", not " + root.path("version"));
      }
      List<SavedRoom> rooms = new ArrayList<>();
      for (JsonNode room : root.path("rooms")) {
        rooms.add(room(room));
      }
      List<SavedSession> sessions = new ArrayList<>();
      for (JsonNode session : root.path("sessions")) {
        sessions.add(WireJson.MAPPER.treeToValue(session, SavedSession.class));
      }
      return new SavedState(rooms, sessions);
    } catch (JsonProcessingException | DateTimeException e) {
      throw new IllegalArgumentException("the state of the rooms cannot be read", e);
    }
  }

  private static SavedRoom room(JsonNode node) throws JsonProcessingException {
    Map<String, Long> bans = new HashMap<>();
    node.path("bannedUntilMs")
        .properties()
        .forEach(ban -> bans.put(ban.getKey(), ban.getValue().asLong()));
    List<Event.ChatMessage> chat = new ArrayList<>();
    node.path("chat").forEach(message -> chat.add(message(message)));
    return new SavedRoom(
        node.path("name").asText(),
        RoomSettingsJson.read(node.path("settings"), RoomSettings.OPEN),
        node.path("locked").asBoolean(),
        node.path("keepSec").asInt(),
        bans,
        chat,
        WireJson.MAPPER.treeToValue(node.path("admission"), AdmissionState.class),
        WireJson.MAPPER.treeToValue(node.path("timer"), TimerSnapshot.class),
        WireJson.MAPPER.treeToValue(node.path("visits"), VisitSnapshot.class));
  }

  private static Event.ChatMessage message(JsonNode node) {
    JsonNode from = node.path("from");
    return new Event.ChatMessage(
        node.path("msgId").asText(),
        Instant.parse(node.path("at").asText()).toEpochMilli(),
        new Event.Sender(
            from.path("participantId").asText(),
            from.path("identity").asText(),
            from.path("displayName").asText()),
        node.path("text").asText(),
        Optional.empty(),
        Optional.ofNullable(node.get("clientMsgId")).map(JsonNode::asText));
  }
}
