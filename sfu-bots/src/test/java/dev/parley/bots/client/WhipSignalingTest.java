package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes over the wire, against an HTTP server that only writes down what it is asked. */
class WhipSignalingTest {
  private static final int WAIT_SECONDS = 10;

  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private int status = 201;
  private HttpServer server;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
    http.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add(
        "%s %s %s %s %s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Content-Type"),
                exchange.getRequestHeaders().getFirst("Authorization"),
                body));
    exchange.getResponseHeaders().add("Location", "/whep/r/abc");
    byte[] reply = "the answer".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, reply.length);
    exchange.getResponseBody().write(reply);
    exchange.close();
  }

  private WhipSignaling signaling() {
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new WhipSignaling(http, base, "r", Optional.of("t"));
  }

  @Test
  void shouldPostTheOfferAndDeleteTheResource() throws Exception {
    Signaling.Joined joined =
        signaling()
            .join(new Signaling.Offer("ann", "the offer", List.of()))
            .toCompletableFuture()
            .get(WAIT_SECONDS, TimeUnit.SECONDS);
    assertEquals("the answer", joined.answerSdp());
    assertEquals(
        "POST /whep/r application/sdp Bearer t the offer",
        requests.poll(WAIT_SECONDS, TimeUnit.SECONDS));
    joined.leave();
    assertEquals(
        "DELETE /whep/r/abc null Bearer t ", requests.poll(WAIT_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void shouldTellTheStatusOfARefusal() throws Exception {
    status = 503;
    String reason =
        signaling()
            .join(new Signaling.Offer("ann", "the offer", List.of()))
            .toCompletableFuture()
            .handle((joined, e) -> String.valueOf(e))
            .get(WAIT_SECONDS, TimeUnit.SECONDS);
    assertTrue(reason.contains("503") && reason.contains("the answer"), reason);
  }
}
