package dev.parley.server.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A WebDriver BiDi session (w3.org/TR/webdriver-bidi): commands as JSON over one WebSocket, each
 * answered under its id. Events are not subscribed to. Any thread.
 */
final class BidiSession implements AutoCloseable {
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;

  /**
   * Connects and starts the session.
   *
   * @param url what the browser said it listens on, for instance {@code ws://127.0.0.1:41089}
   */
  BidiSession(String url) {
    socket =
        http.newWebSocketBuilder()
            .connectTimeout(COMMAND_LIMIT)
            .buildAsync(URI.create(url + "/session"), new Replies())
            .join();
    send("session.new", Map.of("capabilities", Map.of()));
  }

  /**
   * Sends a command and waits for its result.
   *
   * @throws IllegalStateException when the browser answers with an error, or not in time
   */
  JsonNode send(String method, Map<String, ?> params) {
    long id = lastId.incrementAndGet();
    CompletableFuture<JsonNode> reply = new CompletableFuture<>();
    waiting.put(id, reply);
    try {
      String command =
          JSON.writeValueAsString(Map.of("id", id, "method", method, "params", params));
      socket.sendText(command, true).join();
      JsonNode message = reply.get(COMMAND_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (!message.path("type").asText().equals("success")) {
        throw new IllegalStateException(method + " failed: " + message);
      }
      return message.path("result");
    } catch (JsonProcessingException | ExecutionException | TimeoutException failure) {
      throw new IllegalStateException(method + " got no answer", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method + " was interrupted", interrupted);
    } finally {
      waiting.remove(id);
    }
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }

  private final class Replies implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
      onError(webSocket, new IllegalStateException("closed with " + status + " " + reason));
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      waiting.values().forEach(reply -> reply.completeExceptionally(error));
    }

    private void take(String message) {
      try {
        JsonNode parsed = JSON.readTree(message);
        CompletableFuture<JsonNode> reply = waiting.get(parsed.path("id").asLong(-1));
        if (reply != null) {
          reply.complete(parsed);
        }
      } catch (JsonProcessingException malformed) {
        waiting.values().forEach(reply -> reply.completeExceptionally(malformed));
      }
    }
  }
}
