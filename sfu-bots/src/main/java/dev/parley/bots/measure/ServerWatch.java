package dev.parley.bots.measure;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks a server whether it is there, and what it counts. Any thread. */
public final class ServerWatch {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final int OK = 200;

  private final HttpClient http;
  private final URI url;
  private final Optional<URI> admin;

  /**
   * @param url where people join
   * @param admin where {@code /metrics} is
   */
  public ServerWatch(HttpClient http, URI url, Optional<URI> admin) {
    this.http = http;
    this.url = url;
    this.admin = admin;
  }

  /** How a server is. */
  public enum Health {
    GOOD,
    /** It did not answer in time, or not well: it may be overloaded, or on its way down. */
    SILENT,
    /** Nobody takes connections there. */
    GONE
  }

  /** Completes when it is known; never fails. */
  public CompletableFuture<Health> health() {
    HttpRequest request = HttpRequest.newBuilder(url.resolve("/healthz")).timeout(TIMEOUT).build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
        .handle((response, e) -> {
          if (e == null) {
            return response.statusCode() == OK ? Health.GOOD : Health.SILENT;
          }
          Throwable cause = e.getCause() == null ? e : e.getCause();
          return cause instanceof ConnectException && !(cause instanceof HttpTimeoutException)
              ? Health.GONE
              : Health.SILENT;
        });
  }

  /** The counters now; completes with nothing when there is no admin port, or no answer. */
  public CompletableFuture<Optional<ServerSample>> sample() {
    if (admin.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    HttpRequest request =
        HttpRequest.newBuilder(admin.get().resolve("/metrics")).timeout(TIMEOUT).build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .handle((response, e) ->
            e == null && response.statusCode() == OK
                ? Optional.of(new ServerSample(System.nanoTime(), parse(response.body())))
                : Optional.empty());
  }

  /**
   * The same, at once.
   *
   * @throws IOException when the thread is interrupted
   */
  public Optional<ServerSample> sampleNow() throws IOException {
    try {
      return sample().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server's counters were read", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("it never fails", e);
    }
  }

  /**
   * Prometheus' text format; the values of all label sets of a name are added up, but for the
   * buckets of a histogram, which keep their labels in their names.
   */
  static Map<String, Double> parse(String text) {
    Map<String, Double> values = new HashMap<>();
    text.lines()
        .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
        .forEach(line -> {
          int space = line.lastIndexOf(' ');
          int brace = line.indexOf('{');
          if (space > 0) {
            String bare = line.substring(0, brace > 0 && brace < space ? brace : space);
            String name = bare.endsWith(ServerSample.BUCKET) ? line.substring(0, space) : bare;
            boolean heap = !name.startsWith("jvm_memory_") || line.contains("area=\"heap\"");
            try {
              double value = Double.parseDouble(line.substring(space + 1));
              if (heap) {
                values.merge(name, value, Double::sum);
              }
            } catch (NumberFormatException e) {
              // +Inf and NaN, written otherwise than Java does: nothing that is looked at here.
              return;
            }
          }
        });
    return values;
  }
}
