package dev.parley.core.net;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A worker's UDP port: reads all there is, routes it, and flushes once. Under load the batches grow
 * and the cost per packet falls; nothing waits on purpose. Worker's thread only.
 */
public final class UdpEndpoint extends Outlet implements BatchSocket.Listener, AutoCloseable {
  /** Called after the datagrams of a batch are routed and before they are flushed. */
  public interface BatchEnd {
    @HotPath
    void onBatchEnd(long nowNanos);
  }

  /**
   * How the port is opened.
   *
   * @param bind port 0 takes any
   * @param epoll whether the event loop is an epoll loop
   */
  public record Settings(
      InetSocketAddress bind, boolean epoll, int receiveBufferBytes, int sendBufferBytes) {}

  /** So that commands and timers get their turn while the socket stays readable. */
  private static final int BATCHES_A_TURN = 4;

  /** What an Ethernet frame carries; nothing a client rightly sends is longer. */
  private static final int MAX_DATAGRAM_BYTES = 1500;

  private static final int DATAGRAM_BYTES = 2048;

  private final BatchSocket socket;
  private final Demux demux;
  private final Counters counters;
  private final BatchEnd batchEnd;
  private final int receiveBufferBytes;
  private final int sendBufferBytes;
  private final byte[] datagram = new byte[DATAGRAM_BYTES];

  /**
   * Binds the port and begins to read on {@code loop}.
   *
   * @throws IOException when the port cannot be bound
   */
  public UdpEndpoint(
      Settings settings, IoEventLoop loop, Demux demux, Counters counters, BatchEnd batchEnd)
      throws IOException {
    this(open(settings), demux, counters, batchEnd);
    socket.listener(this);
    IoRegistration registration = loop.register(socket).syncUninterruptibly().getNow();
    registration.submit(settings.epoll() ? EpollIoOps.EPOLLIN : NioIoOps.READ);
  }

  private UdpEndpoint(BatchSocket socket, Demux demux, Counters counters, BatchEnd batchEnd)
      throws IOException {
    super(socket.newSender(SendBatch.CAPACITY), SendBatch.CAPACITY, counters);
    this.socket = socket;
    this.demux = demux;
    this.counters = counters;
    this.batchEnd = batchEnd;
    this.receiveBufferBytes = socket.receiveBufferBytes();
    this.sendBufferBytes = socket.sendBufferBytes();
  }

  static BatchSocket open(Settings settings) throws IOException {
    return settings.epoll()
        ? new EpollSocket(
            settings.bind(), settings.receiveBufferBytes(), settings.sendBufferBytes())
        : new NioSocket(settings.bind(), settings.receiveBufferBytes(), settings.sendBufferBytes());
  }

  /** A way out through this port for another worker's thread, counted there. */
  public Outlet newOutlet(Counters ofWorker) {
    return Outlet.foreign(socket, ofWorker);
  }

  public InetSocketAddress localAddress() {
    return socket.localAddress();
  }

  /** Any thread. */
  public boolean isOpen() {
    return socket.isOpen();
  }

  /** What the system gave. Any thread. */
  public int receiveBufferBytes() {
    return receiveBufferBytes;
  }

  /** The same for sending. Any thread. */
  public int sendBufferBytes() {
    return sendBufferBytes;
  }

  /** Stop 1: a batch arrives; the clock is read once for all of it. */
  @Override
  @HotPath
  public void onReadable() {
    for (int turn = 0; turn < BATCHES_A_TURN; turn++) {
      int count = socket.receive();
      if (count == 0) {
        return;
      }
      long now = readClock();
      counters.increment(Counter.READ_BATCHES);
      counters.add(Counter.DATAGRAMS_RECEIVED, count);
      for (int i = 0; i < count; i++) {
        receive(i, now);
      }
      batchEnd.onBatchEnd(now);
      flush();
      if (count < BatchSocket.RECEIVE_BATCH) {
        return;
      }
    }
  }

  /** The one place of the packet's way that reads a clock. */
  private static long readClock() {
    return System.nanoTime();
  }

  @HotPath
  private void receive(int index, long now) {
    int length = socket.lengthBytes(index);
    if (length < 0 || length > MAX_DATAGRAM_BYTES) {
      counters.drop(DropReason.TOO_LARGE);
      return;
    }
    counters.add(Counter.BYTES_RECEIVED, length);
    socket.copy(index, datagram);
    demux.route(
        datagram,
        0,
        length,
        socket.addressHigh(index),
        socket.addressLow(index),
        socket.port(index),
        socket.localHigh(index),
        socket.localLow(index),
        now);
  }

  /** When no thread routes or sends any more. */
  @Override
  public void close() throws IOException {
    try {
      socket.close();
    } finally {
      free();
    }
  }
}
