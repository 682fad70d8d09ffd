package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.common.PeerPath;
import dev.parley.core.fixtures.Transports;
import dev.parley.core.transport.Transport;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A TCP port over the real loopback; the time of its limits is an argument. */
class TcpEndpointTest {
  private static final int WAIT_SECONDS = 10;

  private final Counters counters = new Counters();
  private final Counters reached = new Counters();
  private final Transport transport = Transports.unconnected(reached);
  private final Demux demux = new Demux(counters);
  private final List<Socket> clients = new ArrayList<>();
  private IoEventLoopGroup group;
  private TcpEndpoint endpoint;
  private PeerAddress first = PeerAddress.ofV4(0, 0);

  @BeforeEach
  void open() throws Exception {
    demux.register(transport);
    open(false, 10, 10);
  }

  private void reopen(boolean epoll, int maxConnections, int maxPerAddress) throws Exception {
    shut();
    open(epoll, maxConnections, maxPerAddress);
  }

  private PeerPath path() {
    return Objects.requireNonNull(first.path());
  }

  private void open(boolean epoll, int maxConnections, int maxPerAddress) throws Exception {
    assumeTrue(!epoll || Epoll.isAvailable(), "no epoll here");
    group =
        new MultiThreadIoEventLoopGroup(
            1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    endpoint =
        new TcpEndpoint(
            new TcpEndpoint.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                epoll,
                maxConnections,
                maxPerAddress),
            group.next(),
            demux,
            counters,
            now -> endpoint.flush(now));
  }

  @AfterEach
  void close() throws Exception {
    for (Socket client : clients) {
      client.close();
    }
    shut();
  }

