package dev.parley.signaling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.signaling.wire.WireJson;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client that speaks {@code sfu.v1} word by word; every wait is bounded. */
public final class TestClient {
  private static final int PATIENCE_SEC = 10;

  /** Vert.x closes a client, and its sockets with it, when nobody holds it any more. */
  private static final Map<Vertx, WebSocketClient> CLIENTS = new ConcurrentHashMap<>();

  private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<Short> closed = new CompletableFuture<>();
  private final WebSocket socket;
  private int nextId = 1;

  private TestClient(WebSocket socket) {
    this.socket = socket;
    socket.textMessageHandler(text -> frames.add(parse(text)));
    socket.closeHandler(nothing ->
        closed.complete(socket.closeStatusCode() == null ? 1006 : socket.closeStatusCode()));
  }

  public static WebSocketConnectOptions options(int port) {
    return new WebSocketConnectOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setURI("/v1/signal")
        .addSubProtocol("sfu.v1");
  }

  public static TestClient connect(Vertx vertx, WebSocketConnectOptions options) {
    CompletableFuture<TestClient> opened = new CompletableFuture<>();
    CLIENTS
        .computeIfAbsent(vertx, TestClient::newClient)
        .connect(options)
        .onSuccess(socket -> opened.complete(new TestClient(socket)))
        .onFailure(opened::completeExceptionally);
    return get(opened);
  }

  private static WebSocketClient newClient(Vertx vertx) {
    return vertx.createWebSocketClient(
        new WebSocketClientOptions()
            .setTryUsePerMessageCompression(true)
            .setMaxConnections(10_000)
            .setClosingTimeout(1)
            .setMaxFrameSize(64 << 20)
            .setMaxMessageSize(64 << 20));
  }

  /** This Vert.x is closed. */
  static void forget(Vertx vertx) {
    CLIENTS.remove(vertx);
  }

  public static TestClient connect(Vertx vertx, int port) {
    return connect(vertx, options(port));
  }

  /** Connected and greeted. */
  public static TestClient greeted(Vertx vertx, int port) {
    TestClient client = connect(vertx, port);
    client.ok("hello", "{\"versions\":[1]}");
    return client;
  }

  public static <T> T get(java.util.concurrent.CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(PATIENCE_SEC, TimeUnit.SECONDS).join();
  }

  /** The ids of requests go on from here, as those of a page that has lost its socket. */
  public TestClient startAt(int id) {
    nextId = id;
    return this;
  }

  public WebSocket socket() {
    return socket;
  }

  public void raw(String text) {
    socket.writeTextMessage(text);
  }

  public void binary(byte[] bytes) {
    socket.writeBinaryMessage(Buffer.buffer(bytes));
  }

  public int send(String type, String data) {
    int id = nextId++;
    raw("{\"type\":\"" + type + "\",\"id\":" + id + ",\"data\":" + data + "}");
    return id;
  }

  /** Sends and takes the next frame, which must be the reply. */
  public JsonNode request(String type, String data) {
    int id = send(type, data);
    JsonNode frame = next();
    if (frame.path("id").asInt(-1) != id) {
      throw new AssertionError("expected the reply to " + type + " " + id + ", got " + frame);
    }
    return frame;
  }

  public JsonNode ok(String type, String data) {
    JsonNode frame = request(type, data);
    if (!frame.path("type").asText().equals("ok")) {
      throw new AssertionError(type + " was refused: " + frame);
    }
    return frame.path("data");
  }

  public String errorCode(String type, String data) {
    return request(type, data).path("error").path("code").asText();
  }

  public JsonNode join(String room, String more) {
    return ok("join", "{\"room\":\"" + room + "\"" + more + "}");
  }

  /** The next frame, which must be this event. */
  public JsonNode event(String type) {
    JsonNode frame = next();
    if (!frame.path("type").asText().equals(type)) {
      throw new AssertionError("expected " + type + ", got " + frame);
    }
    return frame.path("data");
  }

  public JsonNode next() {
    try {
      @Nullable JsonNode frame = frames.poll(PATIENCE_SEC, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("no frame came; closed: " + closed);
      }
      return frame;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether nothing waits; meaningful after a ping, since frames come in order. */
  public boolean isQuiet() {
    ok("ping", "{\"t\":1}");
    return frames.isEmpty();
  }

  public int closeCode() {
    return get(closed);
  }

  private static JsonNode parse(String text) {
    try {
      return WireJson.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
