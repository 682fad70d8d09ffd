package dev.parley.signaling.wire;

import dev.parley.core.api.MediaException;
import java.util.Locale;

/** Why a request was refused, as {@code sfu.v1} names it. The same codes stand in problem JSON. */
public enum ErrorCode {
  BAD_REQUEST(false),
  UNKNOWN_TYPE(false),
  UNSUPPORTED_VERSION(false),
  NOT_AUTHENTICATED(false),
  TOKEN_INVALID(false),
  TOKEN_EXPIRED(false),
  TOKEN_NOT_YET_VALID(true),
  FORBIDDEN(false),
  ROOM_NOT_FOUND(false),
  ROOM_FULL(true),
  ROOM_LOCKED(true),
  ROOM_ENDED(false),
  WRONG_PASSWORD(false),
  BANNED(true),
  DUPLICATE_IDENTITY(false),
  QUEUE_FULL(true),
  QUEUE_CLOSED(true),
  QUEUE_DENIED(false),
  TICKET_EXPIRED(false),
  TIMER_CONFLICT(false),
  TOO_MANY_CONNECTIONS(false),
  SERVER_FULL(true),
  DRAINING(true),
  RATE_LIMITED(true),
  MESSAGE_TOO_BIG(false),
  SESSION_NOT_FOUND(true),
  STALE_GENERATION(true),
  SDP_INVALID(false),
  SDP_UNSUPPORTED(false),
  NO_COMMON_CODEC(false),
  SLOT_LIMIT(false),
  NOT_IN_ROOM(false),
  ALREADY_JOINED(false),
  INTERNAL(true);

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final boolean retryable;

  ErrorCode(boolean retryable) {
    this.retryable = retryable;
  }

  public String wireName() {
    return wireName;
  }

  /** Whether the same request may succeed later without the client changing anything. */
  public boolean retryable() {
    return retryable;
  }

  /** The code for a command that the media engine refused. */
  public static ErrorCode of(MediaException.Code code) {
    return switch (code) {
      case BAD_REQUEST -> BAD_REQUEST;
      case SDP_INVALID -> SDP_INVALID;
      case SDP_UNSUPPORTED -> SDP_UNSUPPORTED;
      case NO_COMMON_CODEC -> NO_COMMON_CODEC;
      case SLOT_LIMIT -> SLOT_LIMIT;
      case STALE_GENERATION -> STALE_GENERATION;
      case ROOM_ENDED -> ROOM_ENDED;
      case SERVER_FULL -> SERVER_FULL;
      case DRAINING -> DRAINING;
      case NOT_IN_ROOM -> NOT_IN_ROOM;
      case INTERNAL -> INTERNAL;
    };
  }
}
