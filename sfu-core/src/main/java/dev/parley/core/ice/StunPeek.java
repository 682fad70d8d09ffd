package dev.parley.core.ice;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a socket needs to know of a STUN packet to route it, before anything is authenticated. Any
 * thread; allocates nothing but the fragment it returns.
 */
public final class StunPeek {
  private static final int MAX_UFRAG = 256;

  private StunPeek() {}

  /** Whether the datagram is a STUN message by its header (RFC 7983, RFC 8489 section 6.3). */
  public static boolean looksLikeStun(byte[] b, int off, int len) {
    return StunView.looksLikeStun(b, off, len);
  }

  /** Whether the datagram is the answer to a check, also one that refuses it. */
  public static boolean isBindingAnswer(byte[] b, int off, int len) {
    if (!StunView.looksLikeStun(b, off, len)) {
      return false;
    }
    int type = StunView.uint16(b, off);
    return type == StunView.BINDING_SUCCESS || type == StunView.BINDING_ERROR;
  }

  /**
   * The receiver's fragment that a binding request names first in its USERNAME (RFC 8445 section
   * 7.2.2), or null if this is no binding request or names none.
   */
  public static @Nullable String localUfrag(byte[] b, int off, int len) {
    if (!StunView.looksLikeStun(b, off, len)
        || StunView.uint16(b, off) != StunView.BINDING_REQUEST) {
      return null;
    }
    int end = off + len;
    int at = off + StunView.HEADER;
    while (at + 4 <= end) {
      int length = StunView.uint16(b, at + 2);
      int value = at + 4;
      if (value + length > end) {
        return null;
      }
      if (StunView.uint16(b, at) == StunView.USERNAME) {
        return beforeColon(b, value, length);
      }
      at = value + (length + 3 & ~3);
    }
    return null;
  }

  private static @Nullable String beforeColon(byte[] b, int at, int length) {
    for (int i = 0; i < length && i <= MAX_UFRAG; i++) {
      if (b[at + i] == ':') {
        return i == 0 ? null : new String(b, at, i, StandardCharsets.ISO_8859_1);
      }
    }
    return null;
  }
}
