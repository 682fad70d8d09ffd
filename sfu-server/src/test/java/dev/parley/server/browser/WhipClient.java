package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** WHIP (RFC 9725) and WHEP as far as HTTP goes. */
final class WhipClient implements AutoCloseable {
  static final String SDP = "application/sdp";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;

  WhipClient(URI base) {
    this.base = base;
  }

  /** A session that the server has opened. */
  record Session(URI location, String etag, String answer) {}

  /** Publishes into a room, or views it: exchanges the peer's offer for the server's answer. */
  Session open(String path, NativePeer peer) {
    HttpResponse<String> response = post(path, SDP, peer.offer());
    assertEquals(201, response.statusCode(), response::body);
    assertEquals(SDP, response.headers().firstValue("Content-Type").orElse("none"));
    String location = response.headers().firstValue("Location").orElse("");
    assertTrue(
        location.startsWith("/") || location.startsWith("http"), () -> "Location: " + location);
    peer.accept(response.body());
    return new Session(
        base.resolve(location),
        response.headers().firstValue("ETag").orElse("none"),
        response.body());
  }

  HttpResponse<String> post(String path, String type, String body) {
    return send(
        request(base.resolve(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  HttpResponse<String> options(String path) {
    return send(
        request(base.resolve(path))
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .header("Origin", base.resolve("/").toString().replaceAll("/$", ""))
            .header("Access-Control-Request-Method", "POST"));
  }

  HttpResponse<String> delete(URI location) {
    return send(request(location).DELETE());
  }

  HttpResponse<String> get(URI location) {
    return send(request(location).GET());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private static HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
