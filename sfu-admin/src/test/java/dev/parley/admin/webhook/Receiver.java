package dev.parley.admin.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A receiver that answers as its test wants, byte for byte. Each connection has a thread. */
final class Receiver implements AutoCloseable {
  /** A request as it arrived; names of headers in lower case. */
  record Request(String line, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** Writes an answer; when it returns, the connection takes the next request. */
  interface Script {
    void answer(Request request, OutputStream out) throws IOException, InterruptedException;
  }

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  Receiver(Script script) throws IOException {
    this("127.0.0.1", 0, script);
  }

  Receiver(String address, int port, Script script) throws IOException {
    server = new ServerSocket(port, 200, InetAddress.ofLiteral(address));
    Thread.ofVirtual().start(() -> accept(script));
  }

  static Script status(int status, String... headers) {
    return (request, out) -> out.write(answer(status, "", headers));
  }

  static byte[] answer(int status, String body, String... headers) {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " x\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    text.append("content-length: ").append(body.length()).append("\r\n\r\n").append(body);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  int port() {
    return server.getLocalPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hook?key=1";
  }

  private void accept(Script script) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket, script));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, Script script) {
    try (socket) {
      for (Request request = read(socket.getInputStream());
          !request.line().isEmpty();
          request = read(socket.getInputStream())) {
        requests.add(request);
        script.answer(request, socket.getOutputStream());
      }
    } catch (IOException | InterruptedException closed) {
      // The sender has seen enough, or the test is over.
    } finally {
      open.remove(socket);
    }
  }

  private static Request read(InputStream in) throws IOException {
    String line = line(in);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(line, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
