package dev.parley.bots.signal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.bots.client.ClientLoop;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One visit by {@code sfu.v1}: says hello, keeps the connection alive, and resumes the session
 * after a lost one by the retry policy that clients have. Loop's thread only; all futures complete
 * and all events are told there.
 */
public final class SfuSession implements SfuSocket.Listener {
  /** What happens without being asked for. */
  public interface Listener {
    void onEvent(String type, JsonNode data, long nowNanos);

    /** A WebSocket was lost; the session is being resumed. */
    void onSocketLost(long nowNanos);

    void onResumed(long tookNanos);

    /** It is over, and the server or the network did it. Once. */
    void onEnded(String code, String reason);
  }

  /** Of the one JSON reader and writer. */
  static final ObjectMapper JSON = new ObjectMapper();

  private static final long MILLI = 1_000_000;
  private static final long REPLY_NANOS = 15_000 * MILLI;

  /** Before each attempt, up to a second more by chance. */
  private static final int[] RETRY_MS = {0, 300, 1000, 2000, 4000, 4000, 8000, 8000, 8000, 8000};

  /** Close codes that say: come back. */
  private static final Set<Integer> RESUMABLE = Set.of(1001, 1006, 1012, 4000, 4009, 4020, 4023);

  private static final int DEFAULT_PING_MS = 10_000;

  private final ClientLoop loop;
  private final HttpClient http;
  private final URI server;
  private final Optional<String> token;
  private final Listener listener;
  private final RandomGenerator random;
  private final Map<Long, Request> waiting = new HashMap<>();
  private @Nullable SfuSocket socket;
  private String sessionId = "";
  private String resumeToken = "";
  private long lastSeq;
  private long lastId;
  private int pingMs = DEFAULT_PING_MS;
  private ClientLoop.@Nullable Alarm ping;
  private boolean established;
  private long lostNanos = -1;
  private int attempt;
  private boolean ended;

  private record Request(
      String type, CompletableFuture<JsonNode> reply, ClientLoop.Alarm timeout) {}

  /**
   * Opens nothing before {@link #open}.
   *
   * @param server for instance {@code http://127.0.0.1:8080}
   */
  public SfuSession(
      ClientLoop loop,
      HttpClient http,
      URI server,
      Optional<String> token,
      RandomGenerator random,
      Listener listener) {
    this.loop = loop;
    this.http = http;
    this.server = server;
    this.token = token;
    this.random = random;
    this.listener = listener;
  }

  /** Connects; completes when the WebSocket is open, fails with {@link RefusedException}. */
  public CompletableFuture<Boolean> open() {
    CompletableFuture<Boolean> opened = new CompletableFuture<>();
    SfuSocket connecting = new SfuSocket(http, server, this);
    socket = connecting;
    var unused =
        connecting
            .opened()
            .whenComplete((webSocket, e) ->
                loop.execute(() -> {
                  if (ended || socket != connecting) {
                    opened.completeExceptionally(
                        new RefusedException(RefusedException.UNREACHABLE, "given up"));
                  } else if (e != null) {
                    opened.completeExceptionally(
                        new RefusedException(
                            RefusedException.UNREACHABLE, "no WebSocket to " + server));
                  } else {
                    opened.complete(true);
                  }
                }));
    return opened;
  }

  /** Introduces itself; fails with {@link RefusedException}. */
  public CompletableFuture<JsonNode> hello() {
    ObjectNode data = data();
    data.putArray("versions").add(1);
    token.ifPresent(t -> data.put("token", t));
    data.putObject("client").put("sdk", "parley-bots").put("version", "1");
    return request("hello", data)
        .thenApply(reply -> {
          established = true;
          welcome(reply);
          return reply;
        });
  }

  private void welcome(JsonNode reply) {
    sessionId = reply.path("sessionId").asText();
    resumeToken = reply.path("resumeToken").asText();
    pingMs = Math.max(1_000, reply.path("ping").path("intervalMs").asInt(DEFAULT_PING_MS));
    schedulePing();
  }

  private void schedulePing() {
    if (ping != null) {
      ping.cancel();
    }
    ping =
        loop.at(
            loop.nowNanos() + pingMs * MILLI,
            () -> {
              if (!ended && socket != null && lostNanos < 0) {
                var unused = request("ping", data().put("t", 0)).exceptionally(e -> onPingLost());
                schedulePing();
              }
            });
  }

  private JsonNode onPingLost() {
    SfuSocket open = socket;
    if (open != null && lostNanos < 0 && !ended) {
      open.abort();
      lost("the server does not answer pings");
    }
    return data();
  }

  /** An empty object for a request. */
  public static ObjectNode data() {
    return JSON.createObjectNode();
  }

  /** Asks; completes with the reply's data, fails with {@link RefusedException}. */
  public CompletableFuture<JsonNode> request(String type, ObjectNode data) {
    CompletableFuture<JsonNode> reply = new CompletableFuture<>();
    SfuSocket open = socket;
    if (ended || open == null) {
      reply.completeExceptionally(
          new RefusedException(RefusedException.UNREACHABLE, "the session is over"));
      return reply;
    }
    long id = ++lastId;
    ObjectNode frame = data().put("type", type).put("id", id);
    frame.set("data", data);
    ClientLoop.Alarm timeout =
        loop.at(
            loop.nowNanos() + REPLY_NANOS,
            () -> {
              waiting.remove(id);
              reply.completeExceptionally(
                  new RefusedException(RefusedException.TIMEOUT, "no reply to " + type));
            });
    waiting.put(id, new Request(type, reply, timeout));
    open.send(frame.toString());
    return reply;
  }

