package dev.parley.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.parley.server.config.ParleyConfig.LogFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * Writes a log event as one line. The fields {@code event}, {@code room} and {@code session} come
 * first, whether they were given with the event or with the thread (MDC); what no code of Parley
 * logged carries {@code logger} instead of {@code event}. Any thread.
 */
final class EventEncoder extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int PLAIN_FRAMES = 4;

  private final LogFormat format;
  private final Redactor redactor;

  EventEncoder(LogFormat format, Redactor redactor) {
    this.format = format;
    this.redactor = redactor;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String line =
        switch (format) {
          case PLAIN -> plain(event);
          case JSON -> json(event);
        };
    return line.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  private String plain(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    line.append(time(event)).append(' ').append("%-5s".formatted(event.getLevel()));
    fields(event)
        .forEach((name, value) -> {
          line.append(' ').append(name).append('=');
          appendValue(line, value);
        });
    if (!message(event).isEmpty()) {
      line.append(" msg=");
      appendQuoted(line, message(event));
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.append(" error=");
      appendQuoted(line, redactor.redact(thrown.getClassName() + ": " + thrown.getMessage()));
      line.append(" at=");
      appendQuoted(line, frames(thrown));
    }
    return line.append('\n').toString();
  }

  private String json(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(240);
    line.append("{\"time\":\"").append(time(event));
    line.append("\",\"level\":\"").append(event.getLevel()).append('"');
    fields(event).forEach((name, value) -> appendMember(line, name, value));
    if (!message(event).isEmpty()) {
      appendMember(line, "msg", message(event));
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      appendMember(line, "error", redactor.redact(ThrowableProxyUtil.asString(thrown)));
    }
    return line.append("}\n").toString();
  }

  private Map<String, String> fields(ILoggingEvent event) {
    Map<String, String> given = new LinkedHashMap<>(event.getMDCPropertyMap());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        given.put(pair.key, String.valueOf(pair.value));
      }
    }
    Map<String, String> ordered = new LinkedHashMap<>();
    if (!given.containsKey("event")) {
      ordered.put("logger", event.getLoggerName());
    }
    for (String first : new String[] {"event", "room", "session"}) {
      String value = given.remove(first);
      if (value != null) {
        ordered.put(first, redactor.redactField(first, value));
      }
    }
    given.forEach((name, value) -> ordered.put(name, redactor.redactField(name, value)));
    return ordered;
  }

  private String message(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    return message == null ? "" : redactor.redact(message);
  }

  private static String time(ILoggingEvent event) {
    return TIME.format(Instant.ofEpochMilli(event.getTimeStamp()));
  }

  private static String frames(IThrowableProxy thrown) {
    StringBuilder frames = new StringBuilder();
    StackTraceElementProxy[] trace = thrown.getStackTraceElementProxyArray();
    for (int i = 0; i < Math.min(PLAIN_FRAMES, trace.length); i++) {
      StackTraceElement frame = trace[i].getStackTraceElement();
      String className = frame.getClassName();
      frames
          .append(i == 0 ? "" : " < ")
          .append(className.substring(className.lastIndexOf('.') + 1))
          .append('.')
          .append(frame.getMethodName())
          .append(':')
          .append(frame.getLineNumber());
    }
    return frames.toString();
  }

  private static void appendMember(StringBuilder line, String name, String value) {
    line.append(',');
    appendQuoted(line, name);
    line.append(':');
    appendQuoted(line, value);
  }

  private static void appendValue(StringBuilder line, String value) {
    boolean bare =
        !value.isEmpty()
            && value.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && !breaks(c));
    if (bare) {
      line.append(value);
    } else {
      appendQuoted(line, value);
    }
  }

  /** RFC 8259, section 7; a line break in a value therefore never starts a new line. */
  private static void appendQuoted(StringBuilder line, String value) {
    line.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (breaks(c)) {
            line.append("\\u%04x".formatted((int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    line.append('"');
  }

  /** Whether some reader of logs might take the character for the end of a line or a command. */
  private static boolean breaks(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }
}
