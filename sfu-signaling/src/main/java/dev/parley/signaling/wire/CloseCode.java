package dev.parley.signaling.wire;

import java.nio.charset.StandardCharsets;

/**
 * WebSocket close codes (RFC 6455, section 7.4) that the server uses, with what they tell. Where
 * somebody ends a visit, the reason is that one's own words, or nothing.
 */
public enum CloseCode {
  NORMAL(1000, "normal"),
  RESTART(1012, "the server restarts"),
  INTERNAL(4000, "internal error"),
  BAD_MESSAGE(4001, "bad message"),
  UNSUPPORTED_VERSION(4002, "unsupported version"),
  HELLO_TIMEOUT(4003, "no hello in time"),
  AUTH_FAILED(4004, "authentication failed"),
  RATE_LIMITED(4008, "too many messages"),
  HEARTBEAT_LOST(4009, "heartbeat lost"),
  SESSION_GONE(4010, "session gone"),
  REPLACED(4011, "replaced by another connection"),
  KICKED(4012, ""),
  ROOM_ENDED(4013, ""),
  TIME_UP(4014, ""),
  QUEUE_DENIED(4015, ""),
  TICKET_EXPIRED(4016, "ticket expired"),
  DRAINING(4020, "the server is draining"),
  TOO_MANY_CONNECTIONS(4021, "too many connections"),
  TOO_BIG(4022, "message too big"),
  SLOW_CONSUMER(4023, "slow consumer");

  private static final int MOST_REASON_BYTES = 123;

  private final short code;
  private final String text;

  CloseCode(int code, String text) {
    this.code = (short) code;
    this.text = text;
  }

  public short code() {
    return code;
  }

  public String text() {
    return text;
  }

  /** The reason to be sent: at most 123 bytes of UTF-8. */
  public String reason(String words) {
    String reason = words.isEmpty() ? text : words;
    while (reason.getBytes(StandardCharsets.UTF_8).length > MOST_REASON_BYTES) {
      reason = reason.substring(0, reason.offsetByCodePoints(reason.length(), -1));
    }
    return reason;
  }
}
