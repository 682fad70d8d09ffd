package dev.parley.bots.client;

import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.PeerAddress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** A client of a {@link ClientLoopCrowd} and its socket. Loop's thread only. */
final class ClientLoopMember implements DatagramSink {
  private final ClientLoopCrowd crowd;
  private final int fd;
  private final int port;
  private @Nullable LightClient client;
  private final MemorySegment server;
  private int serverPort;
  private boolean closed;

  /** Opens the socket. */
  ClientLoopMember(ClientLoopCrowd crowd, int receiveBufferBytes) throws IOException {
    this.crowd = crowd;
    this.server = crowd.name();
    this.fd = LinuxSockets.open(receiveBufferBytes);
    boolean set = LinuxSockets.option(fd, LinuxSockets.SO_RCVBUF, receiveBufferBytes);
    set &= LinuxSockets.option(fd, LinuxSockets.SO_TIMESTAMPNS, 1);
    try {
      if (!set) {
        throw new IOException("a socket cannot be set up");
      }
      this.port = LinuxSockets.bind(fd);
    } catch (IOException e) {
      LinuxSockets.close(fd);
      throw e;
    }
  }

  int fd() {
    return fd;
  }

  int port() {
    return port;
  }

  /** Null before the client is made. */
  @Nullable LightClient client() {
    return client;
  }

  void client(LightClient of) {
    client = of;
  }

  void close() {
    if (!closed) {
      closed = true;
      LinuxSockets.close(fd);
    }
  }

  @Override
  public void send(byte[] bytes, int offset, int lengthBytes, PeerAddress to) {
    MemorySegment.copy(bytes, offset, crowd.slab(), ValueLayout.JAVA_BYTE, 0, lengthBytes);
    commit(lengthBytes, to);
  }

  @Override
  public int reserve() {
    return 0;
  }

  @Override
  public MemorySegment slab() {
    return crowd.slab();
  }

  /**
   * The socket is left unconnected: it hears others of this machine too, such as the sender that a
   * server is compared with.
   */
  @Override
  public void commit(int lengthBytes, PeerAddress to) {
    if (closed) {
      return;
    }
    if (serverPort != to.port()) {
      serverPort = to.port();
      LinuxSockets.name(server, 0, serverPort);
    }
    // What the system does not take is missing at the server, which counts it.
    var unused = LinuxSockets.send(fd, crowd.slab().address(), lengthBytes, server);
  }
}
