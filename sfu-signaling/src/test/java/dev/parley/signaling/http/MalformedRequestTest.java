package dev.parley.signaling.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.parley.signaling.TestServer;
import dev.parley.signaling.observe.SignalingCounters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a client writes wrongly is its own mistake: a 400, a count, and no stack in the log. */
final class MalformedRequestTest {
  private static final int TIMEOUT_MS = 10_000;
  private static final String SDP = "POST /whip/a HTTP/1.1|Content-Type: application/sdp|";
  private static final String CHUNKED = SDP + "Transfer-Encoding: chunked||";

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger routes = (Logger) LoggerFactory.getLogger(PublicRoutes.class);
  private final LinkedBlockingQueue<ILoggingEvent> logged = new LinkedBlockingQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          logged.add(event);
        }
      };
  private final TestServer server = new TestServer(TestServer.development());

  @BeforeEach
  void listen() {
    appender.start();
    root.addAppender(appender);
    root.setLevel(Level.INFO);
    routes.setLevel(Level.DEBUG);
  }

  @AfterEach
  void close() {
    routes.setLevel(null);
    root.setLevel(Level.OFF);
    root.detachAppender(appender);
    server.close();
  }

  /** A bar stands for the end of a line. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /whip/%zz HTTP/1.1|Content-Type: application/sdp|Content-Length: 0||",
        "DELETE /whip/a/%zz HTTP/1.1||",
        "GET /%zz HTTP/1.1||",
        "GET * HTTP/1.1||",
        "GET / HTTP/1.1|no colon||",
        SDP + "Content-Length: -1||",
        SDP + "Content-Length: x||",
        CHUNKED + "xyz|",
        CHUNKED + "-5|",
        CHUNKED + "fffffffffffffff|",
      })
  void shouldBeAnsweredAndCountedWithoutAStack(String request) throws Exception {
    try (Socket socket = connect()) {
      send(socket, request);
      String answer = head(socket);
      assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    }
    assertLogged("http.malformed");
    assertEquals(1, badRequests());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldNotMindAClientThatGoesAway(boolean reset) throws Exception {
    try (Socket socket = connect()) {
      // The server has read the head, and waits for the body, once it asks for it.
      send(socket, SDP + "Expect: 100-continue|Content-Length: 100||");
      assertTrue(head(socket).startsWith("HTTP/1.1 100 "));
      if (reset) {
        socket.setSoLinger(true, 0);
      }
    }
    assertLogged("http.gone");
    assertEquals(0, badRequests());
  }

  /** One line and nothing else. */
  private void assertLogged(String event) throws InterruptedException {
    ILoggingEvent line = logged.poll(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    assertNotNull(line, "nothing was logged");
    assertEquals(Level.DEBUG, line.getLevel(), line.toString());
    assertNull(line.getThrowableProxy());
    assertEquals(event, line.getKeyValuePairs().getFirst().value);
    assertTrue(logged.isEmpty(), logged::toString);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(TIMEOUT_MS);
    return socket;
  }

  private static void send(Socket socket, String request) throws IOException {
    String text = request.replaceFirst("\\|", "|Host: a|").replace("|", "\r\n");
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The head of the answer, or what came before the connection's end. */
  private static String head(Socket socket) throws IOException {
    StringBuilder answer = new StringBuilder();
    byte[] some = new byte[4096];
    while (answer.indexOf("\r\n\r\n") < 0) {
      int length = socket.getInputStream().read(some);
      if (length < 0) {
        break;
      }
      answer.append(new String(some, 0, length, StandardCharsets.ISO_8859_1));
    }
    return answer.toString();
  }

  private long badRequests() {
    Optional<SignalingCounters.Label> label =
        Optional.of(new SignalingCounters.Label("code", "bad_request"));
    return server.signaling.counters().totals().stream()
        .filter(total -> total.label().equals(label))
        .mapToLong(SignalingCounters.Total::total)
        .sum();
  }
}
