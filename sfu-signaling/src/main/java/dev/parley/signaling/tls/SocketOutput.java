package dev.parley.signaling.tls;

import dev.parley.core.api.RelayStreams;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** A Vert.x socket as the relay writes to it: gives each write to the socket's own thread. */
final class SocketOutput implements RelayStreams.Output {
  private final Context context;
  private final NetSocket socket;
  private final AtomicInteger waitingBytes = new AtomicInteger();

  /** On the socket's own context. */
  SocketOutput(Vertx vertx, NetSocket socket) {
    this.context = vertx.getOrCreateContext();
    this.socket = socket;
  }

  @Override
  public void send(byte[] bytes) {
    waitingBytes.addAndGet(bytes.length);
    context.runOnContext(nothing ->
        socket
            .write(Buffer.buffer(bytes))
            .onComplete(written -> waitingBytes.addAndGet(-bytes.length)));
  }

  @Override
  public int waitingBytes() {
    return waitingBytes.get();
  }

  @Override
  public void close() {
    context.runOnContext(nothing -> socket.close());
  }
}
