package dev.parley.signaling.wire;

import dev.parley.core.api.MediaException;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A request that was not carried out, for a reason the caller can act on.
 *
 * @param message what happened, with which value, and what to do
 * @param retryAfterMs how long to wait, when waiting helps
 * @param details further facts by name; {@code field} and {@code expected} for a bad request
 */
public record Refusal(
    ErrorCode code, String message, OptionalLong retryAfterMs, Map<String, String> details) {
  private static final long FULL_RETRY_MS = 5000;

  public Refusal {
    details = Map.copyOf(details);
  }

  public static Refusal of(ErrorCode code, String message) {
    return new Refusal(code, message, OptionalLong.empty(), Map.of());
  }

  public static Refusal retryAfter(ErrorCode code, String message, long retryAfterMs) {
    return new Refusal(code, message, OptionalLong.of(retryAfterMs), Map.of());
  }

  /** A field that is missing, of the wrong type, or out of its bounds. */
  public static Refusal badField(String field, String expected) {
    return new Refusal(
        ErrorCode.BAD_REQUEST,
        field + ": expected " + expected,
        OptionalLong.empty(),
        Map.of("field", field, "expected", expected));
  }

  /** What the media engine says; a place that is full may be free again soon. */
  public static Refusal of(MediaException refused) {
    ErrorCode code = ErrorCode.of(refused.code());
    String message = refused.getMessage() == null ? refused.code().name() : refused.getMessage();
    return code == ErrorCode.SERVER_FULL
        ? retryAfter(code, message, FULL_RETRY_MS)
        : of(code, message);
  }
}
