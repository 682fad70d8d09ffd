package dev.parley.signaling.observe;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a WebSocket ended that the server did not close, by its close code (RFC 6455, 7.4). */
public enum PeerClose {
  /** 1000. */
  NORMAL,
  /** 1001: the page is closed, or loaded again. */
  GOING_AWAY,
  /** 4000 to 4999: the client's own codes. */
  APPLICATION,
  /** No close frame came, or one without a code. */
  LOST,
  OTHER;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }

  /**
   * By the code of the close frame.
   *
   * @param code null: there was none
   */
  public static PeerClose of(@Nullable Short code) {
    if (code == null) {
      return LOST;
    }
    return switch (code.intValue()) {
      case 1000 -> NORMAL;
      case 1001 -> GOING_AWAY;
      case 1005, 1006 -> LOST;
      default -> code >= 4000 && code < 5000 ? APPLICATION : OTHER;
    };
  }
}
