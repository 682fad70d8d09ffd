package dev.parley.server.config;

import dev.parley.admin.history.HistoryConfig;
import dev.parley.server.config.ConfigType.Flag;
import dev.parley.server.config.ConfigType.OptionalText;
import dev.parley.server.config.ConfigType.WholeNumber;
import java.util.Optional;

/** What is kept of calls that are over (docs/history.md). */
public final class HistoryKeys {
  public static final ConfigKey<Boolean> HISTORY_ENABLED =
      ConfigKey.of(
          "history.enabled",
          new Flag(),
          "",
          true,
          "Whether visits, their quality, waits, events and operators' changes are kept.",
          "Without it nobody can be told later why a call was bad.");

  public static final ConfigKey<Optional<String>> HISTORY_DIRECTORY =
      ConfigKey.of(
          "history.directory",
          new OptionalText("the path of a folder", path -> !path.contains(";")),
          "path",
          Optional.empty(),
          "The folder of the history's file.",
          "Empty: beside rooms.stateFile. Without that one either there is no history, but for"
              + " --dev, which keeps it in memory.");

  public static final ConfigKey<Optional<String>> HISTORY_URL =
      ConfigKey.of(
          "history.url",
          new OptionalText(
              "a URL such as jdbc:postgresql://db.example/parley",
              url -> url.startsWith("jdbc:postgresql:")),
          "JDBC URL",
          Optional.empty(),
          "A PostgreSQL database to keep the history in, instead of a file.",
          "Each server needs a database or a schema (?currentSchema=…) of its own.");

  public static final ConfigKey<String> HISTORY_USER =
      ConfigKey.of(
          "history.user",
          new ConfigType.Text("a user of PostgreSQL"),
          "name",
          "parley",
          "Who the server is in that database.",
          "It makes its tables there by itself, and needs no other rights.");

  public static final ConfigKey<Optional<String>> HISTORY_PASSWORD =
      ConfigKey.of(
              "history.password",
              new OptionalText("a text", text -> true),
              "secret",
              Optional.empty(),
              "The password of history.user.",
              "Empty: the database lets it in without one.")
          .asSecret();

  public static final ConfigKey<Integer> HISTORY_RETENTION_DAYS =
      ConfigKey.of(
          "history.retentionDays",
          new WholeNumber(1, 3650),
          "days",
          HistoryConfig.RETENTION_DAYS,
          "How long anything in the history is kept.",
          "It holds identities and names: no longer than somebody may ask about a call.");

  public static final ConfigKey<Integer> HISTORY_QUEUE_LIMIT =
      ConfigKey.of(
          "history.queueLimit",
          new WholeNumber(100, 1_000_000),
          "entries",
          HistoryConfig.QUEUE_LIMIT,
          "How many entries may wait while the database is slow or away; further ones are dropped.",
          "About 20 MB when full. Calls never wait for the history.");

  public static final ConfigKey<Boolean> DIAGNOSTICS_UPLOADS =
      ConfigKey.of(
          "diagnostics.uploads",
          new Flag(),
          "",
          true,
          "Whether people may send the report of their connection check to the history.",
          "They read its code out to support, who finds it on the admin port.");

  private HistoryKeys() {}
}
