package dev.parley.core.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sockets and the endpoint over the real loopback. */
class SocketTest {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final long PATIENCE_NANOS = 5_000_000_000L;
  private static final int SOL_SOCKET = 1;
  private static final int SO_NO_CHECK = 11;
  private static final int IPPROTO_IP = 0;
  private static final int IP_PKTINFO = 8;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_RECVPKTINFO = 49;

  private final Counters counters = new Counters();

  private static void await(String what, BooleanSupplier done) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "waited in vain: " + what);
      Thread.onSpinWait();
    }
  }

  private static InetSocketAddress loopback(String host) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(address, 0))) {
      assumeTrue(probe.isBound());
    } catch (IOException e) {
      assumeTrue(false, "no " + host + " here: " + e.getMessage());
    }
    return new InetSocketAddress(address, 0);
  }

  private static BatchSocket open(String kind, InetSocketAddress bind) throws IOException {
    if (kind.equals("epoll")) {
      assumeTrue(Epoll.isAvailable(), "no epoll here");
      return new EpollSocket(bind, BUFFER_BYTES, BUFFER_BYTES);
    }
    return new NioSocket(bind, BUFFER_BYTES, BUFFER_BYTES);
  }

  private static void add(SendBatch batch, PeerAddress to, byte... bytes) {
    MemorySegment.copy(bytes, 0, batch.slab(), JAVA_BYTE, batch.nextOffset(), bytes.length);
    batch.add(bytes.length, to);
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({"epoll, 127.0.0.1", "nio, 127.0.0.1", "epoll, ::1", "nio, ::1"})
  void shouldSendAndReceiveWithAddresses(String kind, String host) throws IOException {
    InetSocketAddress any = loopback(host);
    try (Arena arena = Arena.ofConfined();
        DatagramSocket other = new DatagramSocket(any)) {
      BatchSocket socket = open(kind, any);
      try {
        PeerAddress to = PeerAddress.of((InetSocketAddress) other.getLocalSocketAddress());
        SendBatch batch = new SendBatch(arena, SendBatch.CAPACITY);
        add(batch, to, (byte) 1, (byte) 2, (byte) 3);
        socket.newSender(SendBatch.CAPACITY).send(batch, counters);
        DatagramPacket got = new DatagramPacket(new byte[2000], 2000);
        other.setSoTimeout(5_000);
        other.receive(got);
        assertArrayEquals(new byte[] {1, 2, 3}, Arrays.copyOf(got.getData(), got.getLength()));
        assertEquals(socket.localAddress().getPort(), got.getPort());
        assertEquals(0, socket.receive());
        other.send(new DatagramPacket(filled(1500, 7), 1500, socket.localAddress()));
        await("a datagram", () -> socket.receive() == 1);
        assertEquals(1500, socket.lengthBytes(0));
        assertEquals(
            to, new PeerAddress(socket.addressHigh(0), socket.addressLow(0), socket.port(0)));
        byte[] into = new byte[2048];
        socket.copy(0, into);
        assertArrayEquals(filled(1500, 7), Arrays.copyOf(into, 1500));
      } finally {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1100", "12, 1100", "12, 0"})
  void shouldAnswerFromTheAddressThatWasAsked(int count, int lengthBytes) throws IOException {
    loopback("127.0.0.2");
    BatchSocket socket = open("epoll", new InetSocketAddress("0.0.0.0", 0));
    try (Arena arena = Arena.ofConfined();
        DatagramSocket other = new DatagramSocket(loopback("127.0.0.1"))) {
      int port = socket.localAddress().getPort();
      InetSocketAddress asked = new InetSocketAddress("127.0.0.2", port);
      other.send(new DatagramPacket(filled(20, 1), 20, asked));
      await("a datagram", () -> socket.receive() == 1);
      PeerAddress local = new PeerAddress(socket.localHigh(0), socket.localLow(0), port);
      assertEquals(PeerAddress.of(asked), local);
      PeerAddress back =
          new PeerAddress(
              socket.addressHigh(0),
              socket.addressLow(0),
              socket.port(0),
              local.high(),
              local.low());
      PeerAddress anyhow =
          new PeerAddress(socket.addressHigh(0), socket.addressLow(0), socket.port(0));
      SendBatch batch = new SendBatch(arena, SendBatch.CAPACITY);
      for (int i = 0; i < count; i++) {
        // Without a common length each leaves by itself.
        add(batch, back, filled(lengthBytes > 0 ? lengthBytes : 100 + i, i));
        add(batch, anyhow, filled(50, i));
      }
      socket.newSender(SendBatch.CAPACITY).send(batch, counters);
      other.setSoTimeout(5_000);
      int[] seen = {0, 0};
      for (int i = 0; i < 2 * count; i++) {
        DatagramPacket got = new DatagramPacket(new byte[2000], 2000);
        other.receive(got);
        boolean isBack = got.getLength() > 50;
        assertEquals(isBack ? "127.0.0.2" : "127.0.0.1", got.getAddress().getHostAddress());
        assertEquals(seen[isBack ? 0 : 1]++, got.getData()[0], "in order");
      }
      assertEquals(0, counters.total(DropReason.SEND_ERROR));
      assertEquals(1, counters.total(Counter.SEND_CALLS));
    } finally {
      socket.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0, ::1", "::, ::1", "::, 127.0.0.1"})
  void shouldTellTheAddressThatADatagramCameTo(String bind, String host) throws IOException {
    InetSocketAddress any = loopback(host);
    assumeTrue(!bind.equals("::") || loopback("::1").getPort() == 0, "no IPv6 here");
    BatchSocket socket = open("epoll", new InetSocketAddress(bind, 0));
    try (DatagramSocket other = new DatagramSocket(any)) {
      int port = socket.localAddress().getPort();
      InetSocketAddress asked = new InetSocketAddress(any.getAddress(), port);
      other.send(new DatagramPacket(filled(20, 1), 20, asked));
      await("a datagram", () -> socket.receive() == 1);
      PeerAddress local = new PeerAddress(socket.localHigh(0), socket.localLow(0), port);
      assertEquals(PeerAddress.of(asked), local);
    } finally {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void shouldNotTellWhereOnlyOneAddressIsBound(String kind) throws IOException {
    BatchSocket socket = open(kind, loopback("127.0.0.1"));
    try (DatagramSocket other = new DatagramSocket(loopback("127.0.0.1"))) {
      other.send(new DatagramPacket(filled(20, 1), 20, socket.localAddress()));
      await("a datagram", () -> socket.receive() == 1);
      assertEquals(0, socket.localHigh(0));
      assertEquals(0, socket.localLow(0));
    } finally {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void shouldTellOversizeDatagrams(String kind) throws IOException {
    InetSocketAddress any = loopback("127.0.0.1");
    BatchSocket socket = open(kind, any);
    try (DatagramSocket other = new DatagramSocket(any)) {
      other.send(new DatagramPacket(filled(5_000, 1), 5_000, socket.localAddress()));
      await("a datagram", () -> socket.receive() == 1);
      assertEquals(-1, socket.lengthBytes(0));
      other.send(new DatagramPacket(filled(10, 1), 10, socket.localAddress()));
      await("a datagram", () -> socket.receive() == 1);
      assertEquals(10, socket.lengthBytes(0), "the next is whole again");
    } finally {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void shouldSendEveryDatagramOfBatchInOrder(String kind) throws IOException {
    InetSocketAddress any = loopback("127.0.0.1");
    try (Arena arena = Arena.ofConfined()) {
      BatchSocket from = open(kind, any);
      BatchSocket to = open("nio", any);
      try {
        SendBatch batch = new SendBatch(arena, SendBatch.CAPACITY);
        PeerAddress address = PeerAddress.of(to.localAddress());
        for (int i = 0; i < 50; i++) {
          add(batch, address, filled(i % 5 == 4 ? 700 : 1100, i));
        }
        from.newSender(SendBatch.CAPACITY).send(batch, counters);
        int[] seen = {0};
        byte[] into = new byte[2048];
        await(
            "fifty datagrams",
            () -> {
              int count = to.receive();
              for (int d = 0; d < count; d++) {
                to.copy(d, into);
                assertEquals(seen[0] % 5 == 4 ? 700 : 1100, to.lengthBytes(d));
                assertEquals(seen[0]++, into[0]);
              }
              return seen[0] == 50;
            });
        if (kind.equals("epoll")) {
          assertEquals(10, counters.total(Counter.GSO_SENDS));
          assertEquals(1, counters.total(Counter.SEND_CALLS));
        }
      } finally {
        from.close();
        to.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void shouldCountWhatTheSystemRefusesAndSendTheRest(String kind) throws IOException {
    InetSocketAddress any = loopback("127.0.0.1");
    try (Arena arena = Arena.ofConfined()) {
      BatchSocket from = open(kind, any);
      BatchSocket to = open("nio", any);
      try {
        SendBatch batch = new SendBatch(arena, SendBatch.CAPACITY);
        PeerAddress nowhere = PeerAddress.of(new InetSocketAddress("192.0.2.1", 9));
        PeerAddress address = PeerAddress.of(to.localAddress());
        add(batch, nowhere, filled(100, 1));
        add(batch, nowhere, filled(100, 1));
        add(batch, address, filled(100, 2));
        add(batch, address, filled(100, 3));
        BatchSender sender = from.newSender(SendBatch.CAPACITY);
        sender.send(batch, counters);
        int[] seen = {0};
        await("both others", () -> (seen[0] += to.receive()) == 2);
        assertEquals(2, counters.total(DropReason.SEND_ERROR));
        long segmented = counters.total(Counter.GSO_SENDS);
        sender.send(batch, counters);
        assertEquals(
            2 * segmented,
            counters.total(Counter.GSO_SENDS),
            "an unreachable peer does not end segmentation for the others");
      } finally {
        from.close();
        to.close();
      }
    }
  }

  /** Two datagrams of one length each to {@code to}, as one message. */
  private static void addPair(SendBatch batch, PeerAddress to) {
    add(batch, to, filled(100, 1));
    add(batch, to, filled(100, 2));
  }

  private static void awaitPairs(int pairs, DatagramSocket... at) throws IOException {
    for (DatagramSocket socket : at) {
      socket.setSoTimeout(5_000);
      for (int i = 0; i < 2 * pairs; i++) {
        DatagramPacket got = new DatagramPacket(new byte[2000], 2000);
        socket.receive(got);
        assertEquals(1 + i % 2, got.getData()[0]);
      }
    }
  }

  private static PeerAddress from(DatagramSocket socket, String local) {
    PeerAddress to = PeerAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
    PeerAddress ours = PeerAddress.of(new InetSocketAddress(InetAddress.ofLiteral(local), 0));
    return new PeerAddress(to.high(), to.low(), to.port(), ours.high(), ours.low());
  }

  @Test
  void shouldSendSegmentsToOthersWhenTheAddressOfOneHasVanished() throws IOException {
    BatchSocket socket = open("epoll", new InetSocketAddress("0.0.0.0", 0));
    try (Arena arena = Arena.ofConfined();
        DatagramSocket one = new DatagramSocket(loopback("127.0.0.1"));
        DatagramSocket other = new DatagramSocket(loopback("127.0.0.1"))) {
      SendBatch batch = new SendBatch(arena, SendBatch.CAPACITY);
      addPair(batch, from(one, "127.0.0.1"));
      addPair(batch, from(one, "192.0.2.99"));
      addPair(batch, from(other, "127.0.0.1"));
      BatchSender sender = socket.newSender(SendBatch.CAPACITY);
      for (int times = 1; times <= 2; times++) {
        sender.send(batch, counters);
        assertEquals(2L * times, counters.total(DropReason.SEND_ERROR));
        assertEquals(2L * times, counters.total(Counter.GSO_SENDS));
      }
      awaitPairs(2, one, other);
    } finally {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldSendOneByOneWhatIsRefusedInSegments(boolean namesLocal) throws IOException {
    BatchSocket socket = open("epoll", new InetSocketAddress("0.0.0.0", 0));
    try (Arena arena = Arena.ofConfined();
        DatagramSocket other = new DatagramSocket(loopback("127.0.0.1"))) {
      // Without checksums there are no segments: EINVAL, as where they are too long for a path.
      Socket withoutChecksums = (Socket) ((EpollSocket) socket).fd();
      withoutChecksums.setIntOpt(SOL_SOCKET, SO_NO_CHECK, 1);
      PeerAddress to = from(other, "127.0.0.1");
      SendBatch batch = new SendBatch(arena, SendBatch.CAPACITY);
      addPair(batch, namesLocal ? to : new PeerAddress(to.high(), to.low(), to.port()));
      BatchSender sender = socket.newSender(SendBatch.CAPACITY);
      sender.send(batch, counters);
      assertEquals(0, counters.total(DropReason.SEND_ERROR));
      assertEquals(0, counters.total(Counter.GSO_SENDS));
      withoutChecksums.setIntOpt(SOL_SOCKET, SO_NO_CHECK, 0);
      sender.send(batch, counters);
      assertEquals(1, counters.total(Counter.GSO_SENDS), "refused once is not refused for ever");
      awaitPairs(2, other);
    } finally {
      socket.close();
    }
  }

  @Test
  void shouldNotTellTheLocalAddressOfAnEarlierDatagram() throws IOException {
    BatchSocket socket = open("epoll", new InetSocketAddress("0.0.0.0", 0));
    try (DatagramSocket other = new DatagramSocket(loopback("127.0.0.1"))) {
      InetSocketAddress to =
          new InetSocketAddress(
              InetAddress.ofLiteral("127.0.0.1"), socket.localAddress().getPort());
      other.send(new DatagramPacket(filled(20, 1), 20, to));
      await("a datagram", () -> socket.receive() == 1);
      assertTrue(socket.localLow(0) != 0);
      Socket silent = (Socket) ((EpollSocket) socket).fd();
      boolean ipv6 = Socket.isIPv6Preferred();
      silent.setIntOpt(ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_RECVPKTINFO : IP_PKTINFO, 0);
      other.send(new DatagramPacket(filled(20, 1), 20, to));
      await("another", () -> socket.receive() == 1);
      assertEquals(0, socket.localHigh(0));
      assertEquals(0, socket.localLow(0));
    } finally {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldRunWithEventLoop(boolean epoll) throws Exception {
    assumeTrue(!epoll || Epoll.isAvailable(), "no epoll here");
    InetSocketAddress any = loopback("127.0.0.1");
    IoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    int[] batches = {0};
    UdpEndpoint endpoint =
        new UdpEndpoint(
            new UdpPort.Settings(any, epoll, BUFFER_BYTES, BUFFER_BYTES),
            group.next(),
            new Demux(counters),
            counters,
            now -> batches[0]++);
    try (DatagramSocket other = new DatagramSocket(any)) {
      other.send(new DatagramPacket(filled(3_000, 0x80), 3_000, endpoint.localAddress()));
      other.send(new DatagramPacket(filled(100, 0x80), 100, endpoint.localAddress()));
      await("both", () -> counters.total(Counter.DATAGRAMS_RECEIVED) == 2);
      await("a drop each", () -> counters.total(DropReason.UNKNOWN_ADDRESS) == 1);
      assertEquals(1, counters.total(DropReason.TOO_LARGE));
      assertEquals(100, counters.total(Counter.BYTES_RECEIVED));
      PeerAddress to = PeerAddress.of((InetSocketAddress) other.getLocalSocketAddress());
      group
          .next()
          .submit(() -> {
            for (int i = 0; i < 4; i++) {
              endpoint.send(filled(200, i), 0, 200, to);
            }
            endpoint.send(new byte[1600], 0, 1600, to);
            endpoint.flush();
          })
          .get(5, TimeUnit.SECONDS);
      other.setSoTimeout(5_000);
      for (int i = 0; i < 4; i++) {
        DatagramPacket got = new DatagramPacket(new byte[2000], 2000);
        other.receive(got);
        assertEquals(200, got.getLength());
        assertEquals(i, got.getData()[0]);
      }
      assertEquals(4, counters.total(Counter.DATAGRAMS_SENT));
      assertEquals(800, counters.total(Counter.BYTES_SENT));
      assertEquals(2, counters.total(DropReason.TOO_LARGE));
      assertEquals(epoll ? 1 : 0, counters.total(Counter.GSO_SENDS));
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
      endpoint.close();
    }
    assertTrue(batches[0] >= 1);
  }
}
