package dev.parley.server.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.parley.admin.webhook.WebhookEndpoint;
import dev.parley.admin.webhook.WebhookSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An endpoint of {@code webhooks.endpoints} as it is written.
 *
 * @param secret this or {@code secretFile}
 * @param previousSecret signs as well, while a secret is changed
 */
public record WebhookEntry(
    String name,
    String url,
    Optional<Secret> secret,
    Optional<String> secretFile,
    Optional<Secret> previousSecret,
    List<String> events,
    List<String> rooms) {
  private static final Set<String> FIELDS =
      Set.of("name", "url", "secret", "secretFile", "previousSecret", "events", "rooms");

  static final String EXPECTED =
      "a list of { name = \"crm\", url = \"https://…\", secret = \"whsec_…\" } or secretFile ="
          + " \"…\", and if need be previousSecret = \"…\", events = [\"room.*\"], rooms ="
          + " [\"clinic-*\"]";

  /** Empty when it is not an object of these fields. */
  static Optional<WebhookEntry> read(ConfigValue element) {
    if (!(element instanceof ConfigObject object) || !FIELDS.containsAll(object.keySet())) {
      return Optional.empty();
    }
    Config fields = object.toConfig();
    try {
      return Optional.of(
          new WebhookEntry(
              fields.getString("name"),
              fields.getString("url"),
              text(fields, "secret").map(Secret::new),
              text(fields, "secretFile"),
              text(fields, "previousSecret").map(Secret::new),
              texts(fields, "events"),
              texts(fields, "rooms")));
    } catch (ConfigException wrongType) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(Config fields, String name) {
    return fields.hasPath(name) ? Optional.of(fields.getString(name).strip()) : Optional.empty();
  }

  private static List<String> texts(Config fields, String name) {
    return fields.hasPath(name) ? List.copyOf(fields.getStringList(name)) : List.of();
  }

  /**
   * The endpoint with its secrets.
   *
   * @throws IllegalArgumentException when something is wrong; the message shows no secret
   */
  public WebhookEndpoint endpoint() {
    if (secret.isPresent() == secretFile.isPresent()) {
      throw new IllegalArgumentException("secret: expected this or secretFile");
    }
    List<WebhookSecret> secrets = new ArrayList<>();
    secrets.add(secret("secret", secret.map(Secret::value).orElseGet(this::fromFile)));
    previousSecret.ifPresent(earlier -> secrets.add(secret("previousSecret", earlier.value())));
    return new WebhookEndpoint(name, WebhookEndpoint.url(url), secrets, events, rooms);
  }

  private static WebhookSecret secret(String field, String text) {
    try {
      return WebhookSecret.of(text);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(field + ": " + wrong.getMessage(), wrong);
    }
  }

  private String fromFile() {
    String file = secretFile.orElseThrow();
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException | InvalidPathException unreadable) {
      throw new IllegalArgumentException(
          "secretFile: " + file + ": there is no such file, or it may not be read", unreadable);
    }
  }
}
