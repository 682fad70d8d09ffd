package dev.parley.bots.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import org.ice4j.socket.IceSocketWrapper;
import org.jspecify.annotations.Nullable;

/**
 * One local candidate: a UDP socket, or a TCP connection to one of the server's candidates. The
 * loop reads it and keeps what is media; STUN goes to ice4j, whose threads wait in {@link
 * #receive}. Loop's thread only, but for the methods of {@link IceSocketWrapper}.
 */
final class ClientLoopCandidate extends IceSocketWrapper implements ClientLoopPort {
  /** RFC 7983: the first byte of a STUN packet is at most this. */
  private static final int LAST_OF_STUN = 3;

  private static final int MOST_WAITING = 64;
  private static final Stun END = new Stun(new byte[0], new InetSocketAddress(0));

  private static final class Stun {
    private final byte[] bytes;
    private final InetSocketAddress from;

    Stun(byte[] bytes, InetSocketAddress from) {
      this.bytes = bytes;
      this.from = from;
    }
  }

  private final ClientLoop loop;
  private final ClientLoopAgent owner;
  private final @Nullable DatagramChannel channel;
  private @Nullable ClientLoopStream stream;
  private final InetSocketAddress local;
  private final @Nullable InetSocketAddress connectedTo;
  private final LinkedBlockingQueue<Stun> arrived = new LinkedBlockingQueue<>(MOST_WAITING);
  private volatile boolean closed;

  /**
   * Opens a UDP socket.
   *
   * @param bind an address of this machine
   * @throws UncheckedIOException when it cannot be opened
   */
  ClientLoopCandidate(ClientLoop loop, ClientLoopAgent owner, InetAddress bind) {
    this.loop = loop;
    this.owner = owner;
    DatagramChannel opened = loop.open(new InetSocketAddress(bind, 0));
    this.channel = opened;
    this.connectedTo = null;
    try {
      opened.register(loop.selector(), SelectionKey.OP_READ, this);
      this.local = (InetSocketAddress) opened.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException("the socket cannot be registered", e);
    }
  }

  /**
   * Begins to connect.
   *
   * @throws UncheckedIOException when there is no way to the server
   */
  ClientLoopCandidate(ClientLoop loop, ClientLoopAgent owner, InetSocketAddress server) {
    this.loop = loop;
    this.owner = owner;
    this.channel = null;
    this.connectedTo = server;
    ClientLoopStream opened =
        new ClientLoopStream(
            new ClientLoopStream.Target(
                ownAddress(loop, server), server, false, loop.settings().receiveBufferBytes()),
            new StreamFraming.Lengths(),
            loop.selector(),
            this);
    this.stream = opened;
    this.local = opened.localAddress();
  }

  /**
   * Where connections to the server leave from. A socket that is bound to all addresses does not
   * know before it is connected, and ice4j pairs addresses of one family only.
   */
  private static InetSocketAddress ownAddress(ClientLoop loop, InetSocketAddress server) {
    InetSocketAddress bind = loop.settings().bind();
    return bind.getAddress().isAnyLocalAddress()
        ? ClientLoop.routeTo(server).map(own -> new InetSocketAddress(own, 0)).orElse(bind)
        : bind;
  }

  /** Tells ice4j that a candidate is UDP, and how long packets are. One for all; never bound. */
  private static final class UdpMark extends DatagramSocket {
    private static final int PACKET_BYTES = 1500;
    private static final UdpMark INSTANCE = make();

    private UdpMark() throws SocketException {
      super((SocketAddress) null);
    }

    private static UdpMark make() {
      try {
        return new UdpMark();
      } catch (SocketException e) {
        throw new UncheckedIOException("no UDP socket can be made", e);
      }
    }

    @Override
    public int getReceiveBufferSize() {
      return PACKET_BYTES;
    }
  }

  /** Null for UDP, which sends to anybody. */
  @Nullable InetSocketAddress connectedTo() {
    return connectedTo;
  }

  InetSocketAddress local() {
    return local;
  }

  @Override
  public void ready(long nowNanos) {
    DatagramChannel socket = channel;
    ClientLoopStream connection = stream;
    InetSocketAddress server = connectedTo;
    if (socket != null) {
      loop.receive(socket, this, nowNanos);
    } else if (connection != null && server != null) {
      if (!connection.ready(
          loop.datagram(), (bytes, length) -> onDatagram(bytes, length, server, nowNanos))) {
        stream = null;
        owner.connectionLost(this, nowNanos);
      }
    }
  }

  @Override
  public void onDatagram(byte[] bytes, int lengthBytes, InetSocketAddress from, long nowNanos) {
    if (lengthBytes > 0 && (bytes[0] & 0xff) <= LAST_OF_STUN) {
      // Full: ice4j does not keep up, and the sender will repeat it.
      var unused = arrived.offer(new Stun(Arrays.copyOf(bytes, lengthBytes), from));
    } else {
      owner.onMedia(bytes, lengthBytes, from, nowNanos);
    }
  }

  /** False when the system does not take it. */
  boolean transmit(ByteBuffer packet, InetSocketAddress to) {
    DatagramChannel socket = channel;
    ClientLoopStream connection = stream;
    try {
      return socket != null
          ? socket.isOpen() && socket.send(packet, to) > 0
          : connection != null && connection.send(packet);
    } catch (IOException e) {
      return false;
    }
  }

  void stopReading() {
    ClientLoopStream connection = stream;
    if (connection != null) {
      connection.stopReading();
    }
  }

  /** Closes the socket at once. */
  void release() {
    close();
    ClientLoopStream connection = stream;
    if (connection != null) {
      connection.close();
      stream = null;
    }
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a socket cannot be closed", e);
    }
  }

  @Override
  public void send(DatagramPacket packet) {
    byte[] bytes =
        Arrays.copyOfRange(
            packet.getData(), packet.getOffset(), packet.getOffset() + packet.getLength());
    InetSocketAddress to = new InetSocketAddress(packet.getAddress(), packet.getPort());
    loop.execute(() -> {
      if (!closed && !transmit(ByteBuffer.wrap(bytes), to)) {
        loop.notSent();
      }
    });
  }

  @Override
  public void receive(DatagramPacket packet) throws SocketException {
    try {
      Stun next = closed ? END : arrived.take();
      if (next == END) {
        throw new SocketException("the candidate is closed");
      }
      int length = Math.min(next.bytes.length, packet.getData().length);
      System.arraycopy(next.bytes, 0, packet.getData(), 0, length);
      packet.setLength(length);
      packet.setSocketAddress(next.from);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SocketException("interrupted", e);
    }
  }

  /** Wakes who waits; the socket itself is closed by {@link #release}. */
  @Override
  public void close() {
    closed = true;
    arrived.clear();
    var unused = arrived.offer(END);
  }

  @Override
  public InetAddress getLocalAddress() {
    return local.getAddress();
  }

  @Override
  public int getLocalPort() {
    return local.getPort();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return local;
  }

  /** None that ice4j might read from. */
  @Override
  public @Nullable Socket getTCPSocket() {
    return null;
  }

  @Override
  public @Nullable DatagramSocket getUDPSocket() {
    return channel == null ? null : UdpMark.INSTANCE;
  }
}
