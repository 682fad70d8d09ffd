package dev.parley.signaling.observe;

import dev.parley.signaling.wire.PlainText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One event of the log, as key and value. Values come from clients: what could forge a second line
 * is replaced, and long values are cut. Tokens never go in.
 */
public final class LogLine {
  private static final int MAX_VALUE = 200;

  private final Map<String, String> fields = new LinkedHashMap<>();

  private LogLine(String event) {
    fields.put("event", event);
  }

  public static LogLine event(String event) {
    return new LogLine(event);
  }

  public LogLine with(String key, Object value) {
    String text = PlainText.of(String.valueOf(value));
    fields.put(key, text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) + "…" : text);
    return this;
  }

  public void debug(Logger log) {
    builder(log, Level.DEBUG).log();
  }

  public void info(Logger log) {
    builder(log, Level.INFO).log();
  }

  public void warn(Logger log) {
    builder(log, Level.WARN).log();
  }

  public void error(Logger log, @Nullable Throwable cause) {
    builder(log, Level.ERROR).setCause(cause).log();
  }

  /** {@code event=join room=standup …}, on one line. */
  @Override
  public String toString() {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + field.getValue())
        .collect(Collectors.joining(" "));
  }

  private LoggingEventBuilder builder(Logger log, Level level) {
    LoggingEventBuilder builder = log.atLevel(level);
    for (Map.Entry<String, String> field : fields.entrySet()) {
      builder = builder.addKeyValue(field.getKey(), field.getValue());
    }
    return builder;
  }
}
