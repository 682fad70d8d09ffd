package dev.parley.server;

import dev.parley.core.dtls.DtlsWarmup;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.server.config.ConfigLoader;
import dev.parley.server.config.InvalidConfigException;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.log.LogSetup;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A start, a visit, a first join and a stop, as the build does once: the Java machine then has the
 * classes of a start in its archive. On loopback and ports of the system's choice; nothing is kept,
 * and neither the operator's configuration nor the environment is read.
 */
final class Rehearsal {
  private static final int HANDSHAKES = 1;
  private static final int ANSWER_TIMEOUT_MS = 10_000;
  private static final long MOST_NANOS = 60_000_000_000L;

  private static final String CONFIG =
      """
      http.port = 0
      admin.port = 0
      media.udp { port = 0, bindAddress = "127.0.0.1" }
      media.tcp.port = 0
      """;

  private static final String OFFER =
      """
      v=0
      o=- 1 2 IN IP4 127.0.0.1
      s=-
      t=0 0
      a=group:BUNDLE 0
      m=audio 9 UDP/TLS/RTP/SAVPF 111
      c=IN IP4 0.0.0.0
      a=ice-ufrag:abcd
      a=ice-pwd:abcdefghijklmnopqrstuvwx
      a=fingerprint:sha-256 %s
      a=setup:actpass
      a=mid:0
      a=sendonly
      a=rtcp-mux
      a=rtpmap:111 opus/48000/2
      a=ssrc:1 cname:rehearsal
      """
          .formatted("00:".repeat(31) + "00")
          .replace("\n", "\r\n");

  private Rehearsal() {}

  /**
   * Returns when all has stopped again.
   *
   * @throws IOException when the server does not answer as it should
   */
  static void run() throws IOException, InvalidConfigException, StartException {
    endAnyway();
    Path file = Files.createTempFile("parley-rehearsal", ".conf");
    try {
      Files.writeString(file, CONFIG);
      ParleyConfig config = ConfigLoader.load(Optional.of(file), Map.of(), true);
      LogSetup.install(config.log(), OutputStream.nullOutputStream());
      Assembly assembly = new Assembly(config);
      ParleyServer server = new ParleyServer(assembly.parts());
      server.start();
      try {
        int port = assembly.endpoints().httpPort();
        ask(port, "GET / HTTP/1.1", "", 200);
        ask(port, "POST /whip/rehearsal HTTP/1.1", OFFER, 201);
        warmUp();
      } finally {
        var unused = server.stop();
      }
    } finally {
      Files.delete(file);
    }
  }

  /** A build waits for this; a good one is over long before. */
  private static void endAnyway() {
    Thread.ofPlatform()
        .daemon()
        .name("rehearsal-end")
        .start(() -> {
          LockSupport.parkNanos(MOST_NANOS);
          Runtime.getRuntime().halt(1);
        });
  }

  private static void warmUp() throws IOException {
    try (HandshakeExecutor handshakes = new HandshakeExecutor()) {
      if (!DtlsWarmup.run(handshakes, HANDSHAKES)) {
        throw new IOException("DTLS does not work");
      }
    }
  }

  /** By hand: the classes of an HTTP client are no part of a start. */
  private static void ask(int port, String request, String body, int expected) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(ANSWER_TIMEOUT_MS);
      String text =
          "%s\r\nHost: localhost:%d\r\nConnection: close\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(request, port, body.length(), body);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!answer.startsWith("HTTP/1.1 " + expected + " ")) {
        throw new IOException(
            request + " was answered by " + answer.lines().findFirst().orElse("nothing"));
      }
    }
  }
}
