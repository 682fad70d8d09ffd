package dev.parley.core.net;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/** Where there is no epoll: a system call and some garbage for each datagram. */
final class NioSocket implements BatchSocket, NioIoHandle {
  private static final int RECEIVE_STRIDE_BYTES = 2048;

  private final DatagramChannel channel;
  private final InetSocketAddress localAddress;
  private final ByteBuffer[] received = new ByteBuffer[RECEIVE_BATCH];
  private final PeerAddress[] from = new PeerAddress[RECEIVE_BATCH];
  private @Nullable Listener listener;

  NioSocket(InetSocketAddress bind, int receiveBufferBytes, int sendBufferBytes)
      throws IOException {
    this.channel = DatagramChannel.open();
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
      channel.setOption(StandardSocketOptions.SO_SNDBUF, sendBufferBytes);
      channel.bind(bind);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    this.localAddress = (InetSocketAddress) channel.getLocalAddress();
    for (int i = 0; i < RECEIVE_BATCH; i++) {
      received[i] = ByteBuffer.allocateDirect(RECEIVE_STRIDE_BYTES);
    }
  }

  @Override
  public void listener(Listener newListener) {
    listener = newListener;
  }

  @Override
  public SelectableChannel selectableChannel() {
    return channel;
  }

  @Override
  public InetSocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public int receiveBufferBytes() throws IOException {
    return channel.getOption(StandardSocketOptions.SO_RCVBUF);
  }

  @Override
  public int sendBufferBytes() throws IOException {
    return channel.getOption(StandardSocketOptions.SO_SNDBUF);
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
    channel.close();
  }

  @Override
  public int receive() {
    int count = 0;
    try {
      while (count < RECEIVE_BATCH) {
        ByteBuffer buffer = received[count].clear();
        InetSocketAddress address = (InetSocketAddress) channel.receive(buffer);
        if (address == null) {
          break;
        }
        from[count++] = PeerAddress.of(address);
        buffer.flip();
      }
    } catch (IOException e) {
      // An ICMP error of an earlier send, or the socket is closing: there is nothing to read.
      return count;
    }
    return count;
  }

  @Override
  public int lengthBytes(int datagram) {
    int length = received[datagram].limit();
    return length == RECEIVE_STRIDE_BYTES ? -1 : length;
  }

  @Override
  public void copy(int datagram, byte[] into) {
    received[datagram].get(0, into, 0, received[datagram].limit());
  }

  @Override
  public long addressHigh(int datagram) {
    return from[datagram].high();
  }

  @Override
  public long addressLow(int datagram) {
    return from[datagram].low();
  }

  @Override
  public int port(int datagram) {
    return from[datagram].port();
  }

  /** The JDK does not tell. */
  @Override
  public long localHigh(int datagram) {
    return 0;
  }

  @Override
  public long localLow(int datagram) {
    return 0;
  }

  @Override
  public BatchSender newSender(int capacity) {
    return new Sender();
  }

  /** A channel may be written to from any thread. */
  private final class Sender implements BatchSender {
    @Override
    public void free() {
      // The batch has the only memory.
    }

    @Override
    public void send(SendBatch batch, Counters counters) {
      for (int m = 0; m < batch.messages(); m++) {
        InetSocketAddress to = batch.destination(m).toInet();
        for (int d = batch.firstDatagram(m); d >= 0; d = batch.after(d)) {
          ByteBuffer bytes =
              batch.slab().asSlice(SendBatch.offset(d), batch.lengthBytes(d)).asByteBuffer();
          try {
            counters.increment(Counter.SEND_CALLS);
            if (channel.send(bytes, to) == 0) {
              counters.drop(DropReason.SEND_FULL);
            }
          } catch (IOException e) {
            counters.drop(DropReason.SEND_ERROR);
          }
        }
      }
    }
  }
}
