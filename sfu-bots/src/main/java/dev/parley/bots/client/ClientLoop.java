package dev.parley.bots.client;

import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.srtp.SrtpProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs many clients, a UDP socket or TCP connection each. Clients may be added from
 * any thread; afterwards they are touched on this one alone, by {@link #call}.
 */
public final class ClientLoop implements Executor, AutoCloseable {
  /**
   * How a loop runs its clients.
   *
   * @param bind the address of the sockets; their ports are any that are free
   * @param profiles of SRTP, best first
   * @param receiveBufferBytes of each socket; the system may give less
   * @param way by which media goes
   */
  public record Settings(
      InetSocketAddress bind, List<SrtpProfile> profiles, int receiveBufferBytes, ClientWay way) {
    private static final int RECEIVE_BUFFER_BYTES = 2 << 20;

    /** Over UDP. */
    public Settings(InetSocketAddress bind, List<SrtpProfile> profiles, int receiveBufferBytes) {
      this(bind, profiles, receiveBufferBytes, new ClientWay.Udp());
    }

    public Settings by(ClientWay other) {
      return new Settings(bind, profiles, receiveBufferBytes, other);
    }

    /** Clients of a server that announces loopback. */
    public static Settings loopback() {
      return from(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Clients of a server that may be anywhere, here too. */
    public static Settings anywhere() {
      return from(new InetSocketAddress(0));
    }

    private static Settings from(InetSocketAddress bind) {
      return new Settings(bind, List.of(SrtpProfile.values()), RECEIVE_BUFFER_BYTES);
    }
  }

  static {
    // Else full ICE asks a cloud's metadata service for addresses, and waits for it. ice4j reads
    // its settings with the first STUN message of a process.
    System.setProperty("ice4j.harvest.mapping.aws.enabled", "false");
  }

  private static final int DATAGRAM_BYTES = 2048;

  /** So that one busy socket does not keep the others waiting. */
  private static final int DATAGRAMS_A_TURN = 64;

  private static final long SCAN_NANOS = 1_000_000;
  private static final long LONGEST_SLEEP_NANOS = 10_000_000;

  private final Settings settings;
  private final Selector selector;
  private final Thread thread;
  private final ClientLoopTasks tasks = new ClientLoopTasks();
  private final List<ClientLoopEnd> ends = new ArrayList<>();
  private final ClientTransport.Surroundings surroundings;
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
  private final MemorySegment slab = MemorySegment.ofBuffer(outgoing);
  private final byte[] datagram = new byte[DATAGRAM_BYTES];
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
  private LongConsumer lateness = nanos -> {};
  private long nextScanNanos;
  private long foreign;
  private long sendFull;
  private volatile boolean stopped;
  private volatile @Nullable Throwable fault;

  /**
   * Starts the thread.
   *
   * @param identity of all clients of the loop
   * @param handshakes may be shared between loops; the caller closes it
   * @throws IOException when the system gives no selector
   */
  public ClientLoop(
      String name, Settings settings, DtlsIdentity identity, HandshakeExecutor handshakes)
      throws IOException {
    this.settings = settings;
    this.selector = Selector.open();
    this.surroundings =
        new ClientTransport.Surroundings(
            identity, handshakes, settings.profiles(), this, System::nanoTime);
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    thread.start();
  }

  /** So that the first client with full ICE does not keep its loop waiting. Any thread. */
  public static void warmUpFullIce() {
    ClientLoopAgent.warmUp();
  }

  /** Opens a socket and joins; what becomes of it is told by {@link LightClient#reached}. */
  public LightClient join(String participantId, LightClient.Plan plan, Signaling signaling) {
    return join(participantId, plan, signaling, settings.way());
  }

  /** Joins by a way of its own. */
  public LightClient join(
      String participantId, LightClient.Plan plan, Signaling signaling, ClientWay way) {
    return call(
            () -> {
              LightClient client =
                  open(participantId, plan, signaling, ClientEvents.NONE, ClientPath.direct(way));
              client.join(System.nanoTime());
              return client;
            })
        .join();
  }

  /** Opens a socket for a client that is to join. Loop's thread only. */
  public LightClient open(
      String participantId,
      LightClient.Plan plan,
      Signaling signaling,
      ClientEvents events,
      ClientPath path) {
    ClientLoopEnd end =
        path.way() instanceof ClientWay.Full full
            ? new ClientLoopAgent(this, full)
            : new ClientLoopSocket(this, path);
    LightClient client =
        new LightClient(participantId, plan, signaling, surroundings, end, end.ice(), events);
    end.client(client);
    end.plug();
    ends.add(end);
    return client;
  }

  /** Another way than the one it was opened with, before its answer is here. Loop's thread only. */
  public void take(LightClient client, ClientWay.Relay way) {
    find(client).ifPresent(end -> end.take(way));
  }

  /** Closes the client and its socket. Loop's thread only. */
  public void drop(LightClient client) {
    client.close();
    find(client).ifPresent(this::close);
  }

  /** The clock of all {@code nowNanos}. Any thread. */
  public long nowNanos() {
    return System.nanoTime();
  }

  /**
   * Runs a task on this thread when its time has come; {@link #lateness} is told how late. Loop's
   * thread only.
   */
  public Alarm at(long dueNanos, Runnable task) {
    Alarm alarm = new Alarm(dueNanos, task);
    alarms.add(alarm);
    nextScanNanos = Math.min(nextScanNanos, dueNanos);
    return alarm;
  }

  /** Whom to tell how late tasks of {@link #at} begin, in nanoseconds. Loop's thread only. */
  public void lateness(LongConsumer observer) {
    lateness = observer;
  }

  /** A task with a time. Loop's thread only. */
  public static final class Alarm implements Comparable<Alarm> {
    private final long dueNanos;
    private final Runnable task;
    private boolean cancelled;

    private Alarm(long dueNanos, Runnable task) {
      this.dueNanos = dueNanos;
      this.task = task;
    }

    /** Its task does not run any more. */
    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Alarm other) {
      return Long.compare(dueNanos, other.dueNanos);
    }
  }

  /** Sends nothing. */
  static boolean hasRoute(InetSocketAddress address) {
    return routeTo(address).isPresent();
  }

  /** This machine's address that datagrams to that one leave from. Sends nothing. */
  static Optional<InetAddress> routeTo(InetSocketAddress address) {
    try (DatagramChannel probe = DatagramChannel.open()) {
      probe.connect(address);
      return Optional.of(((InetSocketAddress) probe.getLocalAddress()).getAddress());
    } catch (IOException unreachable) {
      return Optional.empty();
    }
  }

  Settings settings() {
    return settings;
  }

  Selector selector() {
    return selector;
  }

  /** The one buffer that every socket sends from. */
  ByteBuffer outgoing() {
    return outgoing;
  }

  MemorySegment slab() {
    return slab;
  }

  /** The one buffer that every socket reads into. */
  byte[] datagram() {
    return datagram;
  }

  /** A datagram came from somebody else than the server. */
  void foreign() {
    foreign++;
  }

  /** The system did not take a datagram. */
  void notSent() {
    sendFull++;
  }

  /** Looks at the clients at that time, if not before. */
  void wakeAt(long nanos) {
    nextScanNanos = Math.min(nextScanNanos, nanos);
  }

  DatagramChannel open(InetSocketAddress bind) {
    try {
      DatagramChannel channel = DatagramChannel.open();
      try {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, settings.receiveBufferBytes());
        return channel.bind(bind);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no UDP socket can be opened on " + bind, e);
    }
  }

  /** Leaves the room and closes the socket. */
  public CompletableFuture<Boolean> leave(LightClient client) {
    return call(() -> {
      client.close();
      find(client).ifPresent(this::close);
      return true;
    });
  }

  private void close(ClientLoopEnd end) {
    ends.remove(end);
    end.unplug();
  }

  /** Takes the client's network away: nothing of it arrives any more, either way. */
  public CompletableFuture<Boolean> unplug(LightClient client) {
    return call(() -> {
      find(client).ifPresent(ClientLoopEnd::unplug);
      return true;
    });
  }

  /** Gives the client another network, from which it goes on at once. */
  public CompletableFuture<Boolean> replug(LightClient client) {
    return call(() -> {
      find(client)
          .ifPresent(end -> {
            end.unplug();
            end.plug();
            client.addressChanged(System.nanoTime());
          });
      return true;
    });
  }

  /** Takes nothing more from the server, over TCP: what it sends piles up. */
  public CompletableFuture<Boolean> stopReading(LightClient client) {
    return call(() -> {
      find(client).ifPresent(ClientLoopEnd::stopReading);
      return true;
    });
  }

  private Optional<ClientLoopEnd> find(LightClient client) {
    return ends.stream().filter(e -> e.client() == client).findFirst();
  }

  /**
   * Media packets that did not leave for the server: there was no network, or the modelled one lost
   * them. Loop's thread only.
   */
  public long droppedTowardsServer(LightClient client) {
    return find(client).map(ClientLoopEnd::mediaDropped).orElse(0L);
  }

  /** UDP sockets and connections of all clients. Loop's thread only. */
  public int openSockets() {
    return (int) selector.keys().stream().filter(SelectionKey::isValid).count();
  }

  /** The local port of a client's socket. Loop's thread only. */
  public int port(LightClient client) {
    return find(client).map(ClientLoopEnd::localPort).orElse(0);
  }

  /** Runs a task on the loop's thread. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /**
   * Runs a command on the loop's thread; what it throws goes to the future, and so does what has
   * ended the thread before its time.
   */
  public <T> CompletableFuture<T> call(Supplier<T> command) {
    return tasks.call(command, this);
  }

  /** For measuring its CPU time. */
  public long threadId() {
    return thread.threadId();
  }

  /** Datagrams that did not come from the server. Loop's thread only. */
  public long foreignDatagrams() {
    return foreign;
  }

  /** Datagrams that the system did not take. Loop's thread only. */
  public long sendFull() {
    return sendFull;
  }

  private void run() {
    try {
      while (!stopped) {
        long sleepNanos = nextScanNanos - System.nanoTime();
        selector.select(this::onReadable, Math.max(1, (sleepNanos + 999_999) / 1_000_000));
        tasks.runAll();
        long now = System.nanoTime();
        if (now >= nextScanNanos) {
          scan(now);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      fault = e;
    } finally {
      closeAll();
      tasks.end(fault);
    }
  }

  private void closeAll() {
    try {
      for (ClientLoopEnd end : List.copyOf(ends)) {
        LightClient client = end.client();
        if (client != null) {
          client.close();
        }
        close(end);
      }
      selector.close();
    } catch (IOException | RuntimeException e) {
      fault = fault == null ? e : fault;
    }
  }

  /** What has ended the thread before its time: nothing of the loop goes on then. Any thread. */
  public Optional<Throwable> fault() {
    return Optional.ofNullable(fault);
  }

  /** A scan of all clients is cheap beside the packets of one, and needs no timer queue. */
  private void scan(long now) {
    ring(now);
    long next = now + LONGEST_SLEEP_NANOS;
    Alarm alarm = alarms.peek();
    if (alarm != null) {
      next = Math.min(next, alarm.dueNanos);
    }
    for (int i = 0; i < ends.size(); i++) {
      LightClient client = ends.get(i).client();
      next = Math.min(next, ends.get(i).handleTimeout(now));
      if (client != null) {
        if (client.nextTimeoutNanos() <= now) {
          client.handleTimeout(now);
        }
        next = Math.min(next, client.nextTimeoutNanos());
      }
    }
    nextScanNanos = Math.max(next, now + SCAN_NANOS);
  }

  private void ring(long now) {
    for (Alarm alarm = alarms.peek();
        alarm != null && alarm.dueNanos <= now;
        alarm = alarms.peek()) {
      alarms.remove();
      if (!alarm.cancelled) {
        lateness.accept(now - alarm.dueNanos);
        alarm.task.run();
      }
    }
  }

  private void onReadable(SelectionKey key) {
    ((ClientLoopPort) key.attachment()).ready(System.nanoTime());
  }

  /** Takes what has arrived at a UDP socket, but not so much that others wait. */
  void receive(DatagramChannel channel, ClientLoopPort port, long nowNanos) {
    try {
      for (int i = 0; i < DATAGRAMS_A_TURN && channel.isOpen(); i++) {
        InetSocketAddress from = (InetSocketAddress) channel.receive(incoming.clear());
        if (from == null) {
          return;
        }
        int length = incoming.flip().limit();
        incoming.get(0, datagram, 0, length);
        port.onDatagram(datagram, length, from, nowNanos);
      }
    } catch (IOException e) {
      // An ICMP error of an earlier send: the server is gone, and consent will say so.
      return;
    }
  }

  /** Closes every client, and waits for the thread. */
  @Override
  public void close() {
    stopped = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
