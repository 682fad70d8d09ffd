package dev.parley.admin.webhook;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} (RFC 9110, section 10.2.3): seconds, or a date. */
final class RetryAfter {
  /** No endpoint is waited for longer. */
  static final long MOST_MS = 86_400_000;

  private RetryAfter() {}

  /** Milliseconds from now; empty when there is none that can be read. */
  static OptionalLong ms(@Nullable String header, long nowMs) {
    if (header == null) {
      return OptionalLong.empty();
    }
    String text = header.strip();
    if (text.matches("\\d{1,9}")) {
      return OptionalLong.of(Math.min(MOST_MS, Long.parseLong(text) * 1000));
    }
    try {
      long atMs = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from).toEpochMilli();
      return OptionalLong.of(Math.clamp(atMs - nowMs, 0, MOST_MS));
    } catch (DateTimeException malformed) {
      return OptionalLong.empty();
    }
  }
}
