package dev.parley.signaling.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.rules.EchoRooms;
import dev.parley.signaling.rules.QueueSettings;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.rules.TimerSettings;
import dev.parley.signaling.wire.WireJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A room's settings as JSON: the names of the records' fields, with {@code maxParticipants} and
 * {@code countHosts} at the top and {@code startAt} in RFC 3339. What is absent is as in the base;
 * {@code preset} names another one.
 */
public final class RoomSettingsJson {
  private static final String PRESET = "preset";

  /**
   * The settings of rooms as a file has them: {@code {"defaults": {...}, "rooms": {"name": ...}}}.
   */
  public record Document(RoomSettings defaults, Map<String, RoomSettings> rooms) {
    public Document {
      rooms = Map.copyOf(rooms);
    }
  }

  private RoomSettingsJson() {}

  /**
   * Reads a whole file.
   *
   * @throws IllegalArgumentException naming the field that is wrong
   */
  public static Document document(String json) {
    JsonNode root;
    try {
      root = WireJson.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    object(root, "the file");
    root.fieldNames()
        .forEachRemaining(name -> {
          if (!List.of("defaults", "rooms").contains(name)) {
            throw new IllegalArgumentException(name + ": expected defaults or rooms");
          }
        });
    RoomSettings defaults =
        root.has("defaults") ? read(root.get("defaults"), RoomSettings.OPEN) : RoomSettings.OPEN;
    Map<String, RoomSettings> rooms = new HashMap<>();
    for (Map.Entry<String, JsonNode> room : root.path("rooms").properties()) {
      if (EchoRooms.isOne(room.getKey())) {
        throw new IllegalArgumentException(
            "rooms.%s: names that begin with %s are kept for connection checks"
                .formatted(room.getKey(), EchoRooms.PREFIX));
      }
      try {
        rooms.put(room.getKey(), read(room.getValue(), defaults));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("rooms." + room.getKey() + "." + e.getMessage(), e);
      }
    }
    return new Document(defaults, rooms);
  }

  /**
   * Reads the settings of one room.
   *
   * @throws IllegalArgumentException naming the field that is wrong
   */
  public static RoomSettings read(JsonNode given, RoomSettings base) {
    object(given, "settings");
    JsonNode preset = given.path(PRESET);
    if (!preset.isMissingNode() && !preset.isTextual()) {
      throw new IllegalArgumentException("preset: expected a string");
    }
    ObjectNode merged = write(preset.isTextual() ? RoomSettings.preset(preset.textValue()) : base);
    merge(merged, (ObjectNode) given, "");
    JsonNode queue = merged.path("queue");
    JsonNode timer = merged.path("timer");
    return new RoomSettings(
        Optional.ofNullable(merged.get("password"))
            .filter(JsonNode::isTextual)
            .map(JsonNode::textValue),
        new QueueSettings(
            merged.path("maxParticipants").intValue(),
            merged.path("countHosts").booleanValue(),
            queue.path("enabled").booleanValue(),
            word(
                "queue.mode",
                queue.path("mode"),
                QueueSettings.Mode.values(),
                RoomSettingsJson::lower),
            queue.path("maxLength").intValue(),
            queue.path("ticketsPerAddress").intValue(),
            queue.path("showPosition").booleanValue(),
            queue.path("showCount").booleanValue(),
            queue.path("admitWindowSec").intValue(),
            queue.path("awayGraceSec").intValue(),
            queue.path("autoAdmit").booleanValue(),
            queue.path("message").textValue()),
        new TimerSettings(
            timer.path("durationSec").intValue(),
            word(
                "timer.startOn",
                timer.path("startOn"),
                TimerSettings.StartOn.values(),
                TimerSettings.StartOn::wireName),
            startAt(timer.path("startAt")),
            numbers("timer.warnAtSec", timer.path("warnAtSec")),
            word(
                "timer.onEnd",
                timer.path("onEnd"),
                TimerSettings.OnEnd.values(),
                TimerSettings.OnEnd::wireName),
            timer.path("overtimeSec").intValue(),
            numbers("timer.extendStepsSec", timer.path("extendStepsSec")),
            timer.path("maxTotalSec").intValue(),
            timer.path("pauseOnOutage").booleanValue()),
        merged.path("guestSlotSec").intValue());
  }

  /** All fields, so that {@link #read} yields the same whatever the base. */
  public static ObjectNode write(RoomSettings settings) {
    QueueSettings queue = settings.queue();
    TimerSettings timer = settings.timer();
    ObjectNode node = WireJson.MAPPER.createObjectNode();
    settings
        .password()
        .ifPresentOrElse(text -> node.put("password", text), () -> node.putNull("password"));
    node.put("maxParticipants", queue.maxParticipants())
        .put("countHosts", queue.countHosts())
        .put("guestSlotSec", settings.guestSlotSec());
    node.putObject("queue")
        .put("enabled", queue.enabled())
        .put("mode", lower(queue.mode()))
        .put("maxLength", queue.maxLength())
        .put("ticketsPerAddress", queue.ticketsPerAddress())
        .put("showPosition", queue.showPosition())
        .put("showCount", queue.showCount())
        .put("admitWindowSec", queue.admitWindowSec())
        .put("awayGraceSec", queue.awayGraceSec())
        .put("autoAdmit", queue.autoAdmit())
        .put("message", queue.message());
    ObjectNode times =
        node.putObject("timer")
            .put("durationSec", timer.durationSec())
            .put("startOn", timer.startOn().wireName())
            .put("onEnd", timer.onEnd().wireName())
            .put("overtimeSec", timer.overtimeSec())
            .put("maxTotalSec", timer.maxTotalSec())
            .put("pauseOnOutage", timer.pauseOnOutage());
    if (timer.startAtMs().isPresent()) {
      times.put("startAt", Instant.ofEpochMilli(timer.startAtMs().getAsLong()).toString());
    } else {
      times.putNull("startAt");
    }
    ArrayNode warnings = times.putArray("warnAtSec");
    timer.warnAtSec().forEach(warnings::add);
    ArrayNode steps = times.putArray("extendStepsSec");
    timer.extendStepsSec().forEach(steps::add);
    return node;
  }

  /** Puts what is given over what is there; both have the same names and kinds of values. */
  private static void merge(ObjectNode there, ObjectNode given, String path) {
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      String name = field.getKey();
      JsonNode before = there.get(name);
      JsonNode value = field.getValue();
      if (path.isEmpty() && name.equals(PRESET)) {
        continue;
      }
      if (before == null) {
        throw new IllegalArgumentException(
            path + name + ": unknown; expected one of " + names(there));
      }
      if (before instanceof ObjectNode inner && value instanceof ObjectNode outer) {
        merge(inner, outer, path + name + ".");
      } else if (fits(before, value)) {
        there.set(name, value);
      } else {
        throw new IllegalArgumentException(
            path + name + ": expected " + kind(before) + ", not " + value);
      }
    }
  }

