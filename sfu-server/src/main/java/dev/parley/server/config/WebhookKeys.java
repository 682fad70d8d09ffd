package dev.parley.server.config;

import dev.parley.server.config.ConfigType.OptionalText;
import dev.parley.server.config.ConfigType.TextList;
import dev.parley.server.config.ConfigType.WebhookEntries;
import dev.parley.server.config.ConfigType.WholeNumber;
import dev.parley.signaling.config.Networks;
import java.util.List;
import java.util.Optional;

/** Who is told of what happens in rooms. */
public final class WebhookKeys {
  private static final int DAY_SEC = 86_400;

  public static final ConfigKey<List<WebhookEntry>> WEBHOOKS_ENDPOINTS =
      ConfigKey.of(
              "webhooks.endpoints",
              new WebhookEntries(),
              "list of endpoints",
              List.of(),
              "Programs that are told by HTTP what happens in rooms, each { name, url, secret,"
                  + " events, rooms }, or secretFile instead of secret; previousSecret signs as"
                  + " well while a secret is changed.",
              "Nobody. docs/webhooks.md has the events and how a signature is checked. events and"
                  + " rooms may end with a *; without them an endpoint is told everything.")
          .asSecret();

  public static final ConfigKey<Optional<String>> WEBHOOKS_DIRECTORY =
      ConfigKey.of(
          "webhooks.directory",
          new OptionalText("the path of a folder", path -> true),
          "path",
          Optional.empty(),
          "Where the outbox lies: events that were or are to be sent.",
          "The folder of rooms.stateFile. Without either it is in memory, and a restart loses what"
              + " waits. It holds identities and names of rooms.");

  public static final ConfigKey<Integer> WEBHOOKS_TIMEOUT_SEC =
      ConfigKey.of(
          "webhooks.timeoutSec",
          new WholeNumber(1, 120),
          "seconds",
          10,
          "How long one request may take.",
          "An endpoint answers first and works later.");

  public static final ConfigKey<Integer> WEBHOOKS_GIVE_UP_AFTER_SEC =
      ConfigKey.of(
          "webhooks.giveUpAfterSec",
          new WholeNumber(1, 30 * DAY_SEC),
          "seconds",
          3 * DAY_SEC,
          "How old an event must be that is given up when it fails once more.",
          "A weekend. What was given up can be replayed.");

  public static final ConfigKey<Integer> WEBHOOKS_KEEP_SEC =
      ConfigKey.of(
          "webhooks.keepSec",
          new WholeNumber(0, 30 * DAY_SEC),
          "seconds",
          3 * DAY_SEC,
          "How long events can be replayed.",
          "Those that wait stay longer.");

  public static final ConfigKey<Integer> WEBHOOKS_MAX_EVENTS =
      ConfigKey.of(
          "webhooks.maxEvents",
          new WholeNumber(100, 1_000_000),
          "events",
          100_000,
          "How many events the outbox holds.",
          "About 50 MB. The oldest that wait for nobody give way; those that wait share it evenly"
              + " among endpoints, and what is above that is dropped and counted.");

  public static final ConfigKey<List<String>> WEBHOOKS_ALLOWED_NETWORKS =
      ConfigKey.of(
          "webhooks.allowedNetworks",
          new TextList("networks such as \"10.0.0.0/8\" or addresses", Networks::isNetwork),
          "list of networks",
          List.of(),
          "Networks besides the public one in which endpoints may be, also by http.",
          "None: a name that resolves to a machine inside, or to a cloud's metadata service, is not"
              + " connected to.");

  private WebhookKeys() {}
}
