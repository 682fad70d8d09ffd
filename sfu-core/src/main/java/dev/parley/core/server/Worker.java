package dev.parley.core.server;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.WorkerSample;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.net.Demux;
import dev.parley.core.net.Handover;
import dev.parley.core.net.Outlet;
import dev.parley.core.net.TcpEndpoint;
import dev.parley.core.net.TurnRelay;
import dev.parley.core.net.UdpEndpoint;
import dev.parley.core.net.UdpPort;
import dev.parley.core.relay.RelayQueue;
import dev.parley.core.room.Room;
import dev.parley.core.room.RoomHost;
import dev.parley.core.room.Roster;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.subscriber.Shedding;
import dev.parley.core.subscriber.SlotScratch;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread, one UDP port, one TCP port, and the rooms that live there. Commands come in as tasks
 * of its event loop; each ends like a read batch: rooms settle, then everything is flushed.
 */
final class Worker implements RoomHost, UdpEndpoint.BatchEnd {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final long TICK_MS = 10;
  private static final long NANOS_A_MS = 1_000_000;

  /** What sending one packet to one viewer takes, about. */
  private static final long NANOS_A_SEND = 1_500;

  /** Looking for the rest of a burst may take such a part of sending what has come. */
  private static final int SHARE_OF_SENDING = 64;

  private static final long LEAST_OPEN_NANOS = 5_000;
  private static final long MOST_OPEN_NANOS = 50_000;

  /** One wall clock for all workers: the reports of a session that moves go on. */
  private static final long START_NANOS = System.nanoTime();

  private static final long START_UNIX_NANOS = System.currentTimeMillis() * 1_000_000;

  private final int index;
  private final MultiThreadIoEventLoopGroup group;
  private final IoEventLoop loop;
  private final Counters counters = new Counters();
  private final Demux demux = new Demux(counters);
  private final UdpEndpoint endpoint;
  private static final double NANOS_A_SECOND = 1e9;
  private final RtpPacket packet = new RtpPacket();
  private final SlotScratch scratch = new SlotScratch();
  private final Map<String, Room> rooms = new HashMap<>();
  private final AtomicInteger load = new AtomicInteger();
  private final ThreadLoad threadLoad = new ThreadLoad(System.nanoTime());
  private final Map<Worker, Handover> handovers = new ConcurrentHashMap<>();
  private final Map<Worker, RelayQueue> relays = new ConcurrentHashMap<>();
  private final Map<Worker, Outlet> outlets = new HashMap<>();
  private Outlet[] foreignOutlets = {};
  private volatile @Nullable TcpEndpoint tcp;
  private final Overload overload;
  private boolean closing;

  /** What waits for the end of the batch, for each of its viewers. */
  private long waitingSends;

  private List<Room> unsettled = new ArrayList<>();
  private List<Room> settling = new ArrayList<>();

  /**
   * Opens the worker's port and starts its thread.
   *
   * @throws IOException when the port cannot be bound
   */
  Worker(int index, UdpPort.Settings settings, IoHandlerFactory io, OverloadLimits limits)
      throws IOException {
    this(
        index,
        settings,
        io,
        limits,
        endpoint -> new LoadMeter(endpoint::overflows, TICK_MS * NANOS_A_MS));
  }

  /** The same; {@code meter} tells the load. */
  Worker(
      int index,
      UdpPort.Settings settings,
      IoHandlerFactory io,
      OverloadLimits limits,
      Function<UdpEndpoint, Overload.Meter> meter)
      throws IOException {
    this.index = index;
    this.group =
        new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("media-" + index, true), io);
    this.loop = group.next();
    try {
      this.endpoint = new UdpEndpoint(settings, loop, demux, counters, this);
    } catch (IOException | RuntimeException e) {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
      throw e;
    }
    this.overload = new Overload(index, limits, meter.apply(endpoint), counters);
    var unused = loop.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  /**
   * Opens a TCP port, too. Once, before the worker has rooms.
   *
   * @throws IOException when the port cannot be bound
   */
  void openTcp(TcpEndpoint.Settings settings) throws IOException {
    TcpEndpoint opened = new TcpEndpoint(settings, loop, demux, counters, this::onTcpBatchEnd);
    call(() -> tcp = opened).join();
  }

