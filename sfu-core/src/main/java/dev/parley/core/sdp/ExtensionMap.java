package dev.parley.core.sdp;

import java.util.List;
import java.util.Optional;

/**
 * A header extension and the number that stands for it (RFC 8285 section 5).
 *
 * @param direction present when written; else the section's own
 */
public record ExtensionMap(int id, Optional<Direction> direction, String uri) {
  private static final int LAST_PROVISIONAL_ID = 4351;

  /** An extension for every direction of its section. */
  public ExtensionMap(int id, String uri) {
    this(id, Optional.empty(), uri);
  }

  static ExtensionMap of(SdpLine line) {
    List<String> words = line.words(2, "a=extmap:id uri");
    String head = words.get(0);
    int slash = head.indexOf('/');
    int id =
        line.integer(slash < 0 ? head : head.substring(0, slash), 1, LAST_PROVISIONAL_ID, "the id");
    Optional<Direction> direction = Optional.empty();
    if (slash >= 0) {
      direction = Direction.of(head.substring(slash + 1));
      if (direction.isEmpty()) {
        throw line.invalid("unknown direction");
      }
    }
    return new ExtensionMap(id, direction, words.get(1));
  }

  /** The argument of {@code a=extmap}. */
  String argument() {
    return id + direction.map(d -> "/" + d.wireName()).orElse("") + " " + uri;
  }
}
