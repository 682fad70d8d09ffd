package dev.parley.core.net;

import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.turn.TurnDeframer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One TCP or TLS connection of the relay, as the last handler of a Netty pipeline. May be put into
 * a pipeline of any event loop, also when the channel is active already; on another than the turn
 * thread frames are copied over to it, a bounded number at a time.
 */
public final class TurnStream extends ChannelInboundHandlerAdapter {
  /** Frames on their way from another event loop. */
  private static final int MOST_WAITING = 256;

  private static final int CHUNK_BYTES = 2048;

  /** What distinguishes TURN from HTTP and TLS: see {@link #looksLikeTurn}. */
  private static final int HEAD_BYTES = 8;

  private static final int MAGIC_COOKIE = 0x2112_a442;

  private final TurnRelay relay;
  private final String kind;
  private final AtomicInteger waiting = new AtomicInteger();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Client client;
  private @Nullable TurnDeframer deframer;

  TurnStream(TurnRelay relay, String kind) {
    this.relay = relay;
    this.kind = kind;
  }

  /**
   * Whether a connection's first bytes are a STUN message: the first is 0 to 3, and the magic
   * cookie stands behind four bytes. False also while there are fewer than eight.
   */
  public static boolean looksLikeTurn(ByteBuf first) {
    int at = first.readerIndex();
    return first.readableBytes() >= HEAD_BYTES
        && first.getUnsignedByte(at) <= 3
        && first.getInt(at + 4) == MAGIC_COOKIE;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    if (added.channel().isActive()) {
      open(added.channel());
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    open(active.channel());
    active.fireChannelActive();
  }

  private void open(Channel channel) {
    if (client == null && channel.remoteAddress() instanceof InetSocketAddress remote) {
      Client opened = new Client(PeerAddress.of(remote), channel);
      client = opened;
      relay.run(() -> relay.connections().opened(opened, System.nanoTime()));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext read, Object message) {
    try {
      Client from = client;
      if (message instanceof ByteBuf bytes && from != null) {
        take(from, bytes);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void take(Client from, ByteBuf bytes) {
    TurnDeframer cutter = deframer;
    if (cutter == null) {
      cutter = new TurnDeframer();
      deframer = cutter;
    }
    byte[] chunk = new byte[Math.min(CHUNK_BYTES, bytes.readableBytes())];
    while (bytes.isReadable() && from.channel.isActive()) {
      int count = Math.min(chunk.length, bytes.readableBytes());
      bytes.readBytes(chunk, 0, count);
      if (!cutter.take(chunk, 0, count, (b, off, len) -> message(from, b, off, len))) {
        relay.run(() -> relay.connections().broken(from));
        bytes.skipBytes(bytes.readableBytes());
      }
    }
  }

  private void message(Client from, byte[] bytes, int offset, int lengthBytes) {
    if (relay.isOnThread()) {
      relay.handle(bytes, offset, lengthBytes, from);
      return;
    }
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      relay.run(() -> relay.counters().drop(DropReason.TURN_QUEUE_FULL));
      return;
    }
    byte[] copy = Arrays.copyOfRange(bytes, offset, offset + lengthBytes);
    relay.run(() -> {
      waiting.decrementAndGet();
      relay.handle(copy, 0, copy.length, from);
    });
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext complete) {
    relay.run(relay::flush);
    complete.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    Client gone = client;
    if (gone != null) {
      relay.run(() -> relay.closed(gone));
    }
    inactive.fireChannelInactive();
  }

  /** A reset connection, or one that fails as TLS: nobody else has anything of it. */
  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
    var unused = failed.close();
  }

  /** The connection as the relay sees it; turn thread only, but for what is final. */
  final class Client extends StreamClient {
    private final Channel channel;
    private boolean unflushed;

    Client(PeerAddress address, Channel channel) {
      super(TurnStream.this.relay, address, TurnStream.this.kind);
      this.channel = channel;
    }

    /** While the client does not read what it was sent, the newest is left out. */
    @Override
    public void send(byte[] bytes, int offset, int lengthBytes, boolean video) {
      ChannelHandlerContext way = context;
      if (way == null || !channel.isWritable() || waitingBytes() > StreamClient.most(video)) {
        relay.counters().drop(DropReason.TURN_WRITE_FULL);
        return;
      }
      if (!unflushed) {
        unflushed = true;
        relay.flushLater(this);
      }
      var unused =
          way.write(way.alloc().buffer(lengthBytes).writeBytes(bytes, offset, lengthBytes));
    }

    /** What is not flushed yet is among it. */
    private long waitingBytes() {
      return channel.config().getWriteBufferHighWaterMark() - channel.bytesBeforeUnwritable();
    }

    @Override
    void flush() {
      unflushed = false;
      ChannelHandlerContext way = context;
      if (way != null) {
        way.flush();
      }
    }

    @Override
    void close() {
      var unused = channel.close();
    }
  }
}
