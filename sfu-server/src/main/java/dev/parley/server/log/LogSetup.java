package dev.parley.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.config.ParleyConfig.LogFormat;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets up the log in code. Logback finds this class by its service file, so that nothing is looked
 * for on the class path: until {@link #install} only warnings are written, to standard error.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    attach(context, LogFormat.PLAIN, Level.WARN, new Redactor(false), System.err);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Writes from now on to {@code out} as configured, also what libraries log by the JDK's way. */
  public static void install(ParleyConfig.Log config, OutputStream out) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Level level = Level.toLevel(config.level().name().toLowerCase(Locale.ROOT));
    attach(context, config.format(), level, new Redactor(config.redactAddresses()), out);
    LogManager.getLogManager().reset();
    SLF4JBridgeHandler.install();
    // The media libraries are talkative; their warnings are worth a line, their news is not.
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
    for (String talkative : new String[] {"io.netty", "io.vertx", "org.jitsi", "org.ice4j"}) {
      context.getLogger(talkative).setLevel(Level.WARN);
    }
  }

  private static void attach(
      LoggerContext context, LogFormat format, Level level, Redactor redactor, OutputStream out) {
    EventEncoder encoder = new EventEncoder(format, redactor);
    encoder.setContext(context);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(new Unclosed(out));
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
  }

  /** A stream that belongs to the process and outlives the appender that writes to it. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
