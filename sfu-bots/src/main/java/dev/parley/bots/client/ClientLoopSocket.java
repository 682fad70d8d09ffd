package dev.parley.bots.client;

import dev.parley.bots.network.Link;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.PeerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A client's socket; sends at once, through the loop's one buffer. Loop's thread only. */
final class ClientLoopSocket implements DatagramSink {
  /** RFC 7983: the first byte of a STUN packet is at most this. */
  private static final int LAST_OF_STUN = 3;

  private final ClientLoop loop;
  private final ClientLoop.Settings settings;
  private @Nullable DatagramChannel channel;
  private @Nullable ClientLoopStream stream;
  private @Nullable LightClient client;
  private @Nullable PeerAddress server;
  private @Nullable InetSocketAddress serverInet;
  private ClientWay way;
  private final @Nullable Link up;
  private final @Nullable Link down;
  private boolean plugged;
  private long mediaCutOff;

  ClientLoopSocket(ClientLoop loop, ClientPath path) {
    this.loop = loop;
    settings = loop.settings();
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

  /** Null before the client is made. */
  @Nullable LightClient client() {
    return client;
  }

  void client(LightClient of) {
    client = of;
  }

  /** Null without a TCP connection. */
  @Nullable ClientLoopStream stream() {
    return stream;
  }

  /** Null without a UDP socket. */
  @Nullable DatagramChannel channel() {
    return channel;
  }

  private void sendNow(byte[] bytes, int lengthBytes, long nowNanos) {
    PeerAddress to = server;
    if (to != null) {
      loop.outgoing().put(0, bytes, 0, lengthBytes);
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
      loop.wakeAt(back.nextTimeoutNanos());
    }
  }

  /** By TCP, the first check opens the connection. */
  void plug() {
    plugged = true;
    if (way instanceof ClientWay.Udp) {
      DatagramChannel opened = loop.open();
      channel = opened;
      try {
        opened.register(loop.selector(), SelectionKey.OP_READ, this);
      } catch (IOException e) {
        throw new UncheckedIOException("the socket cannot be registered", e);
      }
    }
  }

  /** Goes through a relay from now on, in place of what it was opened for. */
  void take(ClientWay.Relay relay) {
    boolean was = plugged;
    unplug();
    way = relay;
    if (was) {
      plug();
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

  /** Ends the client with it. */
  void end() {
    LightClient open = client;
    if (open != null) {
      open.close();
    }
    loop.close(this);
  }

  @Override
  public void send(byte[] bytes, int offset, int lengthBytes, PeerAddress to) {
    loop.outgoing().put(0, bytes, offset, lengthBytes);
    commit(lengthBytes, to);
  }

  @Override
  public int reserve() {
    return 0;
  }

  @Override
  public MemorySegment slab() {
    return loop.slab();
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
    loop.outgoing().get(0, copy, 0, lengthBytes);
    if (there == null || !plugged) {
      mediaCutOff += Link.isMedia(copy, 0, lengthBytes) ? 1 : 0;
      return;
    }
    there.send(copy, 0, lengthBytes, System.nanoTime());
    loop.wakeAt(there.nextTimeoutNanos());
  }

  private void write(int lengthBytes, PeerAddress to) {
    try {
      loop.outgoing().limit(lengthBytes).position(0);
      if (!(way instanceof ClientWay.Udp ? sent(to) : stream(to))) {
        loop.notSent();
      }
    } catch (IOException e) {
      loop.notSent();
    } finally {
      loop.outgoing().clear();
    }
  }

  private boolean sent(PeerAddress to) throws IOException {
    DatagramChannel open = channel;
    return open != null && open.send(loop.outgoing(), to.toInet()) > 0;
  }

  private boolean stream(PeerAddress to) throws IOException {
    ClientLoopStream connection = stream;
    if (connection == null) {
      if ((loop.outgoing().get(0) & 0xff) > LAST_OF_STUN) {
        return false; // The server wants a check first.
      }
      connection = connect(to);
      stream = connection;
    }
    return connection.send(loop.outgoing());
  }

  private ClientLoopStream connect(PeerAddress to) {
    ClientWay.Relay relay = way instanceof ClientWay.Relay r ? r : null;
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
        loop.selector(),
        this);
  }
}
