package dev.parley.core.net;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.ice.StunPeek;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A worker's TCP port, for clients that UDP does not reach (RFC 6544): takes connections on the
 * worker's own thread, so that what they carry goes the way of every datagram from stop 2 on. A
 * connection that does not prove in time that it belongs to a session is closed. Worker's thread
 * only.
 */
public final class TcpEndpoint {
  /**
   * How the port is opened.
   *
   * @param bind port 0 takes any
   * @param epoll whether the event loop is an epoll loop
   * @param maxConnections at a time
   * @param maxUnprovedPerAddress from which no valid check has come yet, from one IP address
   */
  public record Settings(
      InetSocketAddress bind, boolean epoll, int maxConnections, int maxUnprovedPerAddress) {}

  /** For the first valid check; ICE sends the first at once. */
  static final long PROVING_NANOS = 10_000_000_000L;

  /** Clients check every few seconds (RFC 7675 section 5.1). */
  static final long IDLE_NANOS = 60_000_000_000L;

  /** A client that has stopped reading. */
  static final long STALLED_NANOS = 20_000_000_000L;

  private static final long SWEEP_NANOS = 1_000_000_000L;
  private static final int BACKLOG = 1024;
  private static final int READ_BYTES = 1 << 14;

  /** What waits in the kernel can be dropped no more, so it takes little at a time. */
  private static final long UNSENT_BYTES = 1 << 15;

  private final Settings settings;
  private final IoEventLoop loop;
  private final Demux demux;
  private final Counters counters;
  private final UdpEndpoint.BatchEnd batchEnd;
  private final Channel server;
  private final byte[] chunk = new byte[READ_BYTES];

  /** In the order in which they came. */
  private final Set<TcpConnection> unproved = new LinkedHashSet<>();

  private final Set<TcpConnection> proved = new LinkedHashSet<>();
  private final Map<InetAddress, Integer> unprovedByAddress = new HashMap<>();
  private final List<TcpConnection> gathering = new ArrayList<>();
  private final Runnable end = this::endBatch;
  private boolean ending;
  private long readNanos;
  private long nextSweepNanos;

