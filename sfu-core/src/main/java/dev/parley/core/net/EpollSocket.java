package dev.parley.core.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.parley.core.common.HotPath;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Linux: Netty's socket and epoll loop, and {@code recvmmsg}. */
final class EpollSocket implements BatchSocket, EpollIoHandle {
  private static final int RECEIVE_STRIDE_BYTES = 2048;

  /** What is asked for, for its own notes; it tells the double, too (socket(7)). */
  private static final int LINUX_DOUBLES = 2;

  private static final int IPPROTO_IP = 0;
  private static final int IP_PKTINFO = 8;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_RECVPKTINFO = 49;

  private static final int SOL_SOCKET = 1;

  /** Nine numbers of 32 bits, the last of which are the datagrams dropped (since Linux 4.12). */
  private static final int SO_MEMINFO = 55;

  private static final int MEMINFO_BYTES = 36;
  private static final int MEMINFO_DROPS = 32;

  private final Arena arena = Arena.ofShared();
  private final Socket socket;
  private final InetSocketAddress localAddress;
  private final int fd;
  private final MemorySegment callState;
  private final MemorySegment received;
  private final LinuxMessages receiving;
  private final MemorySegment memory;
  private final MemorySegment memoryBytes;
  private final boolean ipv6;
  private @Nullable Listener listener;

  /** Of the last receive. */
  private int used;

  EpollSocket(InetSocketAddress bind, int receiveBufferBytes, int sendBufferBytes)
      throws IOException {
    this.socket = Socket.newSocketDgram();
    this.ipv6 = Socket.isIPv6Preferred();
    boolean anyAddress = bind.getAddress().isAnyLocalAddress();
    try {
      if (anyAddress) {
        // IPV6_PKTINFO tells of IPv4 as well, as mapped addresses.
        socket.setIntOpt(ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_RECVPKTINFO : IP_PKTINFO, 1);
      }
      socket.setReceiveBufferSize(receiveBufferBytes);
      socket.setSendBufferSize(sendBufferBytes);
      socket.bind(bind);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    this.localAddress = socket.localAddress();
    this.fd = socket.intValue();
    this.callState = arena.allocate(LinuxSyscalls.callStateLayout());
    this.received = arena.allocate((long) RECEIVE_BATCH * RECEIVE_STRIDE_BYTES, 64);
    this.memory = arena.allocate(MEMINFO_BYTES, Integer.BYTES);
    this.memoryBytes = arena.allocate(JAVA_INT);
    this.receiving = new LinuxMessages(arena, RECEIVE_BATCH, RECEIVE_BATCH, ipv6);
    receiving.tellLocal(anyAddress);
    for (int i = 0; i < RECEIVE_BATCH; i++) {
      receiving.vector(
          i, received.address() + (long) i * RECEIVE_STRIDE_BYTES, RECEIVE_STRIDE_BYTES);
      receiving.vectors(i, i, 1);
      receiving.prepareReceive(i);
    }
  }

  @Override
  public void listener(Listener newListener) {
    listener = newListener;
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public InetSocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public int receiveBufferBytes() throws IOException {
    return socket.getReceiveBufferSize() / LINUX_DOUBLES;
  }

  @Override
  public int sendBufferBytes() throws IOException {
    return socket.getSendBufferSize() / LINUX_DOUBLES;
  }

  @Override
  public long overflows() {
    memoryBytes.set(JAVA_INT, 0, MEMINFO_BYTES);
    int result =
        LinuxSyscalls.option(
            callState, fd, SOL_SOCKET, SO_MEMINFO, memory.address(), memoryBytes.address());
    boolean told = result == 0 && memoryBytes.get(JAVA_INT, 0) == MEMINFO_BYTES;
    return told ? Integer.toUnsignedLong(memory.get(JAVA_INT, MEMINFO_DROPS)) : 0;
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    Listener reader = listener;
    if (reader != null) {
      reader.onReadable();
    }
  }

  @Override
  public BatchSender newSender(int capacity) {
    return new EpollSender(fd, ipv6, capacity);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    // The event loop closes its handles when it ends, and the endpoint closes its socket.
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  @Override
  @HotPath
  public int receive() {
    for (int i = 0; i < used; i++) {
      receiving.prepareReceive(i);
    }
    used = Math.max(0, LinuxSyscalls.receive(callState, fd, receiving.address(0), RECEIVE_BATCH));
    return used;
  }

  @Override
  @HotPath
  public int lengthBytes(int datagram) {
    return receiving.receivedBytes(datagram);
  }

  @Override
  @HotPath
  public void copy(int datagram, byte[] into) {
    MemorySegment.copy(
        received,
        JAVA_BYTE,
        (long) datagram * RECEIVE_STRIDE_BYTES,
        into,
        0,
        receiving.receivedBytes(datagram));
  }

  @Override
  @HotPath
  public long addressHigh(int datagram) {
    return receiving.addressHigh(datagram);
  }

  @Override
  @HotPath
  public long addressLow(int datagram) {
    return receiving.addressLow(datagram);
  }

  @Override
  @HotPath
  public int port(int datagram) {
    return receiving.port(datagram);
  }

  @Override
  @HotPath
  public long localHigh(int datagram) {
    return receiving.localHigh(datagram);
  }

  @Override
  @HotPath
  public long localLow(int datagram) {
    return receiving.localLow(datagram);
  }
}
