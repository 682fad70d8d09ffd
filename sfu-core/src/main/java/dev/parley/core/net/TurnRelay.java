package dev.parley.core.net;

import dev.parley.core.api.RelayStreams;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.common.PeerPath;
import dev.parley.core.turn.MediaAddresses;
import dev.parley.core.turn.TurnClient;
import dev.parley.core.turn.TurnPeer;
import dev.parley.core.turn.TurnServer;
import dev.parley.core.turn.TurnSettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TURN server's thread with its sockets. What clients send to a media port goes by a bounded
 * queue to that port's worker, as if it had come from the relayed address; what workers send there
 * comes back by another. No socket but those of clients is ever written to.
 */
public final class TurnRelay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TurnRelay.class);
  private static final int TO_WORKER_PACKETS = 512;
  private static final int TO_RELAY_PACKETS = 2048;
  private static final int BACKLOG = 1024;
  private static final int ANY_PORT_TRIES = 20;
  private static final int WRITE_LOW_BYTES = 64 << 10;

  /** More than this never waits for a client. */
  static final int WRITE_HIGH_BYTES = 128 << 10;

  /** Video may fill only half of it, so that voices and checks pass where pictures do not. */
  static final int WRITE_VIDEO_BYTES = WRITE_HIGH_BYTES / 2;

  /** What waits in the kernel can be dropped no more, so it takes little at a time. */
  private static final long UNSENT_BYTES = 1 << 15;

  private static final long TICK_MS = 1_000;
  private static final long CERTIFICATE_CHECK_SEC = 60;

  /**
   * Where clients come.
   *
   * @param udp also the address of the TCP port
   * @param tls empty: none
   * @param limits of connections
   */
  public record Settings(
      UdpPort.Settings udp, Optional<Tls> tls, Limits limits, TurnSettings turn) {}

  /**
   * The port of TLS.
   *
   * @param port 0: any
   * @param certificateFile and {@code keyFile} in PEM
   */
  public record Tls(int port, Path certificateFile, Path keyFile) {}

  /**
   * The bounds of connections.
   *
   * @param most of all
   * @param mostUnproven of those without an allocation
   * @param mostPerAddress of one source address
   * @param unprovenSec how long one may have no allocation
   */
  public record Limits(int most, int mostUnproven, int mostPerAddress, int unprovenSec) {}

  /**
   * A worker's port, as the relay reaches it.
   *
   * @param addresses under which clients know it
   * @param thread runs tasks on the worker's thread, and flushes behind them
   */
  public record MediaPort(List<PeerAddress> addresses, Demux demux, Executor thread) {
    public MediaPort {
      addresses = List.copyOf(addresses);
    }
  }

  private final Counters counters = new Counters();
  private final MultiThreadIoEventLoopGroup group;
  private final IoEventLoop loop;
  private final TurnServer server;
  private final TurnConnections connections;
  private final List<Crossing<PeerAddress>> toWorkers = new ArrayList<>();
  private final Crossing<TurnPeer> toRelay;
  private final List<StreamClient> unflushed = new ArrayList<>();
  private final Optional<TurnCertificate> certificate;
  private final TurnUdpEndpoint udp;
  private final List<Channel> listeners = new ArrayList<>();

  /**
   * Opens the ports and starts the thread.
   *
   * @throws IOException when a port cannot be bound or the certificate not be read; names it
   */
  public TurnRelay(Settings settings, IoHandlerFactory io, List<MediaPort> media)
      throws IOException {
    this.certificate =
        settings.tls().isPresent()
            ? Optional.of(
                new TurnCertificate(
                    settings.tls().get().certificateFile(), settings.tls().get().keyFile()))
            : Optional.empty();
    this.group = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("turn", true), io);
    this.loop = group.next();
    this.connections = new TurnConnections(settings.limits(), counters);
    this.toRelay = new Crossing<>(TO_RELAY_PACKETS, loop, new FromWorkers());
    for (MediaPort port : media) {
      toWorkers.add(new Crossing<>(TO_WORKER_PACKETS, port.thread(), new ToDemux(port.demux())));
    }
    this.server =
        new TurnServer(
            settings.turn(),
            new MediaAddresses(media.stream().map(MediaPort::addresses).toList()),
            new Ways(),
            counters,
            System.nanoTime());
    try {
      boolean epoll = settings.udp().epoll();
      this.udp = listenBoth(settings.udp());
      InetSocketAddress tcp = udp.localAddress();
      if (settings.tls().isPresent()) {
        listeners.add(
            listen(
                new InetSocketAddress(tcp.getAddress(), settings.tls().get().port()), epoll, true));
      }
    } catch (IOException | RuntimeException e) {
      listeners.forEach(TurnRelay::close);
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
      throw e;
    }
    var unusedTicks =
        loop.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    if (certificate.isPresent()) {
      var unusedChecks =
          loop.scheduleWithFixedDelay(
              () -> Thread.ofVirtual().start(() -> certificate.get().refresh()),
              CERTIFICATE_CHECK_SEC,
              CERTIFICATE_CHECK_SEC,
              TimeUnit.SECONDS);
    }
  }

  /** Opens both ports with one number; any number that is free for both, when it may be any. */
  private TurnUdpEndpoint listenBoth(UdpPort.Settings settings) throws IOException {
    boolean any = settings.bind().getPort() == 0;
    for (int left = any ? ANY_PORT_TRIES : 1; ; left--) {
      Channel tcp = listen(settings.bind(), settings.epoll(), false);
      InetSocketAddress bound = (InetSocketAddress) tcp.localAddress();
      try {
        TurnUdpEndpoint opened =
            listen(
                new UdpPort.Settings(
                    new InetSocketAddress(settings.bind().getAddress(), bound.getPort()),
                    settings.epoll(),
                    settings.receiveBufferBytes(),
                    settings.sendBufferBytes()));
        listeners.add(tcp);
        return opened;
      } catch (IOException taken) {
        tcp.close().syncUninterruptibly();
        if (left == 1) {
          throw taken;
        }
      }
    }
  }

  private TurnUdpEndpoint listen(UdpPort.Settings settings) throws IOException {
    try {
      return TurnUdpEndpoint.open(settings, loop, server, counters);
    } catch (IOException e) {
      throw new IOException(
          "UDP port %s cannot be opened: %s".formatted(settings.bind(), e.getMessage()), e);
    }
  }

  private Channel listen(InetSocketAddress bind, boolean epoll, boolean tls) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(WRITE_LOW_BYTES, WRITE_HIGH_BYTES))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (tls) {
                      channel
                          .pipeline()
                          .addLast(certificate.orElseThrow().context().newHandler(channel.alloc()));
                    }
                    channel.pipeline().addLast(newStream(tls));
                  }
                });
    if (epoll) {
      bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
    }
    var bound = bootstrap.bind(bind).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "TCP port %s cannot be opened: %s".formatted(bind, bound.cause().getMessage()),
          bound.cause());
    }
    return bound.channel();
  }

  private static void close(Channel listener) {
    var unused = listener.close();
  }

  /**
   * A handler for a connection whose first bytes {@linkplain TurnStream#looksLikeTurn look like
   * TURN}; those bytes are to be fired to it. Any thread.
   *
   * @param tls whether the pipeline has TLS before it, for people
   */
  public ChannelHandler newStream(boolean tls) {
    return new TurnStream(this, tls ? "tls" : "tcp");
  }

  /** Takes more addresses of the media ports, in the order of the ports. Any thread. */
  public void announce(List<List<PeerAddress>> ports) {
    List<List<PeerAddress>> copy = ports.stream().map(List::copyOf).toList();
    run(() -> server.announce(copy));
  }

  /** Whether all ports are open. Any thread. */
  public boolean isOpen() {
    return udp.isOpen() && listeners.stream().allMatch(Channel::isOpen);
  }

  /** Takes connections that somebody else accepted and took TLS off. Any thread. */
  public RelayStreams streams() {
    return (client, output) -> new LentStream(this, client, output);
  }

  public InetSocketAddress localAddress() {
    return udp.localAddress();
  }

  /** Empty: there is none. */
  public Optional<InetSocketAddress> tlsAddress() {
    return listeners.size() < 2
        ? Optional.empty()
        : Optional.of((InetSocketAddress) listeners.get(1).localAddress());
  }

  /** Written on the turn thread. */
  public Counters counters() {
    return counters;
  }

  /** The state as JSON-like maps. Any thread. */
  public CompletableFuture<Map<String, Object>> snapshot() {
    CompletableFuture<Map<String, Object>> result = new CompletableFuture<>();
    if (loop.isShuttingDown()) {
      result.complete(Map.of());
    }
    run(() -> {
      Map<String, Object> state = new LinkedHashMap<>();
      state.put("port", localAddress().getPort());
      tlsAddress().ifPresent(address -> state.put("tlsPort", address.getPort()));
      state.put("connections", connections.size());
      state.put("connectionsWithoutAllocation", connections.unprovenSize());
      state.putAll(server.snapshot(System.nanoTime()));
      result.complete(state);
    });
    return result;
  }

  boolean isOnThread() {
    return loop.inEventLoop();
  }

  /** At once on the turn thread, else as a task of it; what is sent is flushed behind it. */
  void run(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(() -> {
        task.run();
        flush();
      });
    } catch (RejectedExecutionException e) {
      // The relay has stopped, and its connections are closed.
      LOG.atDebug().addKeyValue("event", "turn.task_after_stop").log();
    }
  }

  /** Turn thread. */
  void handle(byte[] bytes, int offset, int lengthBytes, TurnClient from) {
    counters.add(Counter.BYTES_RECEIVED, lengthBytes);
    server.handle(bytes, offset, lengthBytes, from, System.nanoTime());
  }

  /** Turn thread. */
  TurnConnections connections() {
    return connections;
  }

  /** The connection has closed. Turn thread. */
  void closed(StreamClient client) {
    if (connections.forget(client)) {
      server.handleClosed(client);
    }
  }

  /** Turn thread. */
  void flushLater(StreamClient client) {
    unflushed.add(client);
  }

  /** Turn thread. */
  void flush() {
    udp.flush();
    for (int i = 0; i < unflushed.size(); i++) {
      unflushed.get(i).flush();
    }
    unflushed.clear();
  }

  private void tick() {
    long now = System.nanoTime();
    try {
      if (server.nextTimeoutNanos() <= now) {
        server.handleTimeout(now);
      }
      connections.handleTimeout(now);
      countLost();
      flush();
    } catch (RuntimeException e) {
      // Thrown on, it would end the timer for everybody.
      LOG.atError().addKeyValue("event", "turn.timer_failed").setCause(e).log();
    }
  }

  private void countLost() {
    counters.drop(DropReason.TURN_QUEUE_FULL, toRelay.takeLost());
    for (Crossing<PeerAddress> crossing : toWorkers) {
      counters.drop(DropReason.TURN_QUEUE_FULL, crossing.takeLost());
    }
  }

  /** Ends all allocations with their connections, then the thread, then the port. */
  @Override
  public void close() {
    run(() -> {
      listeners.forEach(TurnRelay::close);
      connections.closeAll();
    });
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    try {
      udp.close();
    } catch (IOException e) {
      LOG.atError().addKeyValue("event", "turn.socket_did_not_close").setCause(e).log();
    }
  }

  private final class Ways implements TurnServer.Host {
    @Override
    public PeerPath pathTo(TurnPeer peer) {
      return new RelayPath(peer, toRelay);
    }

    @Override
    public void deliver(TurnPeer peer, byte[] bytes, int offset, int lengthBytes) {
      toWorkers.get(peer.port()).offer(peer.source(), bytes, offset, lengthBytes, false);
    }

    @Override
    public long unixSeconds(long nowNanos) {
      return System.currentTimeMillis() / 1000;
    }
  }

  private final class FromWorkers implements Crossing.Taker<TurnPeer> {
    @Override
    public void take(
        TurnPeer peer, byte[] bytes, int offset, int lengthBytes, boolean video, long nowNanos) {
      server.fromPeer(peer, bytes, offset, lengthBytes, video, nowNanos);
    }

    @Override
    public void taken(long nowNanos) {
      flush();
    }
  }

  private record ToDemux(Demux demux) implements Crossing.Taker<PeerAddress> {
    @Override
    public void take(
        PeerAddress from, byte[] bytes, int offset, int lengthBytes, boolean video, long nowNanos) {
      demux.route(bytes, offset, lengthBytes, from, nowNanos);
    }

    @Override
    public void taken(long nowNanos) {
      // The worker settles and flushes behind each of its tasks.
    }
  }
}
