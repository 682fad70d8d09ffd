package dev.parley.signaling.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.TestServer;
import dev.parley.signaling.session.Credentials;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ReportRouteTest {
  private final List<ObjectNode> kept = new ArrayList<>();
  private boolean broken;
  private final HttpClient client = HttpClient.newHttpClient();
  private TestServer server = server(Optional.of(this::keep));

  private CompletableFuture<String> keep(ObjectNode report) {
    if (broken) {
      return CompletableFuture.failedFuture(new IllegalStateException("no place"));
    }
    kept.add(report);
    return CompletableFuture.completedFuture("7K2F9QX3");
  }

  private static TestServer server(Optional<ReportStore> store) {
    return new TestServer(TestServer.secured(), Credentials.fixed(TestServer.secured()), store);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpResponse<String> send(String method, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.signaling.port() + "/v1/diagnostics"))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String body) throws Exception {
    return send("POST", body, "Content-Type", "application/json");
  }

  @Test
  void shouldTakeAReportWithoutAToken() throws Exception {
    HttpResponse<String> answer = post("{\"verdict\":\"failed\"}");
    assertEquals(201, answer.statusCode());
    assertEquals("{\"reportId\":\"7K2F9QX3\"}", answer.body());
    assertEquals("{\"verdict\":\"failed\"}", kept.getFirst().toString());
  }

  @Test
  void shouldRefuseWhatIsNoReport() throws Exception {
    for (String body :
        List.of(
            "", "[]", "7", "{", "{\"a\":1,\"a\":2}", "{\"a\":".repeat(40) + "1" + "}".repeat(40))) {
      HttpResponse<String> answer = post(body);
      assertEquals(400, answer.statusCode(), body);
      assertTrue(answer.body().contains("\"bad_request\""), answer.body());
      server.close();
      server = server(Optional.of(this::keep));
    }
    assertEquals(413, post("{\"a\":\"" + "x".repeat(ReportRoute.MOST_BYTES) + "\"}").statusCode());
    assertEquals(415, send("POST", "{}", "Content-Type", "text/plain").statusCode());
    assertEquals(405, send("GET", "").statusCode());
    assertEquals(List.of(), kept);
  }

  @Test
  void shouldTakeThemFromPagesThatMayUseTheServerOnly() throws Exception {
    assertEquals(
        403,
        send("POST", "{}", "Content-Type", "application/json", "Origin", "https://evil.example")
            .statusCode());
    assertEquals(
        201,
        send("POST", "{}", "Content-Type", "application/json", "Origin", "https://allowed.example")
            .statusCode());
    assertEquals(
        "POST, OPTIONS",
        send("OPTIONS", "", "Origin", "https://allowed.example")
            .headers()
            .firstValue("Access-Control-Allow-Methods")
            .orElse(""));
  }

  @Test
  void shouldSayWhenTooManyCome() throws Exception {
    HttpResponse<String> answer = post("{}");
    for (int i = 0; answer.statusCode() == 201; i++) {
      assertTrue(i < 100);
      answer = post("{}");
    }
    assertEquals(429, answer.statusCode());
    assertTrue(answer.headers().firstValue("Retry-After").isPresent());
  }

  @Test
  void shouldSayThatItCannotBeKept() throws Exception {
    broken = true;
    HttpResponse<String> answer = post("{}");
    assertEquals(503, answer.statusCode());
    assertTrue(answer.headers().firstValue("Retry-After").isPresent());
  }

  @Test
  void shouldTakeNoneWhereTheyAreNotWanted() throws Exception {
    server.close();
    server = server(Optional.empty());
    assertEquals(404, post("{}").statusCode());
  }
}
