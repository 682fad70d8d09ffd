package dev.parley.core.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/**
 * A worker's UDP port: reads all there is, routes it, and flushes once. Under load the batches grow
 * and the cost per packet falls; nothing waits on purpose. Worker's thread only.
 */
public final class UdpEndpoint implements DatagramSink, BatchSocket.Listener, AutoCloseable {
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

  private final Arena arena = Arena.ofShared();
  private final BatchSocket socket;
  private final SendBatch batch;
  private final Demux demux;
  private final Counters counters;
  private final BatchEnd batchEnd;
  private final byte[] datagram = new byte[DATAGRAM_BYTES];

  /**
   * Binds the port and begins to read on {@code loop}.
   *
   * @throws IOException when the port cannot be bound
   */
  public UdpEndpoint(
      Settings settings, IoEventLoop loop, Demux demux, Counters counters, BatchEnd batchEnd)
      throws IOException {
    this.demux = demux;
    this.counters = counters;
    this.batchEnd = batchEnd;
    this.batch = new SendBatch(arena);
    this.socket =
        settings.epoll()
            ? new EpollSocket(
                settings.bind(), settings.receiveBufferBytes(), settings.sendBufferBytes())
            : new NioSocket(
                settings.bind(), settings.receiveBufferBytes(), settings.sendBufferBytes());
    socket.listener(this);
    IoRegistration registration = loop.register(socket).syncUninterruptibly().getNow();
    registration.submit(settings.epoll() ? EpollIoOps.EPOLLIN : NioIoOps.READ);
  }

  public InetSocketAddress localAddress() {
    return socket.localAddress();
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
        now);
  }

  @Override
  public void send(byte[] bytes, int offset, int lengthBytes, PeerAddress to) {
    if (lengthBytes > SendBatch.STRIDE_BYTES) {
      counters.drop(DropReason.TOO_LARGE);
      return;
    }
    int at = reserve();
    MemorySegment.copy(bytes, offset, batch.slab(), JAVA_BYTE, at, lengthBytes);
    commit(lengthBytes, to);
  }

  @Override
  @HotPath
  public int reserve() {
    if (batch.isFull()) {
      flush();
    }
    return batch.nextOffset();
  }

  @Override
  @HotPath
  public MemorySegment slab() {
    return batch.slab();
  }

  @Override
  @HotPath
  public void commit(int lengthBytes, PeerAddress to) {
    batch.add(lengthBytes, to);
    counters.add(Counter.BYTES_SENT, lengthBytes);
  }

  /** Stop 10: one system call for all that the batch has produced. */
  @HotPath
  public void flush() {
    if (batch.datagrams() > 0) {
      counters.add(Counter.DATAGRAMS_SENT, batch.datagrams());
      socket.send(batch, counters);
      batch.clear();
    }
  }

  /** On the worker's thread, when nothing is routed any more. */
  @Override
  public void close() throws IOException {
    try {
      socket.close();
    } finally {
      arena.close();
    }
  }
}
