package dev.parley.signaling.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.turn.TestCertificate;
import dev.parley.signaling.Await;
import dev.parley.signaling.OpenedSockets;
import dev.parley.signaling.TestClient;
import dev.parley.signaling.TestServer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One TLS port for pages, WebSockets and what speaks TURN. */
final class TlsFrontTest {
  @TempDir Path folder;

  private final OpenedSockets log = new OpenedSockets();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    TestCertificate.write(folder, "first");
    server = new TestServer(TestServer.with(TestServer.development(), config()));
  }

  @AfterEach
  void stop() {
    log.close();
    server.close();
  }

  private TlsConfig config() {
    return new TlsConfig("127.0.0.1", 0, folder.resolve("cert.pem"), folder.resolve("key.pem"));
  }

  private int port() {
    return server.signaling.tls().orElseThrow().port();
  }

  private SSLSocket connect(List<X509Certificate> shown) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Everyone(shown)}, null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port());
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  private record Everyone(List<X509Certificate> shown) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      shown.addAll(List.of(chain));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void shouldServePagesAndWebSockets() {
    HttpClient http =
        server.vertx.createHttpClient(
            new HttpClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
    WebSocketClient sockets =
        server.vertx.createWebSocketClient(
            new WebSocketClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
    int status =
        TestClient.get(
            http.request(HttpMethod.GET, port(), "127.0.0.1", "/healthz")
                .compose(request -> request.send())
                .map(response -> response.statusCode())
                .toCompletionStage());
    assertEquals(200, status);
    WebSocket open =
        TestClient.get(
            sockets.connect(TestClient.options(port()).setSsl(true)).toCompletionStage());
    List<String> replies = new ArrayList<>();
    open.textMessageHandler(replies::add);
    open.writeTextMessage("{\"type\":\"hello\",\"id\":1,\"data\":{\"versions\":[1]}}");
    Await.until("hello", () -> replies.stream().anyMatch(text -> text.contains("sessionId")));
    assertEquals(1, server.signaling.counters().openConnections());
    assertTrue(
        log.lines().contains("socket.opened " + open.localAddress()),
        () -> "the client, and not this server itself: " + log.lines());
    TestClient.get(sockets.close().toCompletionStage());
    TestClient.get(http.close().toCompletionStage());
    Await.until("closed", () -> server.signaling.counters().openConnections() == 0);
  }

  @Test
  void shouldUseACertificateThatIsReplacedAndKeepTheOldOneOverNonsense() throws Exception {
    List<X509Certificate> before = new ArrayList<>();
    connect(before).close();
    Files.writeString(folder.resolve("cert.pem"), "nonsense");
    assertFalse(TestClient.get(front().look().toCompletionStage()));
    List<X509Certificate> meanwhile = new ArrayList<>();
    connect(meanwhile).close();
    assertArrayEquals(before.getFirst().getEncoded(), meanwhile.getFirst().getEncoded());
    TestCertificate.write(folder, "second");
    assertTrue(TestClient.get(front().look().toCompletionStage()));
    assertFalse(TestClient.get(front().look().toCompletionStage()), "the same once more");
    for (int i = 0; i < 4; i++) {
      List<X509Certificate> after = new ArrayList<>();
      connect(after).close();
      assertNotEquals(before.getFirst(), after.getFirst());
      assertTrue(after.getFirst().getSubjectX500Principal().getName().contains("second"));
    }
  }

  private TlsFront front() {
    return server.signaling.tls().orElseThrow();
  }

  @Test
  void shouldGiveTurnToTheRelay() throws Exception {
    server.media.relay.reply = "pong".getBytes(StandardCharsets.US_ASCII);
    try (SSLSocket socket = connect(new ArrayList<>())) {
      byte[] binding = new byte[20];
      binding[1] = 1;
      binding[4] = 0x21;
      binding[5] = 0x12;
      binding[6] = (byte) 0xa4;
      binding[7] = 0x42;
      // In pieces, as a slow network gives them.
      socket.getOutputStream().write(binding, 0, 5);
      socket.getOutputStream().flush();
      socket.getOutputStream().write(binding, 5, 15);
      socket.getOutputStream().flush();
      assertArrayEquals(server.media.relay.reply, socket.getInputStream().readNBytes(4));
      assertArrayEquals(binding, server.media.relay.received());
      assertEquals(socket.getLocalPort(), server.media.relay.client.getPort());
    }
    Await.until("the relay hears the end", () -> server.media.relay.closed);
  }

  @Test
  void shouldBearGarbageAndConnectionsThatSayNothing() throws Exception {
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Socket plain = new Socket();
      plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()));
      silent.add(plain);
    }
    try (Socket garbage = new Socket(InetAddress.getLoopbackAddress(), port())) {
      garbage.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      garbage.setSoTimeout(10_000);
      InputStream in = garbage.getInputStream();
      // An alert, or nothing at all, but no answer.
      String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      assertFalse(answer.contains("HTTP"), answer);
    } catch (IOException reset) {
      assertFalse(reset.toString().isEmpty());
    }
    connect(new ArrayList<>()).close();
    for (Socket plain : silent) {
      plain.close();
    }
  }

  @Test
  void shouldSayWhatIsWrongWithAKey() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    TestCertificate.write(other, "other");
    Files.copy(
        other.resolve("key.pem"), folder.resolve("key.pem"), StandardCopyOption.REPLACE_EXISTING);
    IOException wrong = assertThrows(IOException.class, () -> Certificate.read(config()));
    assertTrue(wrong.toString().contains("is not the key of"), wrong.toString());
    Files.writeString(folder.resolve("key.pem"), "-----BEGIN RSA PRIVATE KEY-----\n");
    IOException old = assertThrows(IOException.class, () -> Certificate.read(config()));
    assertTrue(old.toString().contains("openssl pkcs8"), old.toString());
  }
}
