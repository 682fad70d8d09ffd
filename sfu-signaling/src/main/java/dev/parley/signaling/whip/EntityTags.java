package dev.parley.signaling.whip;

import java.util.Arrays;
import java.util.List;

/**
 * The value of {@code If-Match} (RFC 9110 section 13.1.1), by strong comparison.
 *
 * @param any whether it is {@code *}, which some clients put in quotation marks
 */
record EntityTags(boolean any, List<String> tags) {
  EntityTags {
    tags = List.copyOf(tags);
  }

  static EntityTags of(String value) {
    String text = value.strip();
    if (text.equals("*") || text.equals("\"*\"")) {
      return new EntityTags(true, List.of());
    }
    return new EntityTags(false, Arrays.stream(text.split(",", -1)).map(String::strip).toList());
  }

  /** A weak tag begins with {@code W/} and equals no strong one. */
  boolean has(String strongTag) {
    return tags.contains(strongTag);
  }
}
