package dev.parley.admin.webhook;

import dev.parley.signaling.room.RoomEvent;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A program that is told.
 *
 * @param name of the endpoint for operators, logs and the outbox
 * @param url http or https; without a user, password or fragment
 * @param secrets all sign; two while one takes the other's place
 * @param events types and beginnings of types, as {@code room.*}; empty: all
 * @param rooms names and beginnings of names, as {@code clinic-*}; empty: all
 */
public record WebhookEndpoint(
    String name, URI url, List<WebhookSecret> secrets, List<String> events, List<String> rooms) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern ROOMS = Pattern.compile("[A-Za-z0-9_.-]{1,64}\\*?|\\*");

  /**
   * As configured.
   *
   * @throws IllegalArgumentException when something is wrong; the message begins with what
   */
  public WebhookEndpoint {
    secrets = List.copyOf(secrets);
    events = List.copyOf(events);
    rooms = List.copyOf(rooms);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("name: expected 1 to 64 letters, digits, - and _");
    }
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("secret: is missing");
    }
    for (String event : events) {
      if (Arrays.stream(RoomEvent.Type.values())
          .noneMatch(type -> new NamePatterns(List.of(event)).matches(type.wireName()))) {
        throw new IllegalArgumentException(
            "events: " + event + " is no type of event, nor the beginning of one with a *");
      }
    }
    for (String room : rooms) {
      if (!ROOMS.matcher(room).matches()) {
        throw new IllegalArgumentException(
            "rooms: " + room + ": expected a room's name, or its beginning with a *");
      }
    }
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException when it is none that can be sent to
   */
  public static URI url(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException malformed) {
      throw new IllegalArgumentException("url: expected https://host/path", malformed);
    }
    if (url.getUserInfo() != null) {
      throw new IllegalArgumentException("url: expected no user and password: the secret signs");
    }
    boolean http = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getFragment() != null) {
      throw new IllegalArgumentException("url: expected https://host/path");
    }
    return url;
  }

  boolean wants(RoomEvent event) {
    return new NamePatterns(events).matches(event.type().wireName())
        && new NamePatterns(rooms).matches(event.room());
  }

  public boolean secure() {
    return url.getScheme().equals("https");
  }

  int port() {
    return url.getPort() >= 0 ? url.getPort() : secure() ? 443 : 80;
  }

  /** The name or address in the URL, an IPv6 address without brackets. */
  public String host() {
    return url.getHost().replaceAll("^\\[|]$", "");
  }

  /** Path and query as they are asked for. */
  String target() {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }

  /** The URL for people: a query may hold what only the endpoint may know. */
  String shownUrl() {
    String port = url.getPort() >= 0 ? ":" + url.getPort() : "";
    return url.getScheme() + "://" + url.getHost() + port + url.getRawPath();
  }
}
