package dev.parley.core.net;

import dev.parley.core.common.Counters;
import dev.parley.core.common.HotPath;
import io.netty.channel.IoEventLoop;
import java.io.IOException;

/** A worker's UDP port, whose datagrams go to its {@link Demux}. Worker's thread only. */
public final class UdpEndpoint extends UdpPort {
  /** Called after the datagrams of a batch are routed and before they are flushed. */
  public interface BatchEnd {
    @HotPath
    void onBatchEnd(long nowNanos);

    /** How long after its last datagram the batch had better stay open for more, in nanoseconds. */
    @HotPath
    default long openNanos() {
      return 0;
    }
  }

  /** What an Ethernet frame carries; nothing a client rightly sends is longer. */
  private static final int MAX_DATAGRAM_BYTES = 1500;

  private final Demux demux;
  private final BatchEnd batchEnd;
  private final int receiveBufferBytes;
  private final int sendBufferBytes;

  /**
   * Binds the port and begins to read on {@code loop}.
   *
   * @throws IOException when the port cannot be bound
   */
  public UdpEndpoint(
      Settings settings, IoEventLoop loop, Demux demux, Counters counters, BatchEnd batchEnd)
      throws IOException {
    this(open(settings), demux, counters, batchEnd);
    readOn(loop, settings.epoll());
  }

  private UdpEndpoint(BatchSocket socket, Demux demux, Counters counters, BatchEnd batchEnd)
      throws IOException {
    super(socket, SendBatch.CAPACITY, MAX_DATAGRAM_BYTES, counters);
    this.demux = demux;
    this.batchEnd = batchEnd;
    this.receiveBufferBytes = socket.receiveBufferBytes();
    this.sendBufferBytes = socket.sendBufferBytes();
  }

  /** A way out through this port for another worker's thread, counted there. */
  public Outlet newOutlet(Counters ofWorker) {
    return Outlet.foreign(socket(), ofWorker);
  }

  /** What the system gave. Any thread. */
  public int receiveBufferBytes() {
    return receiveBufferBytes;
  }

  /** The same for sending. Any thread. */
  public int sendBufferBytes() {
    return sendBufferBytes;
  }

  /** Datagrams that the system dropped since start, as nobody read them in time. */
  public long overflows() {
    return socket().overflows();
  }

  @Override
  @HotPath
  void take(int index, byte[] bytes, int lengthBytes, long nowNanos) {
    BatchSocket from = socket();
    demux.route(
        bytes,
        0,
        lengthBytes,
        from.addressHigh(index),
        from.addressLow(index),
        from.port(index),
        from.localHigh(index),
        from.localLow(index),
        nowNanos);
  }

  @Override
  @HotPath
  long openNanos() {
    return batchEnd.openNanos();
  }

  @Override
  @HotPath
  void endBatch(long nowNanos) {
    batchEnd.onBatchEnd(nowNanos);
  }
}
