package dev.parley.core.api;

/** A command that was refused. The message says what was wrong, with which value. */
public final class MediaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The codes are a subset of those of {@code sfu.v1}. */
  public enum Code {
    BAD_REQUEST,
    SDP_INVALID,
    SDP_UNSUPPORTED,
    NO_COMMON_CODEC,
    SLOT_LIMIT,
    STALE_GENERATION,
    ROOM_ENDED,
    SERVER_FULL,
    DRAINING,
    NOT_IN_ROOM,
    INTERNAL
  }

  private final Code code;

  public MediaException(Code code, String message) {
    super(message);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
