package dev.parley.bots.client;

import dev.parley.core.ice.IceCredentials;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Joins a running server by HTTP: WHIP (RFC 9725) with something to publish, WHEP
 * (draft-ietf-wish-whep) without.
 */
public final class WhipSignaling implements Signaling {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int CREATED = 201;
  private static final int RESTARTED = 200;
  private static final int LONGEST_PROBLEM = 300;

  /** RFC 8288 section 3, as far as servers write it for ICE servers: values are quoted. */
  private static final Pattern LINK = Pattern.compile("\\s*<([^>]*)>");

  private static final Pattern PARAMETER =
      Pattern.compile("\\s*;\\s*([\\w-]+)\\s*=\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** The server answered with another status than the one asked for. */
  public static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    RefusedException(int status, String message) {
      super(message);
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  private final HttpClient http;
  private final URI base;
  private final String room;
  private final Optional<String> token;

  /**
   * @param base where {@code /whip} and {@code /whep} are
   * @param token sent as bearer, where the server wants one
   */
  public WhipSignaling(HttpClient http, URI base, String room, Optional<String> token) {
    this.http = http;
    this.base = base;
    this.room = room;
    this.token = token;
  }

  @Override
  public CompletionStage<Joined> join(Offer offer) {
    String endpoint = offer.tracks().isEmpty() ? "/whep/" : "/whip/";
    URI target = base.resolve(endpoint + URLEncoder.encode(room, StandardCharsets.UTF_8));
    HttpRequest request =
        request(target)
            .header("Content-Type", "application/sdp")
            .POST(HttpRequest.BodyPublishers.ofString(offer.sdp()))
            .build();
    return http.sendAsync(request, BodyHandlers.ofString())
        .thenCompose(response -> joined(target, response));
  }

  private CompletionStage<Joined> joined(URI target, HttpResponse<String> response) {
    Optional<String> location = response.headers().firstValue("Location");
    if (response.statusCode() != CREATED || location.isEmpty()) {
      String body = response.body();
      return CompletableFuture.failedFuture(
          new RefusedException(
              response.statusCode(),
              "POST %s: status %d instead of 201 with a Location; the server says: %s"
                  .formatted(
                      target,
                      response.statusCode(),
                      body.substring(0, Math.min(body.length(), LONGEST_PROBLEM)))));
    }
    return CompletableFuture.completedFuture(
        new Resource(
            target.resolve(location.get()),
            response.body(),
            response.headers().allValues("Link").stream()
                .flatMap(link -> relay(link).stream())
                .toList()));
  }

  /** RFC 9725 section 4.6; empty for a link that offers no relay by TCP. */
  static Optional<RelayOffer> relay(String link) {
    Matcher target = LINK.matcher(link);
    if (!target.lookingAt()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    Matcher parameter = PARAMETER.matcher(link).region(target.end(), link.length());
    while (parameter.lookingAt()) {
      parameters.put(
          parameter.group(1).toLowerCase(Locale.ROOT),
          parameter.group(2).replaceAll("\\\\(.)", "$1"));
      parameter.region(parameter.end(), link.length());
    }
    return "ice-server".equals(parameters.get("rel"))
        ? RelayOffer.of(
            target.group(1),
            parameters.getOrDefault("username", ""),
            parameters.getOrDefault("credential", ""))
        : Optional.empty();
  }

  private HttpRequest.Builder request(URI target) {
    HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(TIMEOUT);
    token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
    return request;
  }

  private final class Resource implements Restartable {
    private final URI location;
    private final String answerSdp;
    private final List<RelayOffer> relays;

    Resource(URI location, String answerSdp, List<RelayOffer> relays) {
      this.location = location;
      this.answerSdp = answerSdp;
      this.relays = relays;
    }

    @Override
    public List<RelayOffer> relays() {
      return relays;
    }

    /** RFC 9725 section 4.3.2. */
    @Override
    public CompletionStage<IceCredentials> restartIce(IceCredentials local) {
      HttpRequest request =
          request(location)
              .header("Content-Type", "application/trickle-ice-sdpfrag")
              .header("If-Match", "\"*\"")
              .method(
                  "PATCH",
                  HttpRequest.BodyPublishers.ofString(
                      "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n".formatted(local.ufrag(), local.pwd())))
              .build();
      return http.sendAsync(request, BodyHandlers.ofString()).thenCompose(this::restarted);
    }

    private CompletionStage<IceCredentials> restarted(HttpResponse<String> response) {
      if (response.statusCode() != RESTARTED) {
        return CompletableFuture.failedFuture(
            new IOException(
                "PATCH %s: status %d instead of 200".formatted(location, response.statusCode())));
      }
      String fragment = response.body();
      return CompletableFuture.completedFuture(
          new IceCredentials(value(fragment, "a=ice-ufrag:"), value(fragment, "a=ice-pwd:")));
    }

    private static String value(String fragment, String attribute) {
      return fragment
          .lines()
          .filter(line -> line.startsWith(attribute))
          .map(line -> line.substring(attribute.length()))
          .findFirst()
          .orElse("");
    }

    @Override
    public String answerSdp() {
      return answerSdp;
    }

    @Override
    public void leave() {
      // A server that misses the goodbye notices by the lost consent.
      var unused = http.sendAsync(request(location).DELETE().build(), BodyHandlers.discarding());
    }
  }
}
