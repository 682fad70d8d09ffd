package dev.parley.bots.signal;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of {@code sfu.v1}. What is sent leaves in order; what arrives is told on the HTTP
 * client's threads.
 */
public final class SfuSocket {
  /** Told in order, one call at a time. */
  public interface Listener {
    /** A whole text frame. */
    void onText(SfuSocket from, String text);

    /** It is over; {@code code} is 1006 when nobody said goodbye. */
    void onClosed(SfuSocket from, int code, String reason);
  }

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int ABNORMAL = 1006;

  private final Listener listener;
  private final CompletableFuture<WebSocket> opened;
  private CompletableFuture<WebSocket> lastSend;

  /** Begins to connect. */
  public SfuSocket(HttpClient http, URI server, Listener listener) {
    this.listener = listener;
    String scheme = "https".equals(server.getScheme()) ? "wss" : "ws";
    URI address = URI.create(scheme + "://" + server.getAuthority() + "/v1/signal");
    this.opened =
        http.newWebSocketBuilder()
            .subprotocols("sfu.v1")
            .connectTimeout(TIMEOUT)
            .buildAsync(address, new Incoming());
    this.lastSend = opened;
  }

  /** Completes when it is open, or fails. */
  public CompletionStage<WebSocket> opened() {
    return opened;
  }

  /** Sends behind what was sent before. One thread. */
  public void send(String text) {
    lastSend = lastSend.thenCompose(socket -> socket.sendText(text, true));
  }

  /** Cuts the connection without a word. */
  public void abort() {
    if (opened.isDone() && !opened.isCompletedExceptionally()) {
      opened.join().abort();
    } else {
      opened.cancel(true);
    }
  }

  private final class Incoming implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        listener.onText(SfuSocket.this, whole);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      listener.onClosed(SfuSocket.this, code, reason);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      listener.onClosed(SfuSocket.this, ABNORMAL, String.valueOf(failure.getMessage()));
    }
  }
}
