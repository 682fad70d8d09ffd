package dev.parley.signaling.tls;

import io.vertx.core.buffer.Buffer;

/** What a connection is, by the first bytes that its client sends. */
enum FirstBytes {
  /** Too few to say. */
  UNKNOWN,
  /** A STUN message (RFC 8489 section 5): two zero bits and the magic cookie. */
  TURN,
  HTTP;

  private static final int COOKIE = 0x2112_a442;
  private static final int COOKIE_AT = 4;

  static FirstBytes look(Buffer bytes) {
    if (bytes.length() == 0) {
      return UNKNOWN;
    }
    // No HTTP method begins with such a byte.
    if (bytes.getByte(0) >= 0x40) {
      return HTTP;
    }
    if (bytes.length() < COOKIE_AT + Integer.BYTES) {
      return UNKNOWN;
    }
    return bytes.getInt(COOKIE_AT) == COOKIE ? TURN : HTTP;
  }
}
