package dev.parley.signaling.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a token's claims one by one and remembers the first that was wrong; a wrong one yields a
 * neutral value, and the caller asks {@link #refusal()} at the end. Null counts as absent, unknown
 * claims are ignored.
 */
final class ClaimReader {
  /** NumericDates beyond are no dates; below, sums of two do not overflow. */
  private static final long MAX_DATE = 1L << 53;

  private final JsonNode claims;
  private @Nullable Refusal first;

  ClaimReader(JsonNode claims) {
    this.claims = claims;
  }

  Optional<Refusal> refusal() {
    return Optional.ofNullable(first);
  }

  void complain(String claim, String expected) {
    if (first == null) {
      first =
          new Refusal(
              ErrorCode.TOKEN_INVALID,
              "the token's " + claim + ": expected " + expected,
              OptionalLong.empty(),
              Map.of("claim", claim, "expected", expected));
    }
  }

  Optional<JsonNode> value(String claim) {
    return Optional.ofNullable(claims.get(claim)).filter(value -> !value.isNull());
  }

  Optional<String> text(String claim) {
    return value(claim)
        .flatMap(value -> {
          if (!value.isTextual()) {
            complain(claim, "a text");
            return Optional.empty();
          }
          return Optional.of(value.textValue());
        });
  }

  /** Whether, and else {@code otherwise}. */
  boolean flag(String claim, boolean otherwise) {
    Optional<JsonNode> value = value(claim);
    if (value.isPresent() && !value.get().isBoolean()) {
      complain(claim, "true or false");
    }
    return value.filter(JsonNode::isBoolean).map(JsonNode::booleanValue).orElse(otherwise);
  }

  OptionalInt integer(String claim, int least, int most) {
    Optional<JsonNode> value = value(claim);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    JsonNode number = value.get();
    if (!number.isIntegralNumber()
        || !number.canConvertToInt()
        || number.intValue() < least
        || number.intValue() > most) {
      complain(claim, "an integer from " + least + " to " + most);
      return OptionalInt.empty();
    }
    return OptionalInt.of(number.intValue());
  }

  /** A NumericDate (RFC 7519, section 2), in seconds since 1970; fractions are cut off. */
  OptionalLong date(String claim) {
    Optional<JsonNode> value = value(claim);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    JsonNode number = value.get();
    double seconds = number.isNumber() ? number.doubleValue() : Double.NaN;
    if (!(Math.abs(seconds) <= MAX_DATE)) {
      complain(claim, "a number of seconds since 1970");
      return OptionalLong.empty();
    }
    return OptionalLong.of((long) seconds);
  }

  <T> Optional<T> word(String claim, Map<String, T> words) {
    return value(claim)
        .flatMap(value -> {
          T meaning = value.isTextual() ? words.get(value.textValue()) : null;
          if (meaning == null) {
            complain(claim, "one of " + String.join(", ", words.keySet()));
          }
          return Optional.ofNullable(meaning);
        });
  }

  /** A text, or a list of 1 to {@code most}; absent is an empty list. */
  List<String> oneOrMore(String claim, int most) {
    Optional<JsonNode> value = value(claim);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get().isTextual()) {
      return List.of(value.get().textValue());
    }
    List<String> texts = new ArrayList<>();
    if (value.get().isArray() && !value.get().isEmpty() && value.get().size() <= most) {
      for (JsonNode element : value.get()) {
        if (element.isTextual()) {
          texts.add(element.textValue());
        }
      }
    }
    if (texts.isEmpty() || texts.size() != value.get().size()) {
      complain(claim, "a text, or a list of 1 to " + most);
      return List.of();
    }
    return texts;
  }

  /** An object of texts; absent is an empty one. */
  Map<String, String> texts(String claim, int most, int maxNameLength, int maxTextLength) {
    Optional<JsonNode> value = value(claim);
    if (value.isEmpty()) {
      return Map.of();
    }
    Map<String, String> texts = new TreeMap<>();
    boolean right = value.get().isObject() && value.get().size() <= most;
    if (right) {
      for (Map.Entry<String, JsonNode> entry : value.get().properties()) {
        right &=
            entry.getKey().length() <= maxNameLength
                && entry.getValue().isTextual()
                && entry.getValue().asText().length() <= maxTextLength;
        texts.put(entry.getKey(), entry.getValue().asText());
      }
    }
    if (!right) {
      complain(
          claim,
          "an object of at most %d texts of at most %d characters, with names of at most %d"
              .formatted(most, maxTextLength, maxNameLength));
      return Map.of();
    }
    return texts;
  }
}
