package dev.parley.admin.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.wire.PlainText;
import dev.parley.signaling.wire.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request's body. What is wrong with the first wrong one is asked afterwards, by
 * {@link #problem}; a field that nobody has read by then is unknown, which is wrong as well.
 */
final class Body {
  private final ObjectNode fields;
  private final Set<String> read = new LinkedHashSet<>();
  private @Nullable Refusal wrong;

  Body(ObjectNode fields) {
    this.fields = fields;
  }

  Optional<Refusal> problem() {
    if (wrong == null) {
      fields
          .fieldNames()
          .forEachRemaining(name -> {
            if (!read.contains(name)) {
              complain(
                  name,
                  read.isEmpty() ? "no field" : "one of " + String.join(", ", read) + " instead");
            }
          });
    }
    return Optional.ofNullable(wrong);
  }

  void complain(String field, String expected) {
    if (wrong == null) {
      wrong = Refusal.badField(field, expected);
    }
  }

  /** A field as it is; a missing one and {@code null} are empty. */
  Optional<JsonNode> node(String name) {
    read.add(name);
    return Optional.ofNullable(fields.get(name)).filter(node -> !node.isNull());
  }

  Optional<ObjectNode> object(String name) {
    Optional<JsonNode> node = node(name);
    if (node.isPresent() && !node.get().isObject()) {
      complain(name, "an object");
    }
    return node.filter(JsonNode::isObject).map(ObjectNode.class::cast);
  }

  Optional<Boolean> flag(String name) {
    Optional<JsonNode> node = node(name);
    if (node.isPresent() && !node.get().isBoolean()) {
      complain(name, "true or false");
    }
    return node.filter(JsonNode::isBoolean).map(JsonNode::booleanValue);
  }

  OptionalInt integer(String name, int least, int most) {
    Optional<JsonNode> node = node(name);
    boolean right =
        node.isPresent()
            && node.get().isIntegralNumber()
            && node.get().canConvertToInt()
            && node.get().intValue() >= least
            && node.get().intValue() <= most;
    if (node.isPresent() && !right) {
      complain(name, "an integer from " + least + " to " + most);
    }
    return right ? OptionalInt.of(node.get().intValue()) : OptionalInt.empty();
  }

  int requiredInteger(String name, int least, int most) {
    OptionalInt given = integer(name, least, most);
    if (given.isEmpty()) {
      complain(name, "an integer from " + least + " to " + most);
    }
    return given.orElse(least);
  }

  /** Text that people see, without what could forge a line. */
  Optional<String> text(String name, int mostChars) {
    Optional<JsonNode> node = node(name);
    boolean right =
        node.isPresent() && node.get().isTextual() && node.get().textValue().length() <= mostChars;
    if (node.isPresent() && !right) {
      complain(name, "a text of at most " + mostChars + " characters");
    }
    return right ? Optional.of(PlainText.of(node.get().textValue())) : Optional.empty();
  }

  String requiredText(String name, int mostChars) {
    String given = text(name, mostChars).orElse("");
    if (given.isEmpty()) {
      complain(name, "a text of 1 to " + mostChars + " characters");
    }
    return given;
  }

  String requiredMatch(String name, Pattern pattern) {
    String given = node(name).filter(JsonNode::isTextual).map(JsonNode::textValue).orElse("");
    if (!pattern.matcher(given).matches()) {
      complain(name, "a text like " + pattern.pattern());
    }
    return given;
  }

  /** One of some words, each with what it stands for. */
  <T> Optional<T> word(String name, Map<String, T> words) {
    Optional<JsonNode> node = node(name);
    Optional<T> known =
        node.filter(JsonNode::isTextual)
            .map(JsonNode::textValue)
            .flatMap(text -> Optional.ofNullable(words.get(text)));
    if (node.isPresent() && known.isEmpty()) {
      complain(name, "one of " + String.join(", ", words.keySet()));
    }
    return known;
  }

  List<String> texts(String name, int most, Pattern pattern) {
    Optional<JsonNode> node = node(name);
    List<String> texts = new ArrayList<>();
    boolean right = node.isEmpty() || (node.get().isArray() && node.get().size() <= most);
    for (JsonNode element :
        right ? node.<Iterable<JsonNode>>map(n -> n).orElse(List.of()) : List.<JsonNode>of()) {
      right &= element.isTextual() && pattern.matcher(element.textValue()).matches();
      texts.add(element.asText());
    }
    if (!right) {
      complain(name, "at most " + most + " texts like " + pattern.pattern());
    }
    return right ? texts : List.of();
  }

  /** An object whose values are texts. */
  Map<String, String> map(String name, int most, int nameChars, int valueChars) {
    Map<String, String> texts = new LinkedHashMap<>();
    ObjectNode given = object(name).orElse(null);
    if (given == null) {
      return texts;
    }
    boolean right = given.size() <= most;
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      right &=
          entry.getKey().length() <= nameChars
              && entry.getValue().isTextual()
              && entry.getValue().textValue().length() <= valueChars;
      texts.put(PlainText.of(entry.getKey()), PlainText.of(entry.getValue().asText()));
    }
    if (!right) {
      complain(
          name,
          "at most %d texts of %d characters with names of %d"
              .formatted(most, valueChars, nameChars));
    }
    return right ? texts : Map.of();
  }
}
