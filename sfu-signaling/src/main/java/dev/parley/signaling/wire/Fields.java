package dev.parley.signaling.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object field by field and remembers the first field that was wrong. A wrong or
 * missing field yields a neutral value; the caller asks {@link #refusal()} once at the end. Null
 * counts as absent, unknown fields are ignored.
 */
final class Fields {
  private final JsonNode node;
  private final String path;
  private final Complaint complaint;

  private static final class Complaint {
    private @Nullable Refusal first;
  }

  private Fields(JsonNode node, String path, Complaint complaint) {
    this.node = node;
    this.path = path;
    this.complaint = complaint;
  }

  /** The fields of a frame's {@code data}; absent data is an empty object. */
  static Fields of(@Nullable JsonNode data) {
    Complaint complaint = new Complaint();
    if (data != null && !data.isNull() && !data.isObject()) {
      complaint.first = Refusal.badField("data", "an object");
    }
    return new Fields(
        data != null && data.isObject() ? data : WireJson.MAPPER.createObjectNode(), "", complaint);
  }

  Optional<Refusal> refusal() {
    return Optional.ofNullable(complaint.first);
  }

  void complain(String field, String expected) {
    if (complaint.first == null) {
      complaint.first = Refusal.badField(path + field, expected);
    }
  }

  Optional<String> text(String field, int maxLength) {
    return optional(field)
        .flatMap(value -> {
          if (!value.isTextual() || value.textValue().length() > maxLength) {
            complain(field, "a string of at most " + maxLength + " characters");
            return Optional.empty();
          }
          return Optional.of(value.textValue());
        });
  }

  String requiredText(String field, int maxLength) {
    if (optional(field).isEmpty()) {
      complain(field, "a string of at most " + maxLength + " characters");
    }
    return text(field, maxLength).orElse("");
  }

  String requiredMatch(String field, Pattern pattern) {
    String value = optional(field).filter(JsonNode::isTextual).map(JsonNode::textValue).orElse("");
    if (!pattern.matcher(value).matches()) {
      complain(field, "a string matching " + pattern.pattern());
      return "";
    }
    return value;
  }

  /** Absent, or a text of this form. */
  Optional<String> match(String field, Pattern pattern) {
    return has(field) ? Optional.of(requiredMatch(field, pattern)) : Optional.empty();
  }

  /** A text for people of several lines, not blank. */
  String requiredProse(String field, int maxCodePoints) {
    String prose =
        optional(field)
            .filter(JsonNode::isTextual)
            .map(value -> PlainText.lines(value.textValue()))
            .orElse("");
    if (prose.isEmpty() || prose.codePointCount(0, prose.length()) > maxCodePoints) {
      complain(field, "a text of 1 to " + maxCodePoints + " characters");
      return "";
    }
    return prose;
  }

  /** A value of any shape, as JSON text. */
  String requiredJson(String field, int maxBytes) {
    Optional<String> json = optional(field).map(WireJson::write);
    if (json.isEmpty() || json.get().getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      complain(field, "a JSON value of at most " + maxBytes + " bytes");
      return "null";
    }
    return json.get();
  }

  /** All fields together, as JSON text. */
  String json(int maxBytes) {
    String json = WireJson.write(node);
    if (json.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
      complain("data", "an object of at most " + maxBytes + " bytes");
      return "{}";
    }
    return json;
  }

  /** A list of texts; absent is an empty one. */
  List<String> strings(String field, int maxLength, int maxTextLength) {
    List<String> texts = new ArrayList<>();
    for (JsonNode text : array(field, maxLength, "strings")) {
      if (!text.isTextual() || text.textValue().length() > maxTextLength) {
        complain(field, "a list of strings of at most " + maxTextLength + " characters");
        return List.of();
      }
      texts.add(text.textValue());
    }
    return texts;
  }

  /** A text for people: control and formatting characters are dropped, then the ends trimmed. */
  Optional<String> plainText(String field, int maxCodePoints) {
    return optional(field)
        .flatMap(value -> {
          String plain = value.isTextual() ? PlainText.of(value.textValue()) : "";
          if (!value.isTextual() || plain.codePointCount(0, plain.length()) > maxCodePoints) {
            complain(field, "a string of at most " + maxCodePoints + " characters");
            return Optional.empty();
          }
          return Optional.of(plain);
        });
  }

  Optional<Boolean> flag(String field) {
    return optional(field)
        .flatMap(value -> {
          if (!value.isBoolean()) {
            complain(field, "true or false");
            return Optional.empty();
          }
          return Optional.of(value.booleanValue());
        });
  }

  OptionalInt integer(String field, int least, int most) {
    Optional<JsonNode> value = optional(field);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    JsonNode number = value.get();
    if (!number.isIntegralNumber()
        || !number.canConvertToInt()
        || number.intValue() < least
        || number.intValue() > most) {
      complain(field, integerText(least, most));
      return OptionalInt.empty();
    }
    return OptionalInt.of(number.intValue());
  }

  int requiredInteger(String field, int least, int most) {
    if (optional(field).isEmpty()) {
      complain(field, integerText(least, most));
    }
    return integer(field, least, most).orElse(least);
  }

  double requiredNumber(String field) {
    Optional<JsonNode> value = optional(field).filter(JsonNode::isNumber);
    if (value.isEmpty() || !Double.isFinite(value.get().doubleValue())) {
      complain(field, "a number");
      return 0;
    }
    return value.get().doubleValue();
  }

  /** One of a few words. */
  <T> Optional<T> word(String field, Map<String, T> words) {
    return optional(field)
        .flatMap(value -> {
          T meaning = value.isTextual() ? words.get(value.textValue()) : null;
          if (meaning == null) {
            complain(field, "one of " + String.join(", ", words.keySet()));
          }
          return Optional.ofNullable(meaning);
        });
  }

  <T> Optional<T> requiredWord(String field, Map<String, T> words) {
    if (optional(field).isEmpty()) {
      complain(field, "one of " + String.join(", ", words.keySet()));
    }
    return word(field, words);
  }

  /** A nested object; absent is an empty one. */
  Fields object(String field) {
    Optional<JsonNode> value = optional(field);
    if (value.isPresent() && !value.get().isObject()) {
      complain(field, "an object");
    }
    return new Fields(
        value.filter(JsonNode::isObject).orElseGet(WireJson.MAPPER::createObjectNode),
        path + field + ".",
        complaint);
  }

  boolean has(String field) {
    return optional(field).isPresent();
  }

  /** A list of objects; absent is an empty one. An element that reads as empty is left out. */
  <T> List<T> objects(String field, int maxLength, Function<Fields, Optional<T>> read) {
    List<T> elements = new ArrayList<>();
    List<JsonNode> nodes = array(field, maxLength, "objects");
    for (int i = 0; i < nodes.size(); i++) {
      if (!nodes.get(i).isObject()) {
        complain(field + "[" + i + "]", "an object");
        return elements;
      }
      read.apply(new Fields(nodes.get(i), path + field + "[" + i + "].", complaint))
          .ifPresent(elements::add);
    }
    return elements;
  }

  List<Integer> requiredIntegers(String field, int maxLength) {
    if (optional(field).isEmpty()) {
      complain(field, "a list of at most " + maxLength + " integers");
    }
    List<Integer> numbers = new ArrayList<>();
    for (JsonNode number : array(field, maxLength, "integers")) {
      if (!number.isIntegralNumber() || !number.canConvertToInt()) {
        complain(field, "a list of at most " + maxLength + " integers");
      } else {
        numbers.add(number.intValue());
      }
    }
    return numbers;
  }

  /** An object whose values are all strings; at most {@code maxEntries} of them. */
  Map<String, String> texts(String field, int maxEntries, int maxKeyLength, int maxValueLength) {
    String expected =
        "an object of at most %d strings of at most %d characters, with names of at most %d"
            .formatted(maxEntries, maxValueLength, maxKeyLength);
    JsonNode value = optional(field).orElse(null);
    if (value == null) {
      return Map.of();
    }
    if (!value.isObject() || value.size() > maxEntries) {
      complain(field, expected);
      return Map.of();
    }
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      if (entry.getKey().length() > maxKeyLength
          || !entry.getValue().isTextual()
          || entry.getValue().textValue().length() > maxValueLength) {
        complain(field, expected);
        return Map.of();
      }
      texts.put(PlainText.of(entry.getKey()), entry.getValue().textValue());
    }
    return texts;
  }

  private List<JsonNode> array(String field, int maxLength, String what) {
    Optional<JsonNode> value = optional(field);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!value.get().isArray() || value.get().size() > maxLength) {
      complain(field, "a list of at most " + maxLength + " " + what);
      return List.of();
    }
    List<JsonNode> elements = new ArrayList<>();
    value.get().forEach(elements::add);
    return elements;
  }

  private Optional<JsonNode> optional(String field) {
    return Optional.ofNullable(node.get(field)).filter(value -> !value.isNull());
  }

  private static String integerText(int least, int most) {
    return most == Integer.MAX_VALUE
        ? "an integer of at least " + least
        : "an integer from " + least + " to " + most;
  }
}
