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
 * A bound UDP port: reads all there is, hands it on, and flushes once. Under load the batches grow
 * and the cost per packet falls. Nothing waits on purpose, but where what has come is much work, it
 * looks a moment longer for the rest of a burst. Its loop's thread only.
 */
public abstract class UdpPort extends Outlet implements BatchSocket.Listener, AutoCloseable {
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

  /** Of what keeps coming: more than {@link #openNanos} allows for a burst of one publisher. */
  private static final int LONGEST_OPEN = 8;

  private static final int DATAGRAM_BYTES = 2048;

  private final BatchSocket socket;
  private final Counters counters;
  private final int longestBytes;
  private final byte[] datagram = new byte[DATAGRAM_BYTES];

  /**
   * Takes over an open socket, which is not read yet.
   *
   * @param capacity of a batch to send, in datagrams
   * @param longestBytes what is longer is dropped
   */
  UdpPort(BatchSocket socket, int capacity, int longestBytes, Counters counters) {
    super(socket.newSender(capacity), capacity, counters);
    this.socket = socket;
    this.longestBytes = longestBytes;
    this.counters = counters;
  }

  static BatchSocket open(Settings settings) throws IOException {
    return settings.epoll()
        ? new EpollSocket(
            settings.bind(), settings.receiveBufferBytes(), settings.sendBufferBytes())
        : new NioSocket(settings.bind(), settings.receiveBufferBytes(), settings.sendBufferBytes());
  }

  /** Begins to read on {@code loop}. */
  final void readOn(IoEventLoop loop, boolean epoll) {
    socket.listener(this);
    IoRegistration registration = loop.register(socket).syncUninterruptibly().getNow();
    registration.submit(epoll ? EpollIoOps.EPOLLIN : NioIoOps.READ);
  }

  final BatchSocket socket() {
    return socket;
  }

  public final InetSocketAddress localAddress() {
    return socket.localAddress();
  }

  /** Any thread. */
  public final boolean isOpen() {
    return socket.isOpen();
  }

  /** Takes one datagram; borrows the bytes. The socket tells of its addresses by {@code index}. */
  @HotPath
  abstract void take(int index, byte[] bytes, int lengthBytes, long nowNanos);

  /** How long after its last datagram the batch had better stay open for more; 0: it is whole. */
  @HotPath
  abstract long openNanos();

  /** All of a batch is taken; what is sent now leaves with it. */
  @HotPath
  abstract void endBatch(long nowNanos);

  /** Stop 1: a batch arrives; the clock is read once for all of it. */
  @Override
  @HotPath
  public final void onReadable() {
    for (int turn = 0; turn < BATCHES_A_TURN; turn++) {
      int count = socket.receive();
      if (count == 0) {
        return;
      }
      long now = readClock();
      long forwardedBefore = counters.total(Counter.RTP_FORWARDED);
      take(count, now);
      endBatch(openNanos() > 0 ? takeRest(now) : now);
      flush();
      long forwarded = counters.total(Counter.RTP_FORWARDED) - forwardedBefore;
      if (forwarded > 0) {
        counters.latency().add(forwarded, readClock() - now);
      }
      if (count < BatchSocket.RECEIVE_BATCH) {
        return;
      }
    }
  }

  /**
   * The one place of the packet's way that reads a clock, as a batch comes and when it has left.
   */
  private static long readClock() {
    return System.nanoTime();
  }

  @HotPath
  private void take(int count, long now) {
    counters.increment(Counter.READ_BATCHES);
    counters.add(Counter.DATAGRAMS_RECEIVED, count);
    for (int i = 0; i < count; i++) {
      receive(i, now);
    }
  }

  /** A burst that has begun to arrive is at its end within microseconds. Returns when it was. */
  @HotPath
  private long takeRest(long begunNanos) {
    long lastNanos = begunNanos;
    long now = begunNanos;
    while (now - lastNanos < openNanos() && now - begunNanos < LONGEST_OPEN * openNanos()) {
      int count = socket.receive();
      now = readClock();
      if (count > 0) {
        take(count, now);
        lastNanos = now;
      }
    }
    return now;
  }

  @HotPath
  private void receive(int index, long now) {
    int length = socket.lengthBytes(index);
    if (length < 0 || length > longestBytes) {
      counters.drop(DropReason.TOO_LARGE);
      return;
    }
    counters.add(Counter.BYTES_RECEIVED, length);
    socket.copy(index, datagram);
    take(index, datagram, length, now);
  }

  /** When no thread routes or sends any more. */
  @Override
  public final void close() throws IOException {
    try {
      socket.close();
    } finally {
      free();
    }
  }
}
