package dev.parley.core.sdp;

import java.util.Locale;
import java.util.Optional;

/**
 * The direction of a section, or of a header extension, as its description's author sees it (RFC
 * 8866 section 6.7).
 */
public enum Direction {
  SENDRECV,
  SENDONLY,
  RECVONLY,
  INACTIVE;

  static Optional<Direction> of(String name) {
    return switch (name) {
      case "sendrecv" -> Optional.of(SENDRECV);
      case "sendonly" -> Optional.of(SENDONLY);
      case "recvonly" -> Optional.of(RECVONLY);
      case "inactive" -> Optional.of(INACTIVE);
      default -> Optional.empty();
    };
  }

  public boolean sends() {
    return this == SENDRECV || this == SENDONLY;
  }

  public boolean receives() {
    return this == SENDRECV || this == RECVONLY;
  }

  /** The same as the other side sees it. */
  public Direction reversed() {
    return switch (this) {
      case SENDONLY -> RECVONLY;
      case RECVONLY -> SENDONLY;
      case SENDRECV, INACTIVE -> this;
    };
  }

  /** As written in a description. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
