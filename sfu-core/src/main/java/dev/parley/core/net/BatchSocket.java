package dev.parley.core.net;

import dev.parley.core.common.HotPath;
import io.netty.channel.IoHandle;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A bound UDP socket that reads many datagrams a call. Registered with the worker's event loop as
 * an {@link IoHandle}; worker's thread only.
 */
interface BatchSocket extends IoHandle {
  /** Told when the socket can be read; reads with {@link #receive}. */
  interface Listener {
    @HotPath
    void onReadable();
  }

  int RECEIVE_BATCH = 64;

  /** Sets who is told; once, before the socket is registered. */
  void listener(Listener listener);

  InetSocketAddress localAddress();

  /** Any thread. */
  boolean isOpen();

  /** What the system gave, which may be less than was asked for. Any thread. */
  int receiveBufferBytes() throws IOException;

  int sendBufferBytes() throws IOException;

  /** Datagrams that the system dropped since start, the receive buffer being full; 0: unknown. */
  default long overflows() {
    return 0;
  }

  /**
   * Reads what is there, at most {@value #RECEIVE_BATCH} datagrams, replacing those read before.
   *
   * @return how many; 0 when there are none
   */
  @HotPath
  int receive();

  /** The length of a received datagram in bytes, or -1 when it did not fit the buffer. */
  @HotPath
  int lengthBytes(int datagram);

  /** Copies a received datagram to the beginning of {@code into}. */
  @HotPath
  void copy(int datagram, byte[] into);

  @HotPath
  long addressHigh(int datagram);

  @HotPath
  long addressLow(int datagram);

  @HotPath
  int port(int datagram);

  /**
   * The address of this machine that the datagram was sent to, as in {@code PeerAddress}; zeros
   * where the socket is bound to one, or the system does not tell.
   */
  @HotPath
  long localHigh(int datagram);

  @HotPath
  long localLow(int datagram);

  /**
   * One more way to write to the socket, for one thread; the others have theirs.
   *
   * @param capacity the most datagrams of a batch
   */
  BatchSender newSender(int capacity);

  @Override
  void close() throws IOException;
}
