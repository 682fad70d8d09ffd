package dev.parley.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that was generated from the contract does everything that the contract names: {@code
 * contract.tour.ts} of sfu-client, on a live server, to whose room bots come.
 */
class ContractTourTest {
  private static final Path CLIENT = Path.of("..", "sfu-client");
  private static final long LIMIT_SEC = 120;

  /** More than there are seats; none of them goes by itself. */
  private static final String PEOPLE =
      """
      version: 1
      name: People of the tour
      seed: 8
      maxDuration: 90s
      target: {url: http://127.0.0.1:1}
      profiles:
        person: {microphone: {}, receive: {audio: 1, video: 0}}
      scenarios:
        people:
          executor: constant-bots
          bots: 6
          duration: 60s
          rooms: {name: tour}
          roles: [{profile: person}]
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void shouldVisitEverythingThatTheContractNames() throws Exception {
    assumeTrue(
        Files.exists(CLIENT.resolve("node_modules/vitest")),
        "sfu-client was not built: -Dexec.skip");
    Path people = folder.resolve("people.yaml");
    Files.writeString(people, PEOPLE);
    CompletableFuture<?> bots = CompletableFuture.completedFuture(null);
    HttpServer told = receiver();
    // With which it can sign tokens, and tells somebody what happens.
    String settings =
        """
        auth.secret = a-secret-of-thirty-two-bytes-or-so
        admin.sampleSec = 1
        webhooks.endpoints = [{ name = tour, url = "http://127.0.0.1:%d/", secret = "whsec_%s" }]
        webhooks.allowedNetworks = ["127.0.0.0/8"]
        """
            .formatted(told.getAddress().getPort(), "A".repeat(32));
    try (MeasuredServer server = MeasuredServer.start(folder, settings)) {
      sendReport(server.http());
      ProcessBuilder tour = new ProcessBuilder("npm", "run", "--silent", "tour");
      tour.environment().put("PARLEY_ADMIN", server.admin().toString().replaceFirst("/$", ""));
      Process process = tour.directory(CLIENT.toFile()).redirectErrorStream(true).start();
      CompletableFuture<String> output =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new String(
                      process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                } catch (IOException closed) {
                  throw new java.io.UncheckedIOException(closed);
                }
              },
              task -> Thread.ofVirtual().start(task));
      try {
        server.await(
            "the room of the tour", now -> now.sum("sfu_rooms") == 2 || !process.isAlive());
        bots = server.bots("run", people.toString());
        boolean ended = process.waitFor(LIMIT_SEC, TimeUnit.SECONDS);
        process.destroy();
        assertEquals(0, ended ? process.exitValue() : -1, output.join());
      } finally {
        process.destroyForcibly();
      }
    }
    told.stop(0);
    // They end as their server is gone.
    bots.orTimeout(LIMIT_SEC, TimeUnit.SECONDS).join();
  }

  /** Takes whatever it is told. */
  private static HttpServer receiver() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  /** As the page of the connection check does. */
  private static void sendReport(URI http) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(http.resolve("/v1/diagnostics"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"browser\":\"none\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertEquals(201, answer.statusCode(), answer::body);
  }
}
