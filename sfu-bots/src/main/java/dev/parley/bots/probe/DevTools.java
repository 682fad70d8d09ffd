package dev.parley.bots.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Speaks the Chrome DevTools protocol: commands and their results. One thread at a time. */
final class DevTools implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_SECONDS = 20;

  private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private final WebSocket socket;

  /**
   * Connects.
   *
   * @throws IOException when the browser is not there
   */
  DevTools(HttpClient http, URI browser) throws IOException {
    try {
      socket = http.newWebSocketBuilder().buildAsync(browser, new Incoming()).join();
    } catch (CompletionException e) {
      throw new IOException("the browser cannot be driven at " + browser, e);
    }
  }

  static ObjectNode parameters() {
    return JSON.createObjectNode();
  }

  /**
   * Gives a command and waits for its result.
   *
   * @param session of a tab; empty: the browser itself
   * @throws IOException when it is refused, or no result comes
   */
  JsonNode call(String method, ObjectNode parameters, Optional<String> session) throws IOException {
    long id = lastId.incrementAndGet();
    ObjectNode command = parameters().put("id", id).put("method", method);
    command.set("params", parameters);
    session.ifPresent(s -> command.put("sessionId", s));
    CompletableFuture<JsonNode> result = new CompletableFuture<>();
    waiting.put(id, result);
    try {
      var unused =
          socket.sendText(command.toString(), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      JsonNode reply = result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (reply.has("error")) {
        throw new IOException(method + ": " + reply.get("error").path("message").asText());
      }
      return reply.path("result");
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the browser does not answer " + method, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the browser did " + method, e);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Incoming implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        try {
          JsonNode reply = JSON.readTree(whole);
          CompletableFuture<JsonNode> result = waiting.remove(reply.path("id").asLong());
          if (result != null) {
            result.complete(reply);
          }
        } catch (JsonProcessingException e) {
          fail(e);
        }
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      fail(new IOException("the browser has gone"));
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      fail(failure);
    }

    private void fail(Throwable why) {
      waiting.values().forEach(f -> f.completeExceptionally(why));
    }
  }
}