  private void shut() throws Exception {
    onLoop(() -> {
      endpoint.close();
      return true;
    });
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private <T> T onLoop(Callable<T> task) throws Exception {
    return group.next().submit(task).get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private void await(String what, long expected, LongSupplier value) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (onLoop(value::getAsLong) != expected) {
      assertTrue(System.nanoTime() < end, what + ": " + value.getAsLong());
      Thread.onSpinWait();
    }
  }

  private void awaitDrops(DropReason reason, long expected) throws Exception {
    await(reason.id(), expected, () -> counters.total(reason));
  }

  private Socket connect(String from) throws IOException {
    Socket client = new Socket();
    client.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    client.connect(endpoint.localAddress(), WAIT_SECONDS * 1000);
    client.setSoTimeout(WAIT_SECONDS * 1000);
    client.setTcpNoDelay(true);
    clients.add(client);
    return client;
  }

  private static byte[] framed(byte[] packet) {
    return ByteBuffer.allocate(2 + packet.length)
        .putShort((short) packet.length)
        .put(packet)
        .array();
  }

  /** A check that names a session and is sealed with nothing. */
  private static byte[] check(String ufrag) {
    byte[] name = (ufrag + ":remote").getBytes(StandardCharsets.UTF_8);
    int padded = (name.length + 3) & ~3;
    ByteBuffer b = ByteBuffer.allocate(24 + padded);
    b.putShort((short) 1).putShort((short) (4 + padded)).putInt(0x2112A442).position(20);
    b.putShort((short) 6).putShort((short) name.length).put(name);
    return b.array();
  }

  private byte[] check() {
    return check(transport.localUfrags().getFirst());
  }

  private boolean ended(Socket client) {
    try {
      return client.getInputStream().read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Connects, and takes the connection for one that has proved to belong to the transport. */
  private Socket prove() throws Exception {
    Socket client = connect("127.0.0.1");
    client.getOutputStream().write(framed(check()));
    await("the check", 1, () -> reached.total(DropReason.STUN_MALFORMED));
    first = onLoop(() -> endpoint.addresses().getFirst());
    onLoop(() -> {
      demux.bind(first, transport);
      return true;
    });
    sweep(TcpEndpoint.PROVING_NANOS + 1);
    assertEquals(0, onLoop(endpoint::unproved));
    return client;
  }

  private void sweep(long inNanos) throws Exception {
    onLoop(() -> {
      endpoint.handleTimeout(System.nanoTime() + inNanos);
      return true;
    });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldCarryPacketsBothWays(boolean epoll) throws Exception {
    reopen(epoll, 10, 10);
    Socket client = prove();
    byte[] media = new byte[700];
    media[0] = (byte) 0x80;
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (int i = 0; i < 50; i++) {
      stream.writeBytes(framed(media));
    }
    byte[] all = stream.toByteArray();
    client.getOutputStream().write(all, 0, 1001);
    client.getOutputStream().write(all, 1001, all.length - 1001);
    await("media", 50, () -> reached.total(DropReason.SRTP_NO_KEYS));
    assertEquals(0, counters.total(DropReason.UNKNOWN_ADDRESS));
    long writes =
        onLoop(() -> {
          for (int i = 0; i < 20; i++) {
            path().send(new byte[] {(byte) i, 1, 2}, 0, 2);
          }
          endpoint.flush(System.nanoTime());
          return counters.total(Counter.TCP_WRITES);
        });
    assertEquals(1, writes, "one write for what a batch has caused");
    byte[] got = client.getInputStream().readNBytes(20 * 4);
    for (int i = 0; i < 20; i++) {
      byte[] expected = {0, 2, (byte) i, 1};
      assertTrue(Arrays.equals(got, 4 * i, 4 * i + 4, expected, 0, 4), "packet " + i);
    }
    assertEquals("tcp", path().kind());
    assertEquals(20, counters.total(Counter.TCP_FRAMES_SENT));
  }

  @Test
  void shouldSendFromAnotherThread() throws Exception {
    Socket client = prove();
    for (int i = 0; i < 200; i++) {
      path().send(new byte[] {(byte) i}, 0, 1);
    }
    byte[] got = client.getInputStream().readNBytes(200 * 3);
    for (int i = 0; i < 200; i++) {
      assertEquals((byte) i, got[3 * i + 2], "in order");
    }
    client.close();
    await("the end", 1, () -> counters.total(Counter.TCP_CLOSED));
    path().send(new byte[1], 0, 1);
    awaitDrops(DropReason.TCP_GONE, 1);
    assertFalse(onLoop(() -> demux.owns(first)), "the address is forgotten");
  }

  @Test
  void shouldForgetAConnectionThatIsResetWhileItIsWrittenTo() throws Exception {
    reopen(true, 10, 10);
    Socket client = prove();
    client.setSoLinger(true, 0);
    client.close();
    byte[] packet = new byte[1200];
    await(
        "the end",
        1,
        () -> {
          for (int i = 0; i < 200; i++) {
            path().sendVideo(packet, 0, packet.length);
          }
          endpoint.flush(System.nanoTime());
          return counters.total(Counter.TCP_CLOSED);
        });
    assertFalse(onLoop(() -> demux.owns(first)));
    assertEquals(0, onLoop(endpoint::connections));
  }

  @Test
  void shouldDropVideoWhenAClientStopsReadingAndThenCloseIt() throws Exception {
    reopen(true, 10, 10);
    Socket client = prove();
    byte[] packet = new byte[1200];
    int packets = 20_000;
    for (int i = 0; i < packets; i += 100) {
      onLoop(() -> {
        for (int j = 0; j < 100; j++) {
          path().sendVideo(packet, 0, packet.length);
        }
        endpoint.flush(System.nanoTime());
        return true;
      });
    }
    long waiting = onLoop(endpoint::waitingBytes);
    assertTrue(waiting <= FrameQueue.MOST_VIDEO_BYTES, "waiting " + waiting);
    long dropped = counters.total(DropReason.TCP_QUEUE);
    assertTrue(dropped > packets / 4, "dropped " + dropped);
    onLoop(() -> {
      path().send(new byte[] {42}, 0, 1);
      endpoint.flush(System.nanoTime());
      return true;
    });
    // What waits is older than the client is asked to wait for, but for the voice.
    sweep(2_000_000_000L);
    onLoop(() -> {
      path().send(new byte[] {43}, 0, 1);
      endpoint.flush(System.nanoTime() + 2_000_000_000L);
      return true;
    });
    assertEquals(6, onLoop(endpoint::waitingBytes));
    sweep(TcpEndpoint.STALLED_NANOS + 3_000_000_000L);
    assertEquals(1, counters.total(DropReason.TCP_STALLED));
    assertEquals(0, onLoop(endpoint::connections));
    assertTrue(client.isConnected());
  }

  @Test
  void shouldCloseWhatDoesNotBeginWithACheckForASession() throws Exception {
    byte[] http = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] media = new byte[40];
    media[0] = (byte) 0x80;
    List<byte[]> first = List.of(framed(media), framed(check("nobody")), framed(new byte[20]));
    for (byte[] bytes : first) {
      Socket client = connect("127.0.0.1");
      client.getOutputStream().write(bytes);
      assertTrue(ended(client));
    }
    awaitDrops(DropReason.TCP_FIRST_FRAME, first.size());
    Socket client = connect("127.0.0.1");
    client.getOutputStream().write(http);
    assertTrue(ended(client), "GE is a length of 18245");
    awaitDrops(DropReason.TCP_FRAME_LENGTH, 1);
    assertEquals(0, onLoop(endpoint::connections));
    assertEquals(0, reached.total(DropReason.STUN_MALFORMED));
  }

  @Test
  void shouldCloseWhatProvesNothingInTime() throws Exception {
    Socket silent = connect("127.0.0.1");
    Socket slow = connect("127.0.0.1");
    slow.getOutputStream().write(0);
    Socket named = connect("127.0.0.1");
    named.getOutputStream().write(framed(check()));
    await("the check", 1, () -> reached.total(DropReason.STUN_MALFORMED));
    await("all", 3, endpoint::unproved);
    sweep(2_000_000_000L);
    assertEquals(3, onLoop(endpoint::unproved));
    sweep(TcpEndpoint.PROVING_NANOS + 4_000_000_000L);
    assertEquals(3, counters.total(DropReason.TCP_UNPROVED));
    for (Socket client : List.of(silent, slow, named)) {
      assertTrue(ended(client));
    }
  }

  @Test
  void shouldCloseWhatIsSilent() throws Exception {
    prove();
    sweep(TcpEndpoint.IDLE_NANOS + 1);
    assertEquals(1, counters.total(DropReason.TCP_IDLE));
    assertEquals(0, onLoop(demux::size));
    assertEquals(0, onLoop(endpoint::connections));
  }

  @Test
  void shouldCloseWhatHasNoSessionAnyMore() throws Exception {
    prove();
    onLoop(() -> {
      demux.release(transport);
      return true;
    });
    sweep(TcpEndpoint.PROVING_NANOS + 2_000_000_000L);
    assertEquals(0, onLoop(endpoint::connections));
    assertEquals(1, counters.total(Counter.TCP_CLOSED));
  }

  @Test
  void shouldRefuseTooManyUnprovedOfOneAddress() throws Exception {
    reopen(false, 100, 3);
    for (int i = 0; i < 5; i++) {
      connect("127.0.0.1");
    }
    awaitDrops(DropReason.TCP_REFUSED, 2);
    connect("127.0.0.2");
    await("another address", 4, endpoint::connections);
    clients.getFirst().close();
    await("the end", 1, () -> counters.total(Counter.TCP_CLOSED));
    connect("127.0.0.1");
    await("one for one", 4, endpoint::connections);
    assertEquals(2, counters.total(DropReason.TCP_REFUSED));
  }

  @Test
  void shouldMakeRoomByTheOldestThatProvedNothing() throws Exception {
    reopen(false, 3, 10);
    prove();
    Socket oldest = connect("127.0.0.2");
    await("two", 2, endpoint::connections);
    connect("127.0.0.3");
    await("three", 3, endpoint::connections);
    connect("127.0.0.4");
    awaitDrops(DropReason.TCP_CROWDED_OUT, 1);
    assertTrue(ended(oldest));
    assertEquals(3, onLoop(endpoint::connections));
    assertTrue(onLoop(() -> demux.owns(first)), "who has proved itself stays");
  }

  @Test
  void shouldSayThatThePortIsTaken() throws Exception {
    TcpEndpoint.Settings same = new TcpEndpoint.Settings(endpoint.localAddress(), false, 1, 1);
    IOException refused =
        assertThrows(
            IOException.class,
            () -> new TcpEndpoint(same, group.next(), demux, counters, now -> {}));
    assertTrue(String.valueOf(refused.getMessage()).contains("in use"), refused::toString);
  }
}
