package dev.parley.core.sdp;

import java.util.Locale;
import java.util.Optional;

/** Who starts DTLS: {@code a=setup} (RFC 4145, RFC 8842). The active side is the DTLS client. */
public enum Setup {
  ACTIVE,
  PASSIVE,
  ACTPASS,
  HOLDCONN;

  static Optional<Setup> of(String name) {
    return switch (name) {
      case "active" -> Optional.of(ACTIVE);
      case "passive" -> Optional.of(PASSIVE);
      case "actpass" -> Optional.of(ACTPASS);
      case "holdconn" -> Optional.of(HOLDCONN);
      default -> Optional.empty();
    };
  }

  /** As written in a description. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
