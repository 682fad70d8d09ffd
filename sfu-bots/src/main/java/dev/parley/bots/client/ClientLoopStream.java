package dev.parley.bots.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A client's TCP connection to the server: packets behind their lengths (RFC 4571). Loop's thread
 * only.
 */
final class ClientLoopStream {
  /** Takes what arrives. */
  interface Packets {
    /** Borrows the bytes, and may overwrite them. */
    void onPacket(byte[] bytes, int lengthBytes);
  }

  private static final int HEADER_BYTES = 2;
  private static final int OUT_BYTES = 1 << 17;
  private static final int IN_BYTES = 1 << 16;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES);
  private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES);
  private boolean reading = true;

  /** Begins to connect; what is sent meanwhile waits. */
  ClientLoopStream(
      InetSocketAddress bind,
      InetSocketAddress server,
      int receiveBufferBytes,
      Selector selector,
      Object attachment) {
    try {
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.bind(bind);
      channel.connect(server);
      key = channel.register(selector, SelectionKey.OP_CONNECT, attachment);
    } catch (IOException e) {
      throw new UncheckedIOException("no TCP connection to " + server + " can be opened", e);
    }
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  int localPort() {
    return channel.socket().getLocalPort();
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
                  | (out.position() > 0 ? SelectionKey.OP_WRITE : 0));
    }
  }

  /** False: too much waits already, or the connection is closed; the packet is dropped. */
  boolean send(ByteBuffer packet) throws IOException {
    if (!channel.isOpen() || out.remaining() < HEADER_BYTES + packet.remaining()) {
      return false;
    }
    out.putShort((short) packet.remaining()).put(packet);
    if (channel.isConnected()) {
      write();
    }
    return true;
  }

  private void write() throws IOException {
    out.flip();
    try {
      channel.write(out);
    } finally {
      out.compact();
    }
    interest();
  }

  /** The selector has found something to do; returns whether the connection goes on. */
  boolean ready(byte[] packet, Packets packets) {
    try {
      if (key.isConnectable() && channel.finishConnect()) {
        write();
      }
      if (key.isValid() && key.isWritable()) {
        write();
      }
      if (key.isValid() && key.isReadable() && !read(packet, packets)) {
        close();
      }
    } catch (IOException e) {
      // Refused or reset: the next check goes by another connection.
      close();
    }
    return channel.isOpen();
  }

  private boolean read(byte[] packet, Packets packets) throws IOException {
    if (channel.read(in) < 0) {
      return false;
    }
    in.flip();
    while (channel.isOpen() && in.remaining() >= HEADER_BYTES) {
      int length = in.getShort(in.position()) & 0xffff;
      if (in.remaining() < HEADER_BYTES + length) {
        break;
      }
      in.getShort();
      in.get(packet, 0, length);
      packets.onPacket(packet, length);
    }
    in.compact();
    return true;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a connection cannot be closed", e);
    }
  }
}
