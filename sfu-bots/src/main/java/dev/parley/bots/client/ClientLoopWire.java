package dev.parley.bots.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** The bytes of a connection, as they are or inside TLS. Never blocks. Loop's thread only. */
interface ClientLoopWire {
  /** Sends what the connection takes now; the rest stays in {@code bytes}. */
  void write(ByteBuffer bytes) throws IOException;

  /** Whether something waits in here for the connection to take it. */
  boolean holdsBack();

  /** Adds what has arrived; returns how much, 0 when there is no more now, -1 at the end. */
  int read(ByteBuffer bytes) throws IOException;

  /** TCP alone. */
  record Plain(SocketChannel channel) implements ClientLoopWire {
    @Override
    public void write(ByteBuffer bytes) throws IOException {
      channel.write(bytes);
    }

    @Override
    public boolean holdsBack() {
      return false;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      return channel.read(bytes);
    }
  }

  /** TLS by the JDK; any certificate is taken, as bots test servers that have their own. */
  final class Tls implements ClientLoopWire {
    private static final SSLContext CONTEXT = context();

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ByteBuffer sealed;
    private final ByteBuffer arrived;

    Tls(SocketChannel channel) throws IOException {
      this.channel = channel;
      this.engine = CONTEXT.createSSLEngine();
      engine.setUseClientMode(true);
      int packet = engine.getSession().getPacketBufferSize();
      this.sealed = ByteBuffer.allocateDirect(4 * packet);
      this.arrived = ByteBuffer.allocateDirect(4 * packet);
      engine.beginHandshake();
    }

    private static SSLContext context() {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        return context;
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has TLS", e);
      }
    }

    private static final class Anybody implements X509TrustManager {
      @Override
      public void checkClientTrusted(X509Certificate[] chain, String type) {}

      @Override
      public void checkServerTrusted(X509Certificate[] chain, String type) {}

      @Override
      public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
      }
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      send();
      while (sealed.position() == 0) {
        SSLEngineResult result = engine.wrap(bytes, sealed);
        send();
        if (result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_TASK) {
          runTasks();
        } else if (result.bytesProduced() == 0) {
          return;
        }
      }
    }

    private void send() throws IOException {
      sealed.flip();
      try {
        channel.write(sealed);
      } finally {
        sealed.compact();
      }
    }

    private void runTasks() {
      for (Runnable task = engine.getDelegatedTask();
          task != null;
          task = engine.getDelegatedTask()) {
        task.run();
      }
    }

    @Override
    public boolean holdsBack() {
      return sealed.position() > 0;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      int count = channel.read(arrived);
      int before = bytes.position();
      arrived.flip();
      try {
        boolean more = true;
        while (more) {
          SSLEngineResult result = engine.unwrap(arrived, bytes);
          switch (result.getHandshakeStatus()) {
            case NEED_TASK -> runTasks();
            case NEED_WRAP -> {
              write(ByteBuffer.allocate(0));
              more = !holdsBack(); // Else it goes on when the connection takes something again.
            }
            default -> more = result.bytesConsumed() > 0;
          }
          more &= result.getStatus() == SSLEngineResult.Status.OK;
        }
      } finally {
        arrived.compact();
      }
      int added = bytes.position() - before;
      return added == 0 && count < 0 ? -1 : added;
    }
  }
}
