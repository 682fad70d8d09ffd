package dev.parley.admin.webhook;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * How one request ended.
 *
 * @param status of the answer; 0: there was none
 * @param retryAfterMs what the answer asks for
 * @param error for people; empty when it was delivered
 */
record AttemptResult(Outcome outcome, int status, OptionalLong retryAfterMs, String error) {
  /** What became of it. */
  enum Outcome {
    /** Any status from 200 to 299. */
    DELIVERED,
    /** Any other status but those below. */
    REFUSED,
    /** 3xx: nobody follows. */
    REDIRECTED,
    /** 410: the endpoint wants no more. */
    GONE,
    /** 429, 502, 504, or a status with {@code Retry-After}: not now. */
    OVERLOADED,
    /** No answer in time. */
    TIMEOUT,
    /** No connection, or one that broke, or an answer that cannot be read. */
    UNREACHABLE,
    /** An address that must not be connected to. */
    FORBIDDEN;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static AttemptResult answered(int status, OptionalLong retryAfterMs) {
    if (status >= 200 && status < 300) {
      return new AttemptResult(Outcome.DELIVERED, status, OptionalLong.empty(), "");
    }
    Outcome outcome =
        switch (status) {
          case 410 -> Outcome.GONE;
          case 429, 502, 504 -> Outcome.OVERLOADED;
          default ->
              status >= 300 && status < 400
                  ? Outcome.REDIRECTED
                  : retryAfterMs.isPresent() ? Outcome.OVERLOADED : Outcome.REFUSED;
        };
    return new AttemptResult(
        outcome,
        status,
        retryAfterMs,
        outcome == Outcome.REDIRECTED
            ? "status " + status + ": redirects are not followed, set the new URL"
            : "status " + status);
  }

  static AttemptResult unanswered(Outcome outcome, String error) {
    return new AttemptResult(outcome, 0, OptionalLong.empty(), error);
  }

  boolean delivered() {
    return outcome == Outcome.DELIVERED;
  }
}
