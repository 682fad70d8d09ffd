package dev.parley.core.net;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.turn.TurnClient;
import dev.parley.core.turn.TurnServer;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.nio.NioIoOps;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The relay's UDP port. Addresses with an allocation are remembered, others are forgotten with
 * their datagram. Turn thread only.
 */
final class TurnUdpEndpoint extends Outlet implements BatchSocket.Listener, AutoCloseable {
  private static final int BATCHES_A_TURN = 4;
  private static final int DATAGRAM_BYTES = 2048;
  private static final int SEND_CAPACITY = 512;
  private static final int FIRST_CAPACITY = 64;

  private final BatchSocket socket;
  private final TurnServer server;
  private final Counters counters;
  private final byte[] datagram = new byte[DATAGRAM_BYTES];

  /** Open addressing with linear probing; a power of two, at most half full. */
  private @Nullable Client[] clients = new Client[FIRST_CAPACITY];

  private int size;

  /**
   * Binds the port and begins to read on {@code loop}.
   *
   * @throws IOException when the port cannot be bound
   */
  static TurnUdpEndpoint open(
      UdpEndpoint.Settings settings, IoEventLoop loop, TurnServer server, Counters counters)
      throws IOException {
    TurnUdpEndpoint endpoint = new TurnUdpEndpoint(UdpEndpoint.open(settings), server, counters);
    endpoint.socket.listener(endpoint);
    IoRegistration registration = loop.register(endpoint.socket).syncUninterruptibly().getNow();
    registration.submit(settings.epoll() ? EpollIoOps.EPOLLIN : NioIoOps.READ);
    return endpoint;
  }

  private TurnUdpEndpoint(BatchSocket socket, TurnServer server, Counters counters) {
    super(socket.newSender(SEND_CAPACITY), SEND_CAPACITY, counters);
    this.socket = socket;
    this.server = server;
    this.counters = counters;
  }

  InetSocketAddress localAddress() {
    return socket.localAddress();
  }

  boolean isOpen() {
    return socket.isOpen();
  }

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
      flush();
      if (count < BatchSocket.RECEIVE_BATCH) {
        return;
      }
    }
  }

  private static long readClock() {
    return System.nanoTime();
  }

  @HotPath
  private void receive(int index, long now) {
    int length = socket.lengthBytes(index);
    if (length < 0) {
      counters.drop(DropReason.TOO_LARGE);
      return;
    }
    counters.add(Counter.BYTES_RECEIVED, length);
    socket.copy(index, datagram);
    long high = socket.addressHigh(index);
    long low = socket.addressLow(index);
    int port = socket.port(index);
    long localHigh = socket.localHigh(index);
    long localLow = socket.localLow(index);
    Client known = clients[find(high, low, port, localHigh, localLow)];
    server.handle(
        datagram,
        0,
        length,
        known != null ? known : stranger(high, low, port, localHigh, localLow),
        now);
  }

  private Client stranger(long high, long low, int port, long localHigh, long localLow) {
    return new Client(new PeerAddress(high, low, port, localHigh, localLow));
  }

  /** The place of an address, or the empty one where it would stand. */
  @HotPath
  private int find(long high, long low, int port, long localHigh, long localLow) {
    int mask = clients.length - 1;
    int at = PeerAddress.hash(high, low, port) & mask;
    while (true) {
      Client there = clients[at];
      if (there == null || there.address.matches(high, low, port, localHigh, localLow)) {
        return at;
      }
      at = at + 1 & mask;
    }
  }

  private void remember(Client client) {
    if (2 * (size + 1) > clients.length) {
      refill(clients.length * 2, null);
    }
    put(client);
  }

  private void put(Client client) {
    PeerAddress address = client.address;
    int at =
        find(
            address.high(), address.low(), address.port(), address.localHigh(), address.localLow());
    if (clients[at] == null) {
      clients[at] = client;
      size++;
    }
  }

  /** Probe chains may not have holes, so what stays is put into a new table. */
  private void refill(int capacity, @Nullable Client without) {
    @Nullable Client[] old = clients;
    clients = new Client[capacity];
    size = 0;
    for (Client client : old) {
      if (client != null && client != without) {
        put(client);
      }
    }
  }

  /** When the turn thread has ended. */
  @Override
  public void close() throws IOException {
    try {
      socket.close();
    } finally {
      free();
    }
  }

  private final class Client extends TurnClient {
    private final PeerAddress address;

    Client(PeerAddress address) {
      this.address = address;
    }

    @Override
    public PeerAddress address() {
      return address;
    }

    @Override
    public String kind() {
      return "udp";
    }

    @Override
    public boolean isStream() {
      return false;
    }

    @Override
    public void send(byte[] bytes, int offset, int lengthBytes, boolean video) {
      TurnUdpEndpoint.this.send(bytes, offset, lengthBytes, address);
    }

    @Override
    protected void onAllocated() {
      remember(this);
    }

    @Override
    protected void onReleased() {
      refill(clients.length, this);
    }
  }
}
