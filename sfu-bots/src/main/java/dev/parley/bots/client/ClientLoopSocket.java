package dev.parley.bots.client;

import dev.parley.bots.network.Link;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.sdp.Candidate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A client's socket; sends at once, through the loop's one buffer. Loop's thread only. */
final class ClientLoopSocket implements ClientLoopEnd, ClientLoopPort {
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

  @Override
  public @Nullable LightClient client() {
    return client;
  }

  @Override
  public void client(LightClient of) {
    client = of;
  }

  @Override
  public ClientIce.Source ice() {
    return new LightIce.Source(
        this,
        way instanceof ClientWay.Tcp ? Candidate.Transport.TCP : Candidate.Transport.UDP,
        settings.bind().getAddress().isLoopbackAddress(),
        ClientLoop::hasRoute);
  }

  @Override
  public void ready(long nowNanos) {
    LightClient of = client;
    ClientLoopStream connection = stream;
    DatagramChannel socket = channel;
    if (of == null) {
      return;
    }
    if (connection != null) {
      if (!connection.ready(
          loop.datagram(), (bytes, length) -> of.handleDatagram(bytes, 0, length, nowNanos))) {
        connectionLost(of, nowNanos);
      }
      connection.refusal().ifPresent(refusal -> of.onFailed("relay: " + refusal));
    } else if (socket != null) {
      loop.receive(socket, this, nowNanos);
    }
    loop.wakeAt(of.nextTimeoutNanos());
  }

  /** A client sends to its server only, so whom it sent to last is the server. */
  @Override
  public void onDatagram(byte[] bytes, int lengthBytes, InetSocketAddress from, long nowNanos) {
    LightClient of = client;
    Link back = down;
    if (of == null || !from.equals(serverInet)) {
      loop.foreign();
    } else if (back == null) {
      of.handleDatagram(bytes, 0, lengthBytes, nowNanos);
    } else {
      back.send(bytes, 0, lengthBytes, nowNanos);
      loop.wakeAt(back.nextTimeoutNanos());
    }
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

  /** Refreshes what is behind a connection, and delivers what is due on the links. */
  @Override
  public long handleTimeout(long nowNanos) {
    ClientLoopStream connection = stream;
    if (connection != null) {
      connection.handleTimeout(nowNanos);
    }
    Link there = up;
    Link back = down;
    if (there == null || back == null) {
      return Long.MAX_VALUE;
    }
    there.handleTimeout(nowNanos);
    back.handleTimeout(nowNanos);
    return Math.min(there.nextTimeoutNanos(), back.nextTimeoutNanos());
  }

  /** By TCP, the first check opens the connection. */
  @Override
  public void plug() {
    plugged = true;
    if (way instanceof ClientWay.Udp) {
      DatagramChannel opened = loop.open(settings.bind());
      channel = opened;
      try {
        opened.register(loop.selector(), SelectionKey.OP_READ, this);
      } catch (IOException e) {
        throw new UncheckedIOException("the socket cannot be registered", e);
      }
    }
  }

  @Override
  public void take(ClientWay.Relay relay) {
    boolean was = plugged;
    unplug();
    way = relay;
    if (was) {
      plug();
    }
  }

  @Override
  public void unplug() {
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

  @Override
  public void stopReading() {
    ClientLoopStream connection = stream;
    if (connection != null) {
      connection.stopReading();
    }
  }

  /** As a browser does, the client goes on by a new connection. */
  private void connectionLost(LightClient of, long nowNanos) {
    stream = null;
    of.addressChanged(nowNanos);
  }

  @Override
  public long mediaDropped() {
    Link there = up;
    return mediaCutOff + (there == null ? 0 : there.mediaDropped());
  }

  @Override
  public int localPort() {
    ClientLoopStream connection = stream;
    DatagramChannel socket = channel;
    return connection != null
        ? connection.localPort()
        : socket != null ? socket.socket().getLocalPort() : 0;
  }

  @Override
  public ClientLoop loop() {
    return loop;
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
    } catch (IOException | UncheckedIOException e) {
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