  /**
   * Binds the port and begins to take connections on {@code loop}.
   *
   * @param batchEnd called when what has arrived is routed; it is to flush, this too
   * @throws IOException when the port cannot be bound
   */
  public TcpEndpoint(
      Settings settings,
      IoEventLoop loop,
      Demux demux,
      Counters counters,
      UdpEndpoint.BatchEnd batchEnd)
      throws IOException {
    this.settings = settings;
    this.loop = loop;
    this.demux = demux;
    this.counters = counters;
    this.batchEnd = batchEnd;
    this.nextSweepNanos = System.nanoTime() + SWEEP_NANOS;
    ChannelFuture bound = bootstrap().bind(settings.bind()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    this.server = bound.channel();
  }

  private ServerBootstrap bootstrap() {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1, 1))
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accept(channel);
                  }
                });
    if (settings.epoll()) {
      bootstrap
          .channel(EpollServerSocketChannel.class)
          .childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
    } else {
      bootstrap.channel(NioServerSocketChannel.class);
    }
    return bootstrap;
  }

  private void accept(Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
      var unused = channel.close(); // It has gone already.
      return;
    }
    int sameAddress = unprovedByAddress.getOrDefault(remote.getAddress(), 0);
    if (sameAddress >= settings.maxUnprovedPerAddress() || !makeRoom()) {
      counters.drop(DropReason.TCP_REFUSED);
      var unused = channel.close();
      return;
    }
    TcpConnection connection =
        new TcpConnection(this, channel, remote, counters, System.nanoTime());
    counters.increment(Counter.TCP_OPENED);
    unprovedByAddress.put(remote.getAddress(), sameAddress + 1);
    unproved.add(connection);
    channel.pipeline().addLast(connection);
  }

  /** Who has proved nothing makes way for who comes: a client proves itself within a round trip. */
  private boolean makeRoom() {
    if (unproved.size() + proved.size() < settings.maxConnections()) {
      return true;
    }
    if (unproved.isEmpty()) {
      return false;
    }
    counters.drop(DropReason.TCP_CROWDED_OUT);
    unproved.iterator().next().close();
    return true;
  }

  /** Whether connections are accepted. Any thread. */
  public boolean isOpen() {
    return server.isOpen();
  }

  public InetSocketAddress localAddress() {
    return (InetSocketAddress) server.localAddress();
  }

  /** Lent to a connection while it reads. */
  byte[] chunk() {
    return chunk;
  }

  /** A connection has something to read; returns the time. */
  long beginRead() {
    readNanos = System.nanoTime();
    return readNanos;
  }

  /** It has no more: the batch ends when the others that have something are through, too. */
  void endRead() {
    if (!ending) {
      ending = true;
      loop.execute(end);
    }
  }

  private void endBatch() {
    ending = false;
    counters.increment(Counter.READ_BATCHES);
    batchEnd.onBatchEnd(readNanos);
  }

  /** Whether a packet is a check for a session that lives here or has its port here. */
  boolean isForSession(byte[] bytes, int offset, int lengthBytes) {
    String ufrag = StunPeek.localUfrag(bytes, offset, lengthBytes);
    return ufrag != null && demux.knows(ufrag);
  }

  @HotPath
  void route(
      TcpConnection connection,
      byte[] bytes,
      int offset,
      int lengthBytes,
      PeerAddress from,
      long nowNanos) {
    boolean check = (bytes[offset] & 0xff) <= 3;
    demux.route(bytes, offset, lengthBytes, from, nowNanos);
    if (check && demux.owns(from)) {
      prove(connection);
    }
  }

  private void prove(TcpConnection connection) {
    if (unproved.remove(connection)) {
      countDown(connection);
      proved.add(connection);
    }
  }

  private void countDown(TcpConnection connection) {
    unprovedByAddress.computeIfPresent(
        connection.remote().getAddress(), (address, count) -> count > 1 ? count - 1 : null);
  }

  /** Has packets to write at the next flush. */
  @HotPath
  void gather(TcpConnection connection) {
    gathering.add(connection);
  }

  /** One write for each connection that the batch has packets for. */
  @HotPath
  public void flush(long nowNanos) {
    for (int i = 0; i < gathering.size(); i++) {
      gathering.get(i).flush(nowNanos);
    }
    gathering.clear();
  }

  /** Looks for connections that are of no use any more, once a second. */
  public void handleTimeout(long nowNanos) {
    if (nowNanos - nextSweepNanos < 0) {
      return;
    }
    nextSweepNanos = nowNanos + SWEEP_NANOS;
    for (TcpConnection connection : List.copyOf(unproved)) {
      PeerAddress address = connection.address();
      if (address != null && demux.owns(address)) {
        prove(connection);
      } else if (nowNanos - connection.openedNanos() > PROVING_NANOS) {
        drop(connection, DropReason.TCP_UNPROVED);
      }
    }
    for (TcpConnection connection : List.copyOf(proved)) {
      PeerAddress address = connection.address();
      if (address == null || !demux.owns(address)) {
        connection.close(); // Its session has ended, or follows the client elsewhere.
      } else if (nowNanos - connection.readNanos() > IDLE_NANOS) {
        drop(connection, DropReason.TCP_IDLE);
      } else if (nowNanos - connection.stalledSinceNanos(nowNanos) > STALLED_NANOS) {
        drop(connection, DropReason.TCP_STALLED);
      }
    }
  }

  private void drop(TcpConnection connection, DropReason reason) {
    counters.drop(reason);
    connection.close();
  }

  /** Called by the connection itself, once. */
  void closed(TcpConnection connection) {
    counters.increment(Counter.TCP_CLOSED);
    if (unproved.remove(connection)) {
      countDown(connection);
    } else {
      proved.remove(connection);
    }
    PeerAddress address = connection.address();
    if (address != null) {
      demux.pathClosed(address);
    }
  }

  /** Open connections. */
  public int connections() {
    return unproved.size() + proved.size();
  }

  /** Open connections from which no valid check has come yet. */
  public int unproved() {
    return unproved.size();
  }

  /** Of the connections that have sent a packet. */
  List<PeerAddress> addresses() {
    return Stream.concat(proved.stream(), unproved.stream())
        .map(TcpConnection::address)
        .flatMap(Stream::ofNullable)
        .toList();
  }

  /** Bytes that wait for connections to take them. */
  public long waitingBytes() {
    return proved.stream().mapToLong(TcpConnection::waitingBytes).sum();
  }

  /** Closes the port and all connections; what waits and is taken at once still leaves. */
  public void close() {
    var unused = server.close();
    flush(System.nanoTime());
    List.copyOf(unproved).forEach(TcpConnection::close);
    List.copyOf(proved).forEach(TcpConnection::close);
  }
}
