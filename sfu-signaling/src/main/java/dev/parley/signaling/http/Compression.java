package dev.parley.signaling.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * {@code permessage-deflate} (RFC 7692) with a bound on what a message may inflate to. Vert.x sets
 * none, so half a megabyte of zeros well packed would become half a gigabyte. The one place that
 * reaches below Vert.x; a test sends such a message.
 */
public final class Compression {
  /** The handler that Vert.x installs for its own extensions. */
  private static final String EXTENSIONS = "webSocketExtensionHandler";

  private static final int LEVEL = 6;

  private Compression() {}

  /** Called for each new connection, before its first request is read. */
  public static void bound(HttpConnection connection, int maxMessageBytes) {
    ChannelPipeline pipeline = channel(connection).pipeline();
    if (pipeline.get(EXTENSIONS) == null) {
      throw new IllegalStateException("the pipeline has no " + EXTENSIONS + " to replace");
    }
    pipeline.replace(
        EXTENSIONS,
        EXTENSIONS,
        new WebSocketServerExtensionHandler(
            new PerMessageDeflateServerExtensionHandshaker(
                LEVEL,
                ZlibCodecFactory.isSupportingWindowSizeAndMemLevel(),
                PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE,
                true,
                true,
                maxMessageBytes)));
  }

  static Channel channel(HttpConnection connection) {
    return ((HttpServerConnection) connection).channelHandlerContext().channel();
  }
}
