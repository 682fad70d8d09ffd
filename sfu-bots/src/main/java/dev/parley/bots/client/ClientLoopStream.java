package dev.parley.bots.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** A client's TCP connection, to the server itself or to its relay. Loop's thread only. */
final class ClientLoopStream {
  private static final int OUT_BYTES = 1 << 17;
  private static final int IN_BYTES = 1 << 17;

  /**
   * How the connection is made.
   *
   * @param to the server's port, or the relay's
   * @param tls whether everything goes inside TLS
   */
  record Target(
      InetSocketAddress bind, InetSocketAddress to, boolean tls, int receiveBufferBytes) {}

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ClientLoopWire wire;
  private final StreamFraming framing;
  private final ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES);
  private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES);
  private boolean reading = true;

  /** Begins to connect; what is sent meanwhile waits. */
  ClientLoopStream(Target target, StreamFraming framing, Selector selector, Object attachment) {
    this.framing = framing;
    try {
      channel = SocketChannel.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no TCP socket can be opened", e);
    }
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, target.receiveBufferBytes());
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.bind(target.bind());
      channel.connect(target.to());
      key = channel.register(selector, SelectionKey.OP_CONNECT, attachment);
      wire = target.tls() ? new ClientLoopWire.Tls(channel) : new ClientLoopWire.Plain(channel);
    } catch (IOException e) {
      close();
      throw new UncheckedIOException("no TCP connection to " + target.to() + " can be opened", e);
    }
    framing.opened(out);
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  int localPort() {
    return channel.socket().getLocalPort();
  }

  InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.socket().getLocalSocketAddress();
  }

  /** Takes nothing more from the server, whose packets pile up. */
  void stopReading() {
    reading = false;
    interest();
  }

  private void interest() {
    if (key.isValid()) {
      key.interestOps(
          !channel.isConnected()
              ? SelectionKey.OP_CONNECT
              : (reading ? SelectionKey.OP_READ : 0)
                  | (wire.holdsBack() || out.position() > 0 ? SelectionKey.OP_WRITE : 0));
    }
  }

  /** False: too much waits already, or the connection is closed; the packet is dropped. */
  boolean send(ByteBuffer packet) throws IOException {
    if (!channel.isOpen() || !framing.put(packet, out)) {
      return false;
    }
    write();
    return true;
  }

  void handleTimeout(long nowNanos) {
    if (channel.isConnected() && framing.handleTimeout(nowNanos, out)) {
      try {
        write();
      } catch (IOException e) {
        close();
      }
    }
  }

  /** Why what is behind the connection does not take packets; empty as long as it may. */
  Optional<String> refusal() {
    return framing.refusal();
  }

  private void write() throws IOException {
    if (!channel.isConnected()) {
      return;
    }
    out.flip();
    try {
      wire.write(out);
    } finally {
      out.compact();
    }
    interest();
  }

  /** The selector has found something to do; returns whether the connection goes on. */
  boolean ready(byte[] scratch, StreamFraming.Packets packets) {
    try {
      if (key.isConnectable() && channel.finishConnect()) {
        write();
      }
      if (key.isValid() && key.isWritable()) {
        write();
      }
      if (key.isValid() && channel.isConnected() && reading && !read(scratch, packets)) {
        close();
      }
    } catch (IOException e) {
      // Refused or reset: the next check goes by another connection.
      close();
    }
    return channel.isOpen();
  }

  private boolean read(byte[] scratch, StreamFraming.Packets packets) throws IOException {
    int count;
    do {
      count = wire.read(in);
      in.flip();
      while (channel.isOpen() && framing.take(in, out, scratch, packets)) {}
      in.compact();
    } while (count > 0 && channel.isOpen());
    if (channel.isOpen()) {
      write();
    }
    return count >= 0;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a connection cannot be closed", e);
    }
  }
}