  @Override
  public void onText(SfuSocket from, String text) {
    JsonNode frame;
    try {
      frame = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      loop.execute(() -> end("bad_frame", "the server sent what is no JSON"));
      return;
    }
    loop.execute(() -> {
      if (from == socket && !ended) {
        handle(frame);
      }
    });
  }

  private void handle(JsonNode frame) {
    String type = frame.path("type").asText();
    if (!type.equals("ok") && !type.equals("error")) {
      lastSeq = Math.max(lastSeq, frame.path("seq").asLong());
      listener.onEvent(type, frame.path("data"), loop.nowNanos());
      return;
    }
    Request request = waiting.remove(frame.path("id").asLong());
    if (request == null) {
      return;
    }
    request.timeout().cancel();
    if (type.equals("ok")) {
      request.reply().complete(frame.path("data"));
    } else {
      JsonNode error = frame.path("error");
      request
          .reply()
          .completeExceptionally(
              new RefusedException(
                  error.path("code").asText("error"),
                  request.type() + ": " + error.path("message").asText()));
    }
  }

  @Override
  public void onClosed(SfuSocket from, int code, String reason) {
    loop.execute(() -> {
      if (from != socket || ended) {
        return;
      }
      if (established && RESUMABLE.contains(code)) {
        lost("closed with " + code);
      } else {
        end("closed_" + code, "the server closed with " + code + " " + reason);
      }
    });
  }

  /** The WebSocket is cut without a word, as when a network goes away. */
  public void dropSocket() {
    SfuSocket open = socket;
    if (open != null && established && !ended && lostNanos < 0) {
      open.abort();
      lost("cut on purpose");
    }
  }

  private void lost(String why) {
    boolean news = lostNanos < 0;
    if (news) {
      lostNanos = loop.nowNanos();
      attempt = 0;
      listener.onSocketLost(lostNanos);
    }
    socket = null;
    // Among them may be the hello of an attempt, whose failure leads to the next one.
    failWaiting(why);
    if (news) {
      retry(why);
    }
  }

  private void failWaiting(String why) {
    Map<Long, Request> open = Map.copyOf(waiting);
    waiting.clear();
    open.values()
        .forEach(request -> {
          request.timeout().cancel();
          request
              .reply()
              .completeExceptionally(new RefusedException(RefusedException.UNREACHABLE, why));
        });
  }

  private void retry(String why) {
    if (attempt == RETRY_MS.length) {
      end(
          RefusedException.UNREACHABLE,
          "not resumed after %d attempts: %s".formatted(attempt, why));
      return;
    }
    long wait = RETRY_MS[attempt] + (attempt == 0 ? 0L : random.nextLong(1_000));
    attempt++;
    loop.at(
        loop.nowNanos() + wait * MILLI,
        () -> {
          if (!ended) {
            var unused =
                open()
                    .thenCompose(opened -> resume())
                    .whenComplete((reply, e) -> resumed(reply, e));
          }
        });
  }

  private CompletableFuture<JsonNode> resume() {
    ObjectNode data = data();
    data.putArray("versions").add(1);
    token.ifPresent(t -> data.put("token", t));
    data.putObject("resume")
        .put("sessionId", sessionId)
        .put("resumeToken", resumeToken)
        .put("lastSeq", lastSeq);
    return request("hello", data);
  }

  private void resumed(@Nullable JsonNode reply, @Nullable Throwable failure) {
    if (ended) {
      return;
    }
    if (reply != null) {
      long took = loop.nowNanos() - lostNanos;
      lostNanos = -1;
      welcome(reply);
      listener.onResumed(took);
    } else if (codeOf(failure).equals(RefusedException.UNREACHABLE)
        || codeOf(failure).equals(RefusedException.TIMEOUT)) {
      socket = null;
      retry(String.valueOf(failure == null ? "" : failure.getMessage()));
    } else {
      end(codeOf(failure), "the session is not resumed");
    }
  }

  /** The code of a failed request. */
  public static String codeOf(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof RefusedException)) {
      cause = cause.getCause();
    }
    return cause instanceof RefusedException refused ? refused.code() : "internal";
  }

  private void end(String code, String reason) {
    if (!ended) {
      close();
      listener.onEnded(code, reason);
    }
  }

  /** Says goodbye, if it can, and forgets the session. Nothing is told any more. */
  public void bye() {
    SfuSocket open = socket;
    if (!ended && open != null && established && lostNanos < 0) {
      ObjectNode frame = data().put("type", "bye").put("id", ++lastId);
      frame.set("data", data());
      open.send(frame.toString());
      ended = true;
      socket = null;
      // The server closes; should it not, this does.
      loop.at(loop.nowNanos() + 1_000 * MILLI, open::abort);
      finish();
    } else {
      close();
    }
  }

  private void close() {
    ended = true;
    SfuSocket open = socket;
    socket = null;
    if (open != null) {
      open.abort();
    }
    finish();
  }

  private void finish() {
    if (ping != null) {
      ping.cancel();
      ping = null;
    }
    failWaiting("the session is over");
  }
}
