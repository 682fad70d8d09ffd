package dev.parley.core.net;

import dev.parley.core.common.Counters;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.turn.TurnClient;
import dev.parley.core.turn.TurnServer;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The relay's UDP port. Addresses with an allocation are remembered, others are forgotten with
 * their datagram. Turn thread only.
 */
final class TurnUdpEndpoint extends UdpPort {
  private static final int LONGEST_BYTES = 2048;
  private static final int SEND_CAPACITY = 512;
  private static final int FIRST_CAPACITY = 64;

  private final TurnServer server;

  /** Open addressing with linear probing; a power of two, at most half full. */
  private @Nullable Client[] clients = new Client[FIRST_CAPACITY];

  private int size;

  /**
   * Binds the port and begins to read on {@code loop}.
   *
   * @throws IOException when the port cannot be bound
   */
  static TurnUdpEndpoint open(
      Settings settings, IoEventLoop loop, TurnServer server, Counters counters)
      throws IOException {
    TurnUdpEndpoint endpoint = new TurnUdpEndpoint(open(settings), server, counters);
    endpoint.readOn(loop, settings.epoll());
    return endpoint;
  }

  private TurnUdpEndpoint(BatchSocket socket, TurnServer server, Counters counters) {
    super(socket, SEND_CAPACITY, LONGEST_BYTES, counters);
    this.server = server;
  }

  @Override
  @HotPath
  void take(int index, byte[] bytes, int lengthBytes, long nowNanos) {
    BatchSocket from = socket();
    long high = from.addressHigh(index);
    long low = from.addressLow(index);
    int port = from.port(index);
    long localHigh = from.localHigh(index);
    long localLow = from.localLow(index);
    Client known = clients[find(high, low, port, localHigh, localLow)];
    server.handle(
        bytes,
        0,
        lengthBytes,
        known != null ? known : stranger(high, low, port, localHigh, localLow),
        nowNanos);
  }

  @Override
  @HotPath
  long openNanos() {
    return 0;
  }

  @Override
  @HotPath
  void endBatch(long nowNanos) {
    // Answers have been sent already.
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
