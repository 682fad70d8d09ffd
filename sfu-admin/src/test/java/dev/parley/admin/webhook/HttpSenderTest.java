package dev.parley.admin.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.admin.webhook.AttemptResult.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpSenderTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String BODY = "{\"type\":\"webhook.test\"}";
  private static final String ID = "msg_1";

  private final Vertx vertx = Vertx.vertx();
  private NameLookup names = NameLookup.SYSTEM;
  private Duration timeout = Duration.ofSeconds(20);
  private HttpClientOptions options = new HttpClientOptions();
  @TempDir private Path directory;

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private AttemptResult send(String url) {
    HttpSender sender =
        new HttpSender(
            vertx,
            options,
            new AddressGuard(Tests.LOOPBACK),
            names,
            timeout,
            InstantSource.fixed(NOW));
    try {
      return sender
          .send(Tests.endpoint("crm", url), ID, BODY)
          .toCompletableFuture()
          .orTimeout(30, TimeUnit.SECONDS)
          .join();
    } finally {
      sender.close();
    }
  }

  private AttemptResult sendTo(Receiver.Script script) throws Exception {
    try (Receiver receiver = new Receiver(script)) {
      return send(receiver.url());
    }
  }

  @Test
  void shouldSendWhatAReceiverCanCheck() throws Exception {
    try (Receiver receiver = new Receiver(Receiver.status(204))) {
      AttemptResult result = send(receiver.url());
      assertEquals(Outcome.DELIVERED, result.outcome());
      assertEquals(204, result.status());
      Receiver.Request request = receiver.requests.getFirst();
      assertEquals("POST /hook?key=1 HTTP/1.1", request.line());
      assertEquals(BODY, request.body());
      assertEquals("127.0.0.1:" + receiver.port(), request.header("host"));
      assertEquals("application/json", request.header("content-type"));
      assertEquals(ID, request.header("webhook-id"));
      assertEquals(Long.toString(NOW.getEpochSecond()), request.header("webhook-timestamp"));
      assertEquals(
          WebhookSignature.of(
              List.of(Tests.SECRET),
              ID,
              NOW.getEpochSecond(),
              BODY.getBytes(StandardCharsets.UTF_8)),
          request.header("webhook-signature"));
    }
  }

  @Test
  void shouldTakeEveryStatusAsTheSpecificationSays() throws Exception {
    assertEquals(Outcome.DELIVERED, sendTo(Receiver.status(200)).outcome());
    assertEquals(Outcome.DELIVERED, sendTo(Receiver.status(299)).outcome());
    assertEquals(Outcome.REFUSED, sendTo(Receiver.status(500)).outcome());
    assertEquals(Outcome.REFUSED, sendTo(Receiver.status(404)).outcome());
    assertEquals(Outcome.GONE, sendTo(Receiver.status(410)).outcome());
    assertEquals(Outcome.OVERLOADED, sendTo(Receiver.status(502)).outcome());
    assertEquals(Outcome.OVERLOADED, sendTo(Receiver.status(504)).outcome());
    AttemptResult busy = sendTo(Receiver.status(429, "Retry-After: 17"));
    assertEquals(Outcome.OVERLOADED, busy.outcome());
    assertEquals(OptionalLong.of(17_000), busy.retryAfterMs());
    AttemptResult later =
        sendTo(Receiver.status(503, "Retry-After: Thu, 01 Jan 2026 00:01:00 GMT"));
    assertEquals(OptionalLong.of(60_000), later.retryAfterMs());
  }

  @Test
  void shouldNotFollowARedirect() throws Exception {
    try (Receiver elsewhere = new Receiver(Receiver.status(200))) {
      for (int status : List.of(301, 302, 303, 307, 308)) {
        AttemptResult result = sendTo(Receiver.status(status, "Location: " + elsewhere.url()));
        assertEquals(Outcome.REDIRECTED, result.outcome());
        assertEquals(
            "status " + status + ": redirects are not followed, set the new URL", result.error());
      }
      assertEquals(List.of(), elsewhere.requests);
    }
  }

  @Test
  void shouldGiveUpAReceiverThatIsTooSlow() throws Exception {
    timeout = Duration.ofMillis(300);
    CountDownLatch never = new CountDownLatch(1);
    AttemptResult result = sendTo((request, out) -> never.await());
    assertEquals(Outcome.TIMEOUT, result.outcome());
  }

  @Test
  void shouldGiveUpAReceiverThatDribbles() throws Exception {
    timeout = Duration.ofMillis(300);
    CountDownLatch never = new CountDownLatch(1);
    AttemptResult result =
        sendTo((request, out) -> {
          out.write("HTTP/1.1 200 OK\r\nx-a: ".getBytes(StandardCharsets.UTF_8));
          out.flush();
          never.await();
        });
    assertEquals(Outcome.TIMEOUT, result.outcome());
  }

  @Test
  void shouldSayThatNobodyListens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
    AttemptResult result = send("http://127.0.0.1:" + port + "/");
    assertEquals(Outcome.UNREACHABLE, result.outcome());
    assertTrue(result.error().startsWith("no connection"), result.error());
  }

  @Test
  void shouldSayThatTheConnectionBroke() throws Exception {
    AttemptResult result =
        sendTo((request, out) -> {
          throw new InterruptedException("closes");
        });
    assertEquals(Outcome.UNREACHABLE, result.outcome());
    assertTrue(result.error().startsWith("no answer"), result.error());
  }

  @Test
  void shouldTakeGarbageForNoAnswer() throws Exception {
    for (String garbage : List.of("SSH-2.0-x\r\n\r\n", "\0\1\2\3\r\n\r\n", "<html>\r\n\r\n")) {
      AttemptResult result =
          sendTo((request, out) -> {
            out.write(garbage.getBytes(StandardCharsets.UTF_8));
            throw new InterruptedException("closes");
          });
      assertEquals(Outcome.UNREACHABLE, result.outcome(), garbage);
    }
  }

  @Test
  void shouldNotReadAnEndlessAnswer() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    AttemptResult result =
        sendTo((request, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
          byte[] chunk = ("1000\r\n" + "x".repeat(4096) + "\r\n").getBytes(StandardCharsets.UTF_8);
          try {
            while (true) {
              out.write(chunk);
            }
          } finally {
            closed.countDown();
          }
        });
    assertEquals(Outcome.DELIVERED, result.outcome());
    assertTrue(closed.await(20, TimeUnit.SECONDS), "the connection is cut");
  }

  @Test
  void shouldNotWaitForAnAnswerThatDoesNotEnd() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AttemptResult result =
        sendTo((request, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".getBytes(StandardCharsets.UTF_8));
          never.await();
        });
    assertEquals(Outcome.DELIVERED, result.outcome());
  }

  @Test
  void shouldConnectToTheAddressThatWasCheckedAndNoOther() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (Receiver receiver = new Receiver(Receiver.status(204));
        Receiver inside = new Receiver("127.0.0.2", receiver.port(), Receiver.status(204))) {
      // The name points to the machine inside from the second look-up on.
      names =
          host ->
              List.of(
                  InetAddress.getByAddress(
                      host, new byte[] {127, 0, 0, (byte) (asked.incrementAndGet() == 1 ? 1 : 2)}));
      AttemptResult result = send("http://hooks.invalid:" + receiver.port() + "/");
      assertEquals(Outcome.DELIVERED, result.outcome(), result.error());
      assertEquals(1, asked.get());
      assertEquals("hooks.invalid:" + receiver.port(), receiver.requests.getFirst().header("host"));
      assertEquals(List.of(), inside.requests);
    }
  }

  @Test
  void shouldTryTheNextAddressOfAName() throws Exception {
    try (Receiver receiver = new Receiver(Receiver.status(204))) {
      names =
          host -> List.of(InetAddress.ofLiteral("127.0.0.3"), InetAddress.ofLiteral("127.0.0.1"));
      assertEquals(
          Outcome.DELIVERED, send("http://hooks.invalid:" + receiver.port() + "/").outcome());
    }
  }

  @Test
  void shouldNotConnectToANameThatPointsInside() throws Exception {
    try (Receiver receiver = new Receiver(Receiver.status(204))) {
      names = host -> List.of(InetAddress.ofLiteral("10.0.0.1"));
      AttemptResult result = send("http://hooks.invalid:" + receiver.port() + "/");
      assertEquals(Outcome.FORBIDDEN, result.outcome());
      assertTrue(result.error().contains("10.0.0.1 is private"), result.error());
      assertEquals(List.of(), receiver.requests);
    }
  }

  @Test
  void shouldAskForTheNameByTlsAndNotForTheAddress() throws Exception {
    PfxOptions key = certificate("hooks.example");
    BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(key))
            .requestHandler(request -> {
              asked.add(request.connection().indicatedServerName() + " " + request.authority());
              request.response().end();
            });
    Tests.get(server.listen(0, "127.0.0.1").toCompletionStage());
    names = host -> List.of(InetAddress.ofLiteral("127.0.0.1"));
    String url = "https://hooks.example:" + server.actualPort() + "/";
    assertEquals(Outcome.UNREACHABLE, send(url).outcome(), "nobody has signed the certificate");
    options = new HttpClientOptions().setTrustOptions(key);
    AttemptResult result = send(url);
    assertEquals(Outcome.DELIVERED, result.outcome(), result.error());
    assertEquals("hooks.example hooks.example:" + server.actualPort(), asked.remove());
    AttemptResult other = send("https://other.example:" + server.actualPort() + "/");
    assertEquals(Outcome.UNREACHABLE, other.outcome(), "the certificate of another name");
    assertEquals(0, asked.size());
  }

  private PfxOptions certificate(String name) throws Exception {
    Path file = directory.resolve("key.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    assertEquals(0, keytool.waitFor());
    return new PfxOptions().setPath(file.toString()).setPassword("changeit");
  }
}
