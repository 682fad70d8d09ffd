package dev.parley.signaling;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What the log says of whom sockets come from: {@code socket.opened 192.0.2.1:5000}. */
public final class OpenedSockets implements AutoCloseable {
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Level before = Objects.requireNonNullElse(root.getLevel(), Level.WARN);
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if ("socket.opened".equals(value(event, "event"))) {
            lines.add("socket.opened " + value(event, "remote"));
          }
        }
      };

  public OpenedSockets() {
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
    root.setLevel(Level.INFO);
  }

  private static String value(ILoggingEvent event, String key) {
    return Objects.requireNonNullElse(
            event.getKeyValuePairs(), List.<org.slf4j.event.KeyValuePair>of())
        .stream()
        .filter(pair -> pair.key.equals(key))
        .map(pair -> String.valueOf(pair.value))
        .findFirst()
        .orElse("");
  }

  public List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    root.setLevel(before);
  }
}
