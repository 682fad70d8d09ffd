package dev.parley.signaling.token;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Reads key sets from a file or by HTTP. What it takes is bounded in size and time. Any thread. */
final class KeySetReader {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final long TIMEOUT_SEC = 5;
  private static final int OK = 200;

  private KeySetReader() {}

  static CompletableFuture<KeyRing> file(Vertx vertx, Path file) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (InputStream in = Files.newInputStream(file)) {
            return ring(vertx, in.readNBytes(PublicKeys.MAX_BYTES + 1));
          } catch (IOException unreadable) {
            throw new CompletionException(unreadable);
          }
        },
        Thread::startVirtualThread);
  }

  /** Redirects are not followed: the configuration names the one place that is trusted. */
  static CompletableFuture<KeyRing> url(Vertx vertx, URI url) {
    // A client reads the machine's certificates when it is made, which takes its time.
    return CompletableFuture.completedFuture(url)
        .thenComposeAsync(KeySetReader::ask, Thread::startVirtualThread)
        .thenApply(response -> ring(vertx, body(response)));
  }

  private static CompletableFuture<HttpResponse<byte[]>> ask(URI url) {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(url).header("Accept", "application/jwk-set+json, */*").build();
    // A client for one request: what is still under way after the timeout ends with it.
    return client
        .sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), PublicKeys.MAX_BYTES))
        .orTimeout(TIMEOUT_SEC, TimeUnit.SECONDS)
        .whenComplete((response, failure) -> client.shutdownNow());
  }

  private static byte[] body(HttpResponse<byte[]> response) {
    if (response.statusCode() != OK) {
      throw new CompletionException(
          new IOException("the status is " + response.statusCode() + " instead of " + OK));
    }
    return response.body();
  }

  private static KeyRing ring(Vertx vertx, byte[] document) {
    try {
      if (document.length > PublicKeys.MAX_BYTES) {
        throw new PublicKeys.MalformedException(
            "it has more than " + PublicKeys.MAX_BYTES + " bytes");
      }
      return KeyRing.of(vertx, PublicKeys.parse(new String(document, StandardCharsets.UTF_8)));
    } catch (PublicKeys.MalformedException malformed) {
      throw new CompletionException(malformed);
    }
  }
}
