package dev.parley.admin.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.admin.AdminConfig;
import dev.parley.admin.AdminServer;
import dev.parley.admin.history.History;
import dev.parley.admin.history.HistoryConfig;
import dev.parley.admin.history.HistoryPlace;
import dev.parley.admin.webhook.WebhookConfig;
import dev.parley.admin.webhook.WebhookEndpoint;
import dev.parley.admin.webhook.WebhookSecret;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.WorkerSample;
import dev.parley.signaling.SignalingServer;
import dev.parley.signaling.config.Networks;
import dev.parley.signaling.config.RoomConfig;
import dev.parley.signaling.config.SessionConfig;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.token.TokenRules;
import dev.parley.signaling.token.TokenSecret;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A front end without media and its admin port. */
final class RunningServer implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String OPERATE = "operate-token-0123456789";
  static final String READ = "read-token-0123456789";
  static final List<AdminToken> TOKENS =
      List.of(
          new AdminToken("ops", OPERATE, AdminRole.OPERATE),
          new AdminToken("grafana", READ, AdminRole.READ));

  /** An answer; the body is missing where there is none. */
  record Reply(int status, Map<String, String> headers, JsonNode body) {
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    String code() {
      return body.path("code").asText();
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();

  /**
   * Held here: Vert.x closes a client, and what it opens, when the collector finds it forgotten.
   */
  private final WebSocketClient sockets =
      vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(1000));

  private final SignalingServer signaling;
  private final AdminServer admin;
  private final History history;
  private boolean stopped;

  RunningServer(List<AdminToken> tokens) {
    this(tokens, HistoryPlace.Memory.fresh());
  }

  RunningServer(List<AdminToken> tokens, HistoryPlace place) {
    this(tokens, place, !(place instanceof HistoryPlace.None));
  }

  /** {@code settled}: when the history can be asked. */
  RunningServer(List<AdminToken> tokens, HistoryPlace place, boolean settled) {
    SignalingConfig d = SignalingConfig.forDevelopment();
    TokenRules rules =
        TokenRules.of(TokenSecret.of("a secret of the tests, long enough for the hash"), "parley");
    SignalingConfig config =
        new SignalingConfig(
            d.host(),
            0,
            true,
            rules,
            d.limits(),
            d.audioSlots(),
            d.videoSlots(),
            d.heartbeat(),
            d.allowedOrigins(),
            List.of(
                new SignalingConfig.IceServer(
                    List.of("turn:turn.example"), Optional.of("u"), Optional.of("p"))),
            d.server(),
            SessionConfig.DEFAULT,
            RoomConfig.OPEN,
            Optional.empty());
    NoMedia media = new NoMedia();
    history = History.open(new HistoryConfig(place, 30, 10_000));
    signaling = new SignalingServer(vertx, config, media);
    admin =
        new AdminServer(
            vertx,
            new AdminConfig(
                "127.0.0.1", 0, List.of(), tokens, AdminConfig.DEFAULT.sampleEvery(), webhooks()),
            media,
            signaling,
            signaling.operator(),
            () -> MediaServer.Readiness.READY,
            history);
    get(signaling.start());
    get(admin.start());
    if (settled) {
      settle();
    }
  }

  /** One endpoint, of which nobody takes the connections, and for a room that no test opens. */
  private static WebhookConfig webhooks() {
    WebhookEndpoint endpoint =
        new WebhookEndpoint(
            "crm",
            WebhookEndpoint.url("http://127.0.0.1:1/hook?key=secret"),
            List.of(WebhookSecret.of("whsec_" + "A".repeat(32))),
            List.of(),
            List.of("hooked"));
    WebhookConfig none = WebhookConfig.NONE;
    return new WebhookConfig(
        List.of(endpoint),
        none.directory(),
        none.timeout(),
        none.giveUpAfter(),
        none.keep(),
        none.maxEvents(),
        new Networks(List.of("127.0.0.0/8")));
  }

  @Override
  public void close() {
    get(admin.stop());
    stopSignaling();
    history.close();
    get(vertx.close().toCompletionStage());
  }

  History history() {
    return history;
  }

  /** Returns when the history holds all of before. */
  void settle() {
    get(history.written());
  }

  /** Stops the public port, as the server does first. */
  void stopSignaling() {
    if (!stopped) {
      stopped = true;
      get(signaling.stop());
    }
  }

  /** Runs something when the event loop has had other turns. */
  Future<Void> later(Runnable task) {
    Promise<Void> done = Promise.promise();
    vertx.setTimer(
        50,
        fired -> {
          task.run();
          done.complete();
        });
    return done.future();
  }

  List<String> operations() {
    return admin.operations();
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  Reply ask(String method, String path, String body, String... headers) {
    Map<String, String> all = new HashMap<>();
    if (!body.isEmpty()) {
      all.put("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    return get(
        send(
                method,
                path,
                body,
                all,
                response ->
                    response
                        .body()
                        .map(text ->
                            new Reply(
                                response.statusCode(), lower(response.headers()), json(text))))
            .toCompletionStage());
  }

  private static Map<String, String> lower(MultiMap headers) {
    Map<String, String> given = new HashMap<>();
    headers.forEach((name, value) -> given.put(name.toLowerCase(Locale.ROOT), value));
    return given;
  }

  private static JsonNode json(Buffer text) {
    try {
      return JSON.readTree(text.getBytes());
    } catch (java.io.IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  /**
   * Sends a request; all on one event loop, where nothing of the answer is missed.
   *
   * @param reader of the answer
   */
  <T> Future<T> send(
      String method,
      String path,
      String body,
      Map<String, String> headers,
      Function<HttpClientResponse, Future<T>> reader) {
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(admin.port())
            .setMethod(HttpMethod.valueOf(method))
            .setURI(path);
    headers.forEach(options::putHeader);
    Promise<T> answer = Promise.promise();
    vertx.runOnContext(now ->
        client
            .request(options)
            .compose(request -> request.send(Buffer.buffer(body)))
            .compose(reader)
            .onComplete(answer));
    return answer.future();
  }

  Reply get(String path, String... headers) {
    return ask("GET", path, "", headers);
  }

  Reply post(String path, String body, String... headers) {
    return ask("POST", path, body, headers);
  }

  /** Somebody who says hello and joins without media. */
  Guest join(String room) {
    return new Guest(room);
  }

  /** A client of the WebSocket; keeps what it is told. */
  final class Guest {
    private final java.util.concurrent.BlockingQueue<JsonNode> heard =
        new java.util.concurrent.LinkedBlockingQueue<>();
    private final WebSocket socket;
    final JsonNode joined;
    private final String error;

    private Guest(String room) {
      socket =
          get(
              sockets
                  .connect(
                      new WebSocketConnectOptions()
                          .setHost("127.0.0.1")
                          .setPort(signaling.port())
                          .setURI("/v1/signal")
                          .addSubProtocol("sfu.v1"))
                  .toCompletionStage());
      socket.textMessageHandler(text -> heard.add(json(Buffer.buffer(text))));
      tell("{\"type\":\"hello\",\"id\":1,\"data\":{\"versions\":[1]}}");
      tell(
          "{\"type\":\"join\",\"id\":2,\"data\":{\"room\":\""
              + room
              + "\",\"displayName\":\"Ann\"}}");
      JsonNode reply = reply(2);
      joined = reply.path("data");
      error = reply.at("/error/code").asText();
    }

    /** Why it may not join; empty when it may. */
    String error() {
      return error;
    }

    void leave() {
      tell("{\"type\":\"bye\",\"id\":3,\"data\":{}}");
      get(socket.close().toCompletionStage());
    }

    private void tell(String text) {
      socket.writeTextMessage(text);
    }

    private JsonNode reply(int id) {
      while (true) {
        JsonNode next = next();
        if (next.path("id").asInt() == id) {
          return next;
        }
      }
    }

    JsonNode event(String type) {
      while (true) {
        JsonNode next = next();
        if (next.path("type").asText().equals(type)) {
          return next.path("data");
        }
      }
    }

    private JsonNode next() {
      try {
        @Nullable JsonNode next = heard.poll(20, TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError("nothing more was heard");
        }
        return next;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    String id() {
      return joined.at("/self/id").asText();
    }
  }

  /** An engine that carries nothing. */
  private static final class NoMedia implements MediaServer {
    @Override
    public MediaRoom openRoom(String roomId, MediaRoom.Listener listener) {
      return new MediaRoom() {
        @Override
        public String id() {
          return roomId;
        }

        @Override
        public CompletionStage<MediaSession> join(JoinOffer offer, MediaSession.Listener reports) {
          throw new AssertionError("nobody brings media");
        }

        @Override
        public CompletionStage<MediaSession> adopt(
            MediaSession session,
            String participantId,
            List<TrackPublication> publications,
            MediaSession.Listener reports) {
          throw new AssertionError("nobody brings media");
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public MediaRoom openEchoRoom(String roomId, MediaRoom.Listener listener) {
      return openRoom(roomId, listener);
    }

    @Override
    public List<Metric> metrics() {
      return List.of();
    }

    @Override
    public CompletionStage<List<WorkerSample>> samples() {
      return java.util.concurrent.CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletionStage<Map<String, Object>> snapshot() {
      return java.util.concurrent.CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public List<AnnouncedAddress> announcedAddresses() {
      return List.of(new AnnouncedAddress(Transport.UDP, "192.0.2.1:10000"));
    }

    @Override
    public Readiness readiness() {
      return Readiness.READY;
    }

    @Override
    public void close() {}
  }
}
