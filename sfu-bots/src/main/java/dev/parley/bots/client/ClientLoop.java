package dev.parley.bots.client;

import dev.parley.bots.network.Link;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.PeerAddress;
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
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
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
      InetSocketAddress bind, List<SrtpProfile> profiles, int receiveBufferBytes, Way way) {
    private static final int RECEIVE_BUFFER_BYTES = 2 << 20;

    /** Over UDP. */
    public Settings(InetSocketAddress bind, List<SrtpProfile> profiles, int receiveBufferBytes) {
      this(bind, profiles, receiveBufferBytes, new Udp());
    }

    public Settings by(Way other) {
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

  /** By which media goes. */
  public sealed interface Way {}

  /** To the server's UDP candidate. */
  public record Udp() implements Way {}

  /** To the server's TCP candidate (RFC 6544). */
  public record Tcp() implements Way {}

  /**
   * Through a relay (RFC 8656), by TCP, to the server's UDP candidate.
   *
   * @param tls whether the connection to the relay is TLS
   */
  public record Relay(InetSocketAddress relay, boolean tls, String username, String password)
      implements Way {
    @Override
    public String toString() {
      return "Relay[" + relay + (tls ? ", TLS, " : ", ") + username + "]";
    }
  }

  private static final int DATAGRAM_BYTES = 2048;

  /** So that one busy socket does not keep the others waiting. */
  private static final int DATAGRAMS_A_TURN = 64;

  /** RFC 7983: the first byte of a STUN packet is at most this. */
  private static final int LAST_OF_STUN = 3;

  private static final long SCAN_NANOS = 1_000_000;
  private static final long LONGEST_SLEEP_NANOS = 10_000_000;

  private final Settings settings;
  private final Selector selector;
  private final Thread thread;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<Socket> sockets = new ArrayList<>();
  private final DtlsIdentity identity;
  private final HandshakeExecutor handshakes;
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
    this.identity = identity;
    this.handshakes = handshakes;
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    thread.start();
  }

  /** Opens a socket and joins; what becomes of it is told by {@link LightClient#reached}. */
  public LightClient join(String participantId, LightClient.Plan plan, Signaling signaling) {
    return call(
            () -> {
              LightClient client =
                  open(
                      participantId,
                      plan,
                      signaling,
                      LightClient.Events.NONE,
                      ClientPath.direct(settings.way()));
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
      LightClient.Events events,
      ClientPath path) {
    Socket socket = new Socket(path);
    LightClient client =
        new LightClient(participantId, plan, signaling, surroundings(path.way()), socket, events);
    socket.client = client;
    sockets.add(socket);
    socket.plug();
    return client;
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

  private ClientTransport.Surroundings surroundings(Way way) {
    return new ClientTransport.Surroundings(
        identity,
        handshakes,
        settings.profiles(),
        this,
        System::nanoTime,
        settings.bind().getAddress().isLoopbackAddress(),
        way instanceof Tcp,
        ClientLoop::hasRoute);
  }

  /** Sends nothing. */
  private static boolean hasRoute(InetSocketAddress address) {
    try (DatagramChannel probe = DatagramChannel.open()) {
      probe.connect(address);
      return true;
    } catch (IOException unreachable) {
      return false;
    }
  }

  private DatagramChannel open() {
    try {
      DatagramChannel channel = DatagramChannel.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, settings.receiveBufferBytes());
      channel.bind(settings.bind());
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException("no UDP socket can be opened on " + settings.bind(), e);
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

  private void close(Socket socket) {
    sockets.remove(socket);
    socket.unplug();
  }

  /** Takes the client's network away: nothing of it arrives any more, either way. */
  public CompletableFuture<Boolean> unplug(LightClient client) {
    return call(() -> {
      find(client).ifPresent(Socket::unplug);
      return true;
    });
  }

  /** Gives the client another network, from which it goes on at once. */
  public CompletableFuture<Boolean> replug(LightClient client) {
    return call(() -> {
      find(client)
          .ifPresent(socket -> {
            socket.unplug();
            socket.plug();
            client.addressChanged(System.nanoTime());
          });
      return true;
    });
  }

  /** Takes nothing more from the server, over TCP: what it sends piles up. */
  public CompletableFuture<Boolean> stopReading(LightClient client) {
    return call(() -> {
      find(client).ifPresent(Socket::stopReading);
      return true;
    });
  }

  private Optional<Socket> find(LightClient client) {
    return sockets.stream().filter(s -> s.client == client).findFirst();
  }

  /**
   * Media packets that did not leave for the server: there was no network, or the modelled one lost
   * them. Loop's thread only.
   */
  public long droppedTowardsServer(LightClient client) {
    return find(client).map(Socket::mediaDropped).orElse(0L);
  }

  /** The local port of a client's socket. Loop's thread only. */
  public int port(LightClient client) {
    return find(client).map(Socket::localPort).orElse(0);
  }

  /** Runs a task on the loop's thread. */
  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** Runs a command on the loop's thread; what it throws goes to the future. */
  public <T> CompletableFuture<T> call(Supplier<T> command) {
    CompletableFuture<T> result = new CompletableFuture<>();
    execute(() -> {
      try {
        result.complete(command.get());
      } catch (RuntimeException | Error e) {
        result.completeExceptionally(e);
      }
    });
    return result;
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
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        long now = System.nanoTime();
        if (now >= nextScanNanos) {
          scan(now);
        }
      }
      for (Socket socket : List.copyOf(sockets)) {
        socket.close(this);
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the loop's selector failed", e);
    }
  }

  /** A scan of all clients is cheap beside the packets of one, and needs no timer queue. */
  private void scan(long now) {
    ring(now);
    long next = now + LONGEST_SLEEP_NANOS;
    Alarm alarm = alarms.peek();
    if (alarm != null) {
      next = Math.min(next, alarm.dueNanos);
    }
    for (int i = 0; i < sockets.size(); i++) {
      LightClient client = sockets.get(i).client;
      ClientLoopStream stream = sockets.get(i).stream;
      if (stream != null) {
        stream.handleTimeout(now);
      }
      next = Math.min(next, sockets.get(i).travel(now));
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
    Socket socket = (Socket) key.attachment();
    LightClient client = socket.client;
    if (client == null) {
      return;
    }
    long now = System.nanoTime();
    ClientLoopStream stream = socket.stream;
    DatagramChannel channel = socket.channel;
    if (stream != null) {
      if (!stream.ready(
          datagram, (bytes, length) -> client.handleDatagram(bytes, 0, length, now))) {
        socket.connectionLost(client, now);
      }
    } else if (channel != null) {
      receive(channel, socket, client, now);
    }
    if (client.nextTimeoutNanos() < nextScanNanos) {
      nextScanNanos = client.nextTimeoutNanos();
    }
  }

  private void receive(DatagramChannel channel, Socket socket, LightClient client, long now) {
    try {
      for (int i = 0; i < DATAGRAMS_A_TURN && channel.isOpen(); i++) {
        InetSocketAddress from = (InetSocketAddress) channel.receive(incoming.clear());
        if (from == null) {
          return;
        }
        if (!socket.isServer(from)) {
          foreign++;
          continue;
        }
        int length = incoming.flip().limit();
        incoming.get(0, datagram, 0, length);
        socket.receive(client, datagram, length, now);
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

  /** A client's socket; sends at once, through the loop's one buffer. */
  private final class Socket implements DatagramSink {
    private @Nullable DatagramChannel channel;
    private @Nullable ClientLoopStream stream;
    private @Nullable LightClient client;
    private @Nullable PeerAddress server;
    private @Nullable InetSocketAddress serverInet;
    private final Way way;
    private final @Nullable Link up;
    private final @Nullable Link down;
    private boolean plugged;
    private long mediaCutOff;

    Socket(ClientPath path) {
      way = path.way();
      if (path.modelled()) {
        SplittableRandom random = new SplittableRandom(path.seed());
        up = new Link(path.up(), random.split(), this::sendNow);
        down = new Link(path.down(), random.split(), this::arrived);
      } else {
        up = null;
        down = null;
      }
    }

    private void sendNow(byte[] bytes, int lengthBytes, long nowNanos) {
      PeerAddress to = server;
      if (to != null) {
        outgoing.put(0, bytes, 0, lengthBytes);
        write(lengthBytes, to);
      }
    }

    private void arrived(byte[] bytes, int lengthBytes, long nowNanos) {
      LightClient of = client;
      if (of != null) {
        of.handleDatagram(bytes, 0, lengthBytes, nowNanos);
      }
    }

    /** Delivers what is due on the links; when to call again. */
    long travel(long nowNanos) {
      Link there = up;
      Link back = down;
      if (there == null || back == null) {
        return Long.MAX_VALUE;
      }
      there.handleTimeout(nowNanos);
      back.handleTimeout(nowNanos);
      return Math.min(there.nextTimeoutNanos(), back.nextTimeoutNanos());
    }

    /** A datagram from the server. Borrows and may overwrite the bytes. */
    void receive(LightClient of, byte[] bytes, int lengthBytes, long nowNanos) {
      Link back = down;
      if (back == null) {
        of.handleDatagram(bytes, 0, lengthBytes, nowNanos);
      } else {
        back.send(bytes, 0, lengthBytes, nowNanos);
        nextScanNanos = Math.min(nextScanNanos, back.nextTimeoutNanos());
      }
    }

    /** By TCP, the first check opens the connection. */
    void plug() {
      plugged = true;
      if (way instanceof Udp) {
        DatagramChannel opened = open();
        channel = opened;
        try {
          opened.register(selector, SelectionKey.OP_READ, this);
        } catch (IOException e) {
          throw new UncheckedIOException("the socket cannot be registered", e);
        }
      }
    }

    void unplug() {
      plugged = false;
      if (up != null) {
        up.clear();
      }
      if (down != null) {
        down.clear();
      }
      ClientLoopStream connection = stream;
      if (connection != null) {
        connection.close();
        stream = null;
      }
      DatagramChannel socket = channel;
      if (socket != null) {
        try {
          socket.close();
        } catch (IOException e) {
          throw new UncheckedIOException("a socket cannot be closed", e);
        }
        channel = null;
      }
    }

    void stopReading() {
      ClientLoopStream connection = stream;
      if (connection != null) {
        connection.stopReading();
      }
    }

    /** As a browser does, the client goes on by a new connection. */
    void connectionLost(LightClient of, long nowNanos) {
      stream = null;
      of.addressChanged(nowNanos);
    }

    long mediaDropped() {
      Link there = up;
      return mediaCutOff + (there == null ? 0 : there.mediaDropped());
    }

    int localPort() {
      ClientLoopStream connection = stream;
      DatagramChannel socket = channel;
      return connection != null
          ? connection.localPort()
          : socket != null ? socket.socket().getLocalPort() : 0;
    }

    /** A client sends to its server only, so whom it sent to last is the server. */
    boolean isServer(InetSocketAddress from) {
      InetSocketAddress known = serverInet;
      return from.equals(known);
    }

    void close(ClientLoop loop) {
      LightClient open = client;
      if (open != null) {
        open.close();
      }
      loop.close(this);
    }

    @Override
    public void send(byte[] bytes, int offset, int lengthBytes, PeerAddress to) {
      outgoing.put(0, bytes, offset, lengthBytes);
      commit(lengthBytes, to);
    }

    @Override
    public int reserve() {
      return 0;
    }

    @Override
    public MemorySegment slab() {
      return slab;
    }

    @Override
    public void commit(int lengthBytes, PeerAddress to) {
      if (!to.equals(server)) {
        server = to;
        serverInet = to.toInet();
      }
      Link there = up;
      if (plugged && there == null) {
        write(lengthBytes, to);
        return;
      }
      byte[] copy = new byte[lengthBytes];
      outgoing.get(0, copy, 0, lengthBytes);
      if (there == null || !plugged) {
        mediaCutOff += Link.isMedia(copy, 0, lengthBytes) ? 1 : 0;
        return;
      }
      there.send(copy, 0, lengthBytes, System.nanoTime());
      nextScanNanos = Math.min(nextScanNanos, there.nextTimeoutNanos());
    }

    private void write(int lengthBytes, PeerAddress to) {
      try {
        outgoing.limit(lengthBytes).position(0);
        if (!(way instanceof Udp ? sent(to) : stream(to))) {
          sendFull++;
        }
      } catch (IOException e) {
        sendFull++;
      } finally {
        outgoing.clear();
      }
    }

    private boolean sent(PeerAddress to) throws IOException {
      DatagramChannel open = channel;
      return open != null && open.send(outgoing, to.toInet()) > 0;
    }

    private boolean stream(PeerAddress to) throws IOException {
      ClientLoopStream connection = stream;
      if (connection == null) {
        if ((outgoing.get(0) & 0xff) > LAST_OF_STUN) {
          return false; // The server wants a check first.
        }
        connection = connect(to);
        stream = connection;
      }
      return connection.send(outgoing);
    }

    private ClientLoopStream connect(PeerAddress to) {
      Relay relay = way instanceof Relay r ? r : null;
      return new ClientLoopStream(
          new ClientLoopStream.Target(
              settings.bind(),
              relay == null ? to.toInet() : relay.relay(),
              relay != null && relay.tls(),
              settings.receiveBufferBytes()),
          relay == null
              ? new StreamFraming.Lengths()
              : new StreamFraming.Relayed(
                  new TurnConversation.Account(relay.username(), relay.password()), to),
          selector,
          this);
    }
  }
}
