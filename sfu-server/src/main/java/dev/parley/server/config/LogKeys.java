package dev.parley.server.config;

import dev.parley.server.config.ConfigType.Choice;
import dev.parley.server.config.ConfigType.Flag;
import dev.parley.server.config.ParleyConfig.LogFormat;
import dev.parley.server.config.ParleyConfig.LogLevel;

/** What the log looks like. */
public final class LogKeys {
  public static final ConfigKey<LogFormat> LOG_FORMAT =
      ConfigKey.of(
          "log.format",
          new Choice<>(LogFormat.class),
          "",
          LogFormat.PLAIN,
          "How an event is written: plain for people, json for collectors.",
          "Either way one line an event, with event=, room= and session=.");

  public static final ConfigKey<LogLevel> LOG_LEVEL =
      ConfigKey.of(
          "log.level",
          new Choice<>(LogLevel.class),
          "",
          LogLevel.INFO,
          "The least important level that is written.",
          "info tells every join, every leave and its reason.");

  public static final ConfigKey<Boolean> LOG_REDACT_ADDRESSES =
      ConfigKey.of(
          "log.redactAddresses",
          new Flag(),
          "",
          false,
          "Writes network addresses as tags such as addr-3fa91c.",
          "An address is personal data. A tag stays the same until the server restarts, so lines"
              + " can still be matched. Tokens are never written in full.");

  private LogKeys() {}
}
