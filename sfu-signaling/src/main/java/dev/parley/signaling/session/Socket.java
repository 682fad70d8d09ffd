package dev.parley.signaling.session;

import dev.parley.signaling.wire.CloseCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Writes to one WebSocket and makes sure that it ends. The socket's event loop. */
final class Socket {
  /** A client that reads nothing never sees the close frame; the connection is cut then. */
  private static final long CUT_AFTER_MS = 3000;

  private final ServerWebSocket webSocket;
  private final Channel channel;

  Socket(ServerWebSocket webSocket, Channel channel) {
    this.webSocket = webSocket;
    this.channel = channel;
  }

  /** Sends a text; {@code left} is called with its length when it has left the process. */
  int write(String text, IntConsumer left) {
    int length = utf8Length(text);
    webSocket.writeTextMessage(text).onComplete(written -> left.accept(length));
    return length;
  }

  void close(CloseCode code, String words) {
    webSocket.close(code.code(), code.reason(words));
    // Not a timer of the context: those end with the server, and this one must outlive it.
    ScheduledFuture<?> unused =
        channel.eventLoop().schedule(this::cut, CUT_AFTER_MS, TimeUnit.MILLISECONDS);
  }

  /** Ends the connection without another word. */
  void cut() {
    // From the front of the pipeline: Vert.x, at its end, would wait for what is still unsent.
    ChannelHandlerContext first = channel.pipeline().firstContext();
    ChannelFuture unused = first == null ? channel.close() : first.close();
  }

  /** Whether a failure of the socket means that a frame was larger than may be. */
  static boolean isTooBig(Throwable failure) {
    return failure instanceof DecompressionException
        || failure instanceof IllegalStateException
        || (failure instanceof CorruptedWebSocketFrameException corrupted
            && corrupted.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG));
  }

  static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