  @HotPath
  private void onTcpBatchEnd(long nowNanos) {
    onBatchEnd(nowNanos);
    endpoint.flush();
  }

  /** Runs tasks on this worker's thread; what they send is flushed behind them. */
  Executor executor() {
    return task -> loop.execute(() -> run(task));
  }

  /** Runs a command; its exception goes to the future. */
  <T> CompletableFuture<T> call(Supplier<T> command) {
    return call(executor(), command);
  }

  static <T> CompletableFuture<T> call(Executor on, Supplier<T> command) {
    CompletableFuture<T> result = new CompletableFuture<>();
    on.execute(() -> {
      try {
        result.complete(command.get());
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      failed("task_failed", "-", e);
    }
    onBatchEnd(System.nanoTime());
    endpoint.flush();
  }

  private void tick() {
    long now = System.nanoTime();
    threadLoad.tick(now);
    measure(now);
    TcpEndpoint streams = tcp;
    if (streams != null) {
      streams.handleTimeout(now);
    }
    for (Room room : List.copyOf(rooms.values())) {
      try {
        if (room.nextTimeoutNanos() <= now) {
          room.handleTimeout(now);
        }
      } catch (RuntimeException e) {
        failed("timer_failed", room.id(), e);
      }
    }
    onBatchEnd(now);
    endpoint.flush();
  }

  /** Looks at the load, when it is time to. On the worker's thread. */
  void measure(long nowNanos) {
    overload.tick(nowNanos);
  }

  private void failed(String what, String room, Exception e) {
    LOG.atError()
        .addKeyValue("event", "media." + what)
        .addKeyValue("room", room)
        .addKeyValue("worker", index)
        .setCause(e)
        .log();
  }

  @Override
  @HotPath
  public void gathered(int viewers) {
    waitingSends += viewers;
  }

  @Override
  @HotPath
  public void departed() {
    endpoint.flushLong();
  }

  @Override
  @HotPath
  public long openNanos() {
    long worth = waitingSends * NANOS_A_SEND / SHARE_OF_SENDING;
    return worth < LEAST_OPEN_NANOS ? 0 : Math.min(worth, MOST_OPEN_NANOS);
  }

  @Override
  public void onBatchEnd(long nowNanos) {
    waitingSends = 0;
    if (!unsettled.isEmpty()) {
      settleAll(nowNanos);
    }
    for (int i = 0; i < foreignOutlets.length; i++) {
      foreignOutlets[i].flush();
    }
    TcpEndpoint streams = tcp;
    if (streams != null) {
      streams.flush(nowNanos);
    }
  }

  /** Sends all that waits in batches. On the worker's thread. */
  void flush() {
    for (Outlet outlet : foreignOutlets) {
      outlet.flush();
    }
    TcpEndpoint streams = tcp;
    if (streams != null) {
      streams.flush(System.nanoTime());
    }
    endpoint.flush();
  }

  private void settleAll(long nowNanos) {
    // Settling may mark rooms again, so the marks of this round are set apart first.
    List<Room> now = unsettled;
    unsettled = settling;
    settling = now;
    for (int i = 0; i < now.size(); i++) {
      settle(now.get(i), nowNanos);
    }
    now.clear();
  }

  /** One room's fault must not keep the others from settling, nor end the worker's timer. */
  private static void settle(Room room, long nowNanos) {
    try {
      room.settle(nowNanos);
    } catch (RuntimeException e) {
      LOG.error("event=settle_failed room={}", room.id(), e);
    }
  }

  @Override
  public void unsettled(Room room) {
    unsettled.add(room);
  }

  @Override
  public Shedding shedding(int viewer) {
    return overload.shedding(viewer);
  }

  @Override
  public long laterNanos(long batchNanos) {
    return System.nanoTime();
  }

  @Override
  public long unixNanos(long nowNanos) {
    return START_UNIX_NANOS + (nowNanos - START_NANOS);
  }

  /** On the worker's thread: opens a room, or one wing of it. */
  Room open(String roomId, Room.Settings settings, Roster roster, MediaRoom.Listener listener) {
    Room room = new Room(roomId, settings, roster, this, listener, packet, counters);
    rooms.put(roomId, room);
    counters.increment(Counter.WINGS_OPENED);
    return room;
  }

  /** On the worker's thread. */
  void forget(Room room) {
    room.close();
    if (rooms.remove(room.id(), room)) {
      counters.increment(Counter.WINGS_CLOSED);
    }
  }

  /** On this worker's thread: the way out through a port, this worker's own or another's. */
  DatagramSink outletOf(Worker port) {
    if (port == this) {
      return endpoint;
    }
    Outlet known = outlets.get(port);
    if (known == null) {
      known = port.endpoint.newOutlet(counters);
      outlets.put(port, known);
      foreignOutlets = outlets.values().toArray(new Outlet[0]);
    }
    return known;
  }

  /** The queue for what comes to this worker's port and belongs to a session on the other. */
  Handover handoverTo(Worker other) {
    return handovers.computeIfAbsent(other, o -> new Handover(counters, o.counters, o.executor()));
  }

  /** The queue for what rooms of this worker publish and show in wings on the other. */
  RelayQueue relayTo(Worker other) {
    return relays.computeIfAbsent(other, o -> new RelayQueue(counters, o.loop, o::takeRelayed));
  }

  /** On the worker's thread: packets have come from another one. */
  private void takeRelayed(RelayQueue from) {
    long now = System.nanoTime();
    long forwardedBefore = counters.total(Counter.RTP_FORWARDED);
    long arrived = now;
    try {
      arrived = from.drain(now);
    } catch (RuntimeException e) {
      failed("relay_failed", "-", e);
    }
    onBatchEnd(now);
    endpoint.flush();
    long forwarded = counters.total(Counter.RTP_FORWARDED) - forwardedBefore;
    if (forwarded > 0) {
      counters.latency().add(forwarded, System.nanoTime() - arrived);
    }
  }

  /** On the worker's thread: whether its rooms have been closed for good. */
  boolean closing() {
    return closing;
  }

  /** This worker's port as the relay reaches it. */
  TurnRelay.MediaPort mediaPort(List<PeerAddress> addresses) {
    return new TurnRelay.MediaPort(addresses, demux, executor());
  }

  Counters counters() {
    return counters;
  }

  Demux demux() {
    return demux;
  }

  DatagramSink sink() {
    return endpoint;
  }

  SlotScratch scratch() {
    return scratch;
  }

  InetSocketAddress localAddress() {
    return endpoint.localAddress();
  }

  /** Empty: it has none. Set before the worker has rooms. */
  OptionalInt tcpPort() {
    TcpEndpoint streams = tcp;
    return streams == null ? OptionalInt.empty() : OptionalInt.of(streams.localAddress().getPort());
  }

  /** What is wrong with this worker's ports, compared with what was asked for. Any thread. */
  MediaServer.Readiness readiness(int receiveBufferBytes, int sendBufferBytes) {
    List<String> reasons = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    String udp = "UDP port " + localAddress().getPort();
    if (!endpoint.isOpen()) {
      reasons.add(udp + " is not open any more");
    }
    TcpEndpoint streams = tcp;
    if (streams != null && !streams.isOpen()) {
      reasons.add("TCP port " + streams.localAddress().getPort() + " is not open any more");
    }
    warnOfLoad(warnings, overload.state());
    shortOf(warnings, udp, "receive", endpoint.receiveBufferBytes(), receiveBufferBytes);
    shortOf(warnings, udp, "send", endpoint.sendBufferBytes(), sendBufferBytes);
    return new MediaServer.Readiness(reasons, warnings);
  }

  private void warnOfLoad(List<String> warnings, Overload.State load) {
    if (load.full()) {
      warnings.add(
          "worker %d is full: busy for %.0f %% of its time, newcomers are refused, video is shed to level %.1f of 6"
              .formatted(index, 100 * load.load(), load.shedding()));
    }
  }

  private static void shortOf(
      List<String> warnings, String port, String which, int given, int wanted) {
    if (given < wanted) {
      warnings.add(
          "%s has a %s buffer of %d bytes, %d are configured (net.core.%cmem_max)"
              .formatted(port, which, given, wanted, which.charAt(0) == 'r' ? 'r' : 'w'));
    }
  }

  int index() {
    return index;
  }

  /** Any thread. */
  Overload.State overload() {
    return overload.state();
  }

  /** As a place for a new room. Any thread. */
  Placement.Candidate candidate() {
    Overload.State now = overload.state();
    return new Placement.Candidate(now.load(), now.full(), load.get());
  }

  /** Sessions opened here and not yet closed; for choosing the least loaded worker. */
  AtomicInteger load() {
    return load;
  }

  /** On the worker's thread; {@code askedNanos} is when somebody wanted to know. */
  WorkerSample sample(long askedNanos) {
    long now = System.nanoTime();
    return new WorkerSample(
        index,
        now - askedNanos,
        (long) (threadLoad.busySec() * NANOS_A_SECOND),
        rooms.values().stream().flatMap(room -> room.samples(now)).toList());
  }

  /** Any thread; does not wait for the worker's. */
  MediaServer.WorkerLoad loadNow() {
    Overload.State now = overload.state();
    return new MediaServer.WorkerLoad(
        index,
        load.get(),
        threadLoad.busySec(),
        threadLoad.silentSec(System.nanoTime()),
        now.load(),
        now.full(),
        now.shedding());
  }

  /** On the worker's thread. */
  Map<String, Object> snapshot() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("worker", index);
    state.put("udpPort", localAddress().getPort());
    TcpEndpoint streams = tcp;
    if (streams != null) {
      state.put("tcpPort", streams.localAddress().getPort());
      state.put("tcpConnections", streams.connections());
      state.put("tcpUnproved", streams.unproved());
      state.put("tcpWaitingBytes", streams.waitingBytes());
    }
    state.put("addresses", demux.size());
    state.put("ufrags", demux.ufrags());
    state.put("movedElsewhere", demux.diverted());
    long now = System.nanoTime();
    state.put("rooms", rooms.values().stream().map(room -> room.snapshot(now)).toList());
    return state;
  }

  /**
   * Closes workers together, since each may send through the ports of the others: all rooms, then
   * the threads, then the ports. Waits for the threads to end.
   */
  static void close(List<Worker> workers) {
    workers.forEach(Worker::closeRooms);
    workers.forEach(w -> w.group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly());
    workers.forEach(Worker::closePort);
  }

  private void closeRooms() {
    CompletableFuture<Boolean> closed =
        call(() -> {
          closing = true;
          for (Room room : List.copyOf(rooms.values())) {
            forget(room);
          }
          flush();
          TcpEndpoint streams = tcp;
          if (streams != null) {
            streams.close();
          }
          for (Outlet outlet : foreignOutlets) {
            outlet.shut();
          }
          overload.close();
          return true;
        });
    try {
      closed.get(2, TimeUnit.SECONDS);
    } catch (Exception e) {
      failed("rooms_did_not_close", "-", e);
    }
  }

  private void closePort() {
    outlets.values().forEach(Outlet::free);
    try {
      endpoint.close();
    } catch (IOException e) {
      failed("socket_did_not_close", "-", e);
    }
  }
}
