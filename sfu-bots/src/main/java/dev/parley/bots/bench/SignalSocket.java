package dev.parley.bots.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.bots.signal.SfuSocket;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One WebSocket that speaks {@code sfu.v1}, without compression and without media. Requests wait
 * for their reply; one thread at a time.
 */
public final class SignalSocket implements AutoCloseable, SfuSocket.Listener {
  /** Of the one JSON reader and writer. */
  public static final ObjectMapper JSON = new ObjectMapper();

  private static final int PATIENCE_SECONDS = 10;
  private static final String OK = "{\"type\":\"ok\"";
  private static final String ERROR = "{\"type\":\"error\"";

  private final Consumer<String> events;
  private final Map<Long, CompletableFuture<Arrived>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final SfuSocket socket;

  private SignalSocket(HttpClient http, URI server, Consumer<String> events) {
    this.events = events;
    this.socket = new SfuSocket(http, server, this);
  }

  private record Arrived(String text, long nanos) {}

  /**
   * A reply.
   *
   * @param frame the whole of it
   * @param bytes of its text in UTF-8
   * @param tookNanos since the request was sent
   */
  public record Reply(JsonNode frame, int bytes, long tookNanos) {
    public boolean isOk() {
      return frame.path("type").asText().equals("ok");
    }

    public JsonNode data() {
      return frame.path("data");
    }

    /** Empty when it is none. */
    public String errorCode() {
      return frame.path("error").path("code").asText();
    }
  }

  /**
   * Connects.
   *
   * @param server for instance {@code http://127.0.0.1:8080/}
   * @param events told the text of each event, on a thread that is not to be held up
   * @throws IOException when nobody answers there
   */
  public static SignalSocket open(HttpClient http, URI server, Consumer<String> events)
      throws IOException {
    SignalSocket opened = new SignalSocket(http, server, events);
    try {
      var unused = opened.socket.opened().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new IOException("cannot connect to " + server, e);
    }
    return opened;
  }

  /**
   * Sends a request and waits for its reply, good or bad.
   *
   * @throws IOException when none comes
   */
  public Reply request(String type, ObjectNode data) throws IOException {
    long id = lastId.incrementAndGet();
    ObjectNode frame = JSON.createObjectNode().put("type", type).put("id", id);
    frame.set("data", data);
    String text = JSON.writeValueAsString(frame);
    CompletableFuture<Arrived> reply = new CompletableFuture<>();
    waiting.put(id, reply);
    if (closed.isDone()) {
      throw new IOException("the socket is closed: " + closed);
    }
    try {
      long sentNanos = System.nanoTime();
      socket.send(text);
      Arrived arrived = reply.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return new Reply(
          JSON.readTree(arrived.text()),
          arrived.text().getBytes(StandardCharsets.UTF_8).length,
          arrived.nanos() - sentNanos);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no reply to " + type + "; closed: " + closed, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the reply to " + type, e);
    }
  }

  /**
   * As {@link #request}, for what must not be refused.
   *
   * @throws IOException when it is
   */
  public Reply ok(String type, ObjectNode data) throws IOException {
    Reply reply = request(type, data);
    if (!reply.isOk()) {
      throw new IOException(type + " was refused: " + reply.frame());
    }
    return reply;
  }

  /** Completed with the close code, or 1006, when the socket is gone. */
  public CompletableFuture<Integer> closed() {
    return closed;
  }

  /** Cuts the connection without a word. */
  @Override
  public void close() {
    socket.abort();
  }

  @Override
  public void onText(SfuSocket from, String text) {
    long nanos = System.nanoTime();
    if (!text.startsWith(OK) && !text.startsWith(ERROR)) {
      events.accept(text);
      return;
    }
    long id;
    try {
      id = JSON.readTree(text).path("id").asLong();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a reply is no JSON", e);
    }
    CompletableFuture<Arrived> reply = waiting.remove(id);
    if (reply != null) {
      reply.complete(new Arrived(text, nanos));
    }
  }

  @Override
  public void onClosed(SfuSocket from, int code, String reason) {
    closed.complete(code);
    waiting
        .values()
        .forEach(reply -> reply.completeExceptionally(new IOException("closed with " + code)));
  }
}
