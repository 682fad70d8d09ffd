package dev.parley.core.net;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.common.PeerPath;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One client's TCP connection (RFC 6544, framed by RFC 4571). The thread of its port's worker only,
 * but for sending: a session that lives on another worker sends from there, by a task.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter
    implements PeerPath, Deframer.Frames {
  /** IPv4 and TCP headers with a timestamp, and the frame's length. */
  private static final int OVERHEAD_BYTES = 20 + 32 + FrameLane.HEADER_BYTES;

  private static final int WRITE_BYTES = 1 << 15;

  /** When so much has come within one batch, it is not waited for the batch's end. */
  private static final int EARLY_FLUSH_BYTES = FrameQueue.MOST_VIDEO_BYTES / 4;

  /** From other threads, in all. */
  private static final int MOST_HANDED_BYTES = 1 << 19;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Handed(byte[] bytes, boolean video) {}

  private final TcpEndpoint endpoint;
  private final Channel channel;
  private final InetSocketAddress remote;
  private final Counters counters;
  private final long openedNanos;
  private final Deframer deframer = new Deframer(this);
  private final FrameQueue queue = new FrameQueue();
  private final ConcurrentLinkedQueue<Handed> handed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger handedBytes = new AtomicInteger();
  private final AtomicInteger handedRefused = new AtomicInteger();
  private final AtomicBoolean woken = new AtomicBoolean();
  private @Nullable PeerAddress address;
  private long readNanos;
  private long writtenNanos;
  private boolean gathering;
  private boolean writing;
  private boolean closed;

  TcpConnection(
      TcpEndpoint endpoint,
      Channel channel,
      InetSocketAddress remote,
      Counters counters,
      long nowNanos) {
    this.endpoint = endpoint;
    this.channel = channel;
    this.remote = remote;
    this.counters = counters;
    this.openedNanos = nowNanos;
    this.readNanos = nowNanos;
    this.writtenNanos = nowNanos;
  }

  @Override
  public String kind() {
    return "tcp";
  }

  @Override
  @HotPath
  public int overheadBytes() {
    return OVERHEAD_BYTES;
  }

  InetSocketAddress remote() {
    return remote;
  }

  /** Null before its first packet. */
  @Nullable PeerAddress address() {
    return address;
  }

  long openedNanos() {
    return openedNanos;
  }

  /** When something came last. */
  long readNanos() {
    return readNanos;
  }

  /** Since when it has taken nothing of what waits; {@code nowNanos} when nothing does. */
  long stalledSinceNanos(long nowNanos) {
    return queue.isEmpty() && channel.isWritable() ? nowNanos : writtenNanos;
  }

  int waitingBytes() {
    return queue.bytes();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (!closed) {
        readNanos = endpoint.beginRead();
        counters.add(Counter.TCP_BYTES_RECEIVED, bytes.readableBytes());
        read(bytes);
      }
    } finally {
      bytes.release();
    }
  }

  private void read(ByteBuf bytes) {
    byte[] chunk = endpoint.chunk();
    while (bytes.isReadable() && !closed) {
      int count = Math.min(bytes.readableBytes(), chunk.length);
      bytes.readBytes(chunk, 0, count);
      if (!deframer.read(chunk, 0, count)) {
        counters.drop(DropReason.TCP_FRAME_LENGTH);
        close();
      }
    }
  }

  @Override
  @HotPath
  public boolean onFrame(byte[] bytes, int offset, int lengthBytes) {
    if (closed) {
      return false;
    }
    counters.increment(Counter.TCP_FRAMES_RECEIVED);
    PeerAddress from = address;
    if (from == null) {
      from = begin(bytes, offset, lengthBytes);
    }
    if (from != null) {
      endpoint.route(this, bytes, offset, lengthBytes, from, readNanos);
    }
    return !closed;
  }

  private @Nullable PeerAddress begin(byte[] bytes, int offset, int lengthBytes) {
    if (!endpoint.isForSession(bytes, offset, lengthBytes)) {
      counters.drop(DropReason.TCP_FIRST_FRAME);
      close();
      return null;
    }
    PeerAddress from = PeerAddress.of(remote).by(this);
    address = from;
    return from;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    endpoint.endRead();
  }

  @Override
  @HotPath
  public void send(byte[] bytes, int offset, int lengthBytes) {
    send(bytes, offset, lengthBytes, false);
  }

  @Override
  @HotPath
  public void sendVideo(byte[] bytes, int offset, int lengthBytes) {
    send(bytes, offset, lengthBytes, true);
  }

  @HotPath
  private void send(byte[] bytes, int offset, int lengthBytes, boolean video) {
    if (!channel.eventLoop().inEventLoop()) {
      hand(bytes, offset, lengthBytes, video);
      return;
    }
    if (!handed.isEmpty()) {
      takeHanded(); // A session that has come back sends nothing before what it sent from there.
    }
    if (closed) {
      counters.drop(DropReason.TCP_GONE);
    } else {
      enqueue(bytes, offset, lengthBytes, video);
    }
  }

  @HotPath
  private void enqueue(byte[] bytes, int offset, int lengthBytes, boolean video) {
    int dropped = queue.add(bytes, offset, lengthBytes, video);
    if (dropped > 0) {
      counters.drop(DropReason.TCP_QUEUE, dropped);
    }
    if (!gathering) {
      gathering = true;
      endpoint.gather(this);
    }
    if (queue.bytes() > EARLY_FLUSH_BYTES) {
      write();
    }
  }

  /** From another thread: few sessions live elsewhere, so a copy each is cheap enough. */
  private void hand(byte[] bytes, int offset, int lengthBytes, boolean video) {
    if (handedBytes.addAndGet(lengthBytes) > MOST_HANDED_BYTES) {
      handedBytes.addAndGet(-lengthBytes);
      handedRefused.incrementAndGet();
      return;
    }
    byte[] copy = new byte[lengthBytes];
    System.arraycopy(bytes, offset, copy, 0, lengthBytes);
    handed.add(new Handed(copy, video));
    if (woken.compareAndSet(false, true)) {
      try {
        channel.eventLoop().execute(this::onHanded);
      } catch (RejectedExecutionException e) {
        // The worker has stopped, and this connection is closed.
        handedRefused.incrementAndGet();
      }
    }
  }

  private void onHanded() {
    // Before the look at what there is: whatever comes after it wakes once more.
    woken.set(false);
    takeHanded();
    endpoint.flush(System.nanoTime());
  }

  private void takeHanded() {
    for (Handed next = handed.poll(); next != null; next = handed.poll()) {
      handedBytes.addAndGet(-next.bytes().length);
      if (closed) {
        counters.drop(DropReason.TCP_GONE);
      } else {
        enqueue(next.bytes(), 0, next.bytes().length, next.video());
      }
    }
    int refused = handedRefused.getAndSet(0);
    if (refused > 0) {
      counters.drop(DropReason.TCP_QUEUE, refused);
    }
  }

  /** Writes what waits, as much as the connection takes; what is too old is dropped. */
  void flush(long nowNanos) {
    gathering = false;
    int stale = queue.dropStale(nowNanos);
    if (stale > 0) {
      counters.drop(DropReason.TCP_QUEUE, stale);
    }
    if (queue.isEmpty()) {
      return;
    }
    if (channel.isWritable()) {
      writtenNanos = nowNanos;
      write();
    }
    queue.stamp(nowNanos);
  }

  /** The channel is unwritable as long as it holds a single byte that the socket did not take. */
  private void write() {
    if (writing) {
      return;
    }
    writing = true;
    while (!queue.isEmpty() && channel.isWritable()) {
      ByteBuf out = channel.alloc().directBuffer(Math.min(queue.bytes(), WRITE_BYTES));
      counters.add(Counter.TCP_FRAMES_SENT, queue.moveTo(out));
      counters.add(Counter.TCP_BYTES_SENT, out.readableBytes());
      counters.increment(Counter.TCP_WRITES);
      // A failure comes to exceptionCaught.
      var unused = channel.writeAndFlush(out, channel.voidPromise());
    }
    writing = false;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable() && !writing && !closed) {
      long now = System.nanoTime();
      writtenNanos = now;
      flush(now);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    close();
  }

  /**
   * A reset, or a write to a connection that the other side has closed. That may be in the middle
   * of a fan-out, so whose connection it was is told by the event that follows.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var unused = channel.close();
  }

  /** Idempotent. */
  void close() {
    if (!closed) {
      closed = true;
      int lost = queue.release();
      if (lost > 0) {
        counters.drop(DropReason.TCP_GONE, lost);
      }
      var unused = channel.close();
      endpoint.closed(this);
    }
  }
}
