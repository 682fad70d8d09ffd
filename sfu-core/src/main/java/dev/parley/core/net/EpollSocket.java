package dev.parley.core.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
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

/** Linux: Netty's socket and epoll loop, {@code recvmmsg}, {@code sendmmsg} and UDP GSO. */
final class EpollSocket implements BatchSocket, EpollIoHandle {
  private static final int RECEIVE_STRIDE_BYTES = 2048;

  private final Arena arena = Arena.ofShared();
  private final Socket socket;
  private final InetSocketAddress localAddress;
  private final int fd;
  private final MemorySegment callState;
  private final MemorySegment received;
  private final LinuxMessages receiving;
  private final LinuxMessages sending;
  private @Nullable Listener listener;

  /** The kernel refuses segmented sends where a device cannot do checksums for it. */
  private boolean segmentation = true;

  EpollSocket(InetSocketAddress bind, int receiveBufferBytes, int sendBufferBytes)
      throws IOException {
    this.socket = Socket.newSocketDgram();
    try {
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
    boolean ipv6 = Socket.isIPv6Preferred();
    this.received = arena.allocate((long) RECEIVE_BATCH * RECEIVE_STRIDE_BYTES, 64);
    this.receiving = new LinuxMessages(arena, RECEIVE_BATCH, RECEIVE_BATCH, ipv6);
    this.sending = new LinuxMessages(arena, SendBatch.CAPACITY, SendBatch.CAPACITY, ipv6);
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
  public void handle(IoRegistration registration, IoEvent event) {
    Listener reader = listener;
    if (reader != null) {
      reader.onReadable();
    }
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
    int count = LinuxSyscalls.receive(callState, fd, receiving.address(0), RECEIVE_BATCH);
    for (int i = 0; i < count; i++) {
      receiving.prepareReceive(i);
    }
    return Math.max(count, 0);
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
  public void send(SendBatch batch, Counters counters) {
    boolean segmented = segmentation;
    int messages = segmented ? prepareSegmented(batch, counters) : prepareSingly(batch, 0);
    int sent = 0;
    while (sent < messages) {
      int now = LinuxSyscalls.send(callState, fd, sending.address(sent), messages - sent);
      counters.increment(Counter.SEND_CALLS);
      if (now > 0) {
        sent += now;
        continue;
      }
      int errno = LinuxSyscalls.errno(callState);
      if (errno == LinuxSyscalls.EINTR) {
        continue;
      }
      if (errno == LinuxSyscalls.EAGAIN) {
        for (int m = sent; m < messages; m++) {
          counters.drop(DropReason.SEND_FULL, segmented ? batch.segments(m) : 1);
        }
        return;
      }
      if (segmented && batch.segments(sent) > 1 && isRefusal(errno)) {
        // EIO: the device cannot; EINVAL: segments too long for this path. Other messages may do.
        segmentation = errno != LinuxSyscalls.EIO;
        segmented = false;
        messages = prepareSingly(batch, sent);
        sent = 0;
        continue;
      }
      counters.drop(DropReason.SEND_ERROR, segmented ? batch.segments(sent) : 1);
      sent++;
    }
  }

  /** Whether the error says that segments, and not the destination, are the trouble. */
  private static boolean isRefusal(int errno) {
    return errno == LinuxSyscalls.EIO || errno == LinuxSyscalls.EINVAL;
  }

  @HotPath
  private int prepareSegmented(SendBatch batch, Counters counters) {
    int messages = batch.messages();
    long slab = batch.slab().address();
    int vector = 0;
    for (int m = 0; m < messages; m++) {
      int firstVector = vector;
      int first = batch.firstDatagram(m);
      for (int d = first; d >= 0; d = batch.after(d)) {
        sending.vector(vector++, slab + SendBatch.offset(d), batch.lengthBytes(d));
      }
      int segments = vector - firstVector;
      sending.vectors(m, firstVector, segments);
      sending.segmentBytes(m, segments > 1 ? batch.lengthBytes(first) : 0);
      sending.destination(m, batch.destination(m));
      if (segments > 1) {
        counters.increment(Counter.GSO_SENDS);
        counters.add(Counter.GSO_DATAGRAMS, segments);
      }
    }
    return messages;
  }

  /** Prepares the datagrams of the messages from {@code fromMessage} on, one message each. */
  private int prepareSingly(SendBatch batch, int fromMessage) {
    long slab = batch.slab().address();
    int prepared = 0;
    for (int m = fromMessage; m < batch.messages(); m++) {
      PeerAddress to = batch.destination(m);
      for (int d = batch.firstDatagram(m); d >= 0; d = batch.after(d)) {
        sending.vector(prepared, slab + SendBatch.offset(d), batch.lengthBytes(d));
        sending.vectors(prepared, prepared, 1);
        sending.segmentBytes(prepared, 0);
        sending.destination(prepared, to);
        prepared++;
      }
    }
    return prepared;
  }
}