  private static boolean fits(JsonNode before, JsonNode value) {
    if (before.isIntegralNumber()) {
      return value.isIntegralNumber() && value.canConvertToInt();
    }
    boolean optionalText = before.isNull() || before.isTextual();
    return optionalText
        ? value.isTextual() || (before.isNull() && value.isNull())
        : before.getNodeType() == value.getNodeType();
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case NUMBER -> "an integer";
      case BOOLEAN -> "true or false";
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      default -> "a string";
    };
  }

  private static String names(ObjectNode node) {
    return String.join(", ", (Iterable<String>) node::fieldNames);
  }

  private static void object(JsonNode node, String what) {
    if (!node.isObject()) {
      throw new IllegalArgumentException(what + ": expected an object");
    }
  }

  private static <T> T word(String field, JsonNode node, T[] words, Function<T, String> name) {
    return Arrays.stream(words)
        .filter(word -> name.apply(word).equals(node.asText()))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                field
                    + ": expected one of "
                    + String.join(", ", Arrays.stream(words).map(name).toList())
                    + ", not "
                    + node));
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  private static List<Integer> numbers(String field, JsonNode list) {
    List<Integer> numbers = new ArrayList<>();
    for (JsonNode number : list) {
      if (!number.isIntegralNumber() || !number.canConvertToInt()) {
        throw new IllegalArgumentException(field + ": expected integers, not " + number);
      }
      numbers.add(number.intValue());
    }
    return numbers;
  }

  private static OptionalLong startAt(JsonNode text) {
    if (!text.isTextual()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Instant.parse(text.textValue()).toEpochMilli());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "timer.startAt: expected a time such as 2026-01-31T10:00:00Z, not " + text, e);
    }
  }
}
